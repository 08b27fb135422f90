from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from lykta.sites.common.language import to_page
from lykta.sites.common.leaving import leave
from lykta.sites.partners.views import answer

urlpatterns = [
    path("", to_page("answer")),
    path("leave/", leave, name="leave"),
    path("api/", include("lykta.sites.partners.api.urls")),
    path("hashsharing/v2/", include("lykta.sites.partners.hashsharing.urls")),
    path("ispws/", include("lykta.sites.partners.ispws.urls")),
    *i18n_patterns(
        path("", to_page("answer")),
        path("answer/", answer, name="answer"),
    ),
]
handler400 = "lykta.sites.common.problems.bad_request"
handler404 = "lykta.sites.common.problems.not_found"
handler500 = "lykta.sites.partners.api.problems.fault"
