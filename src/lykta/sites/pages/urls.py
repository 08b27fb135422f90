from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from lykta.sites.common.language import to_page
from lykta.sites.common.leaving import leave
from lykta.sites.pages.views import front, results, results_csv, results_json

urlpatterns = [
    path("", to_page("front")),
    path("leave/", leave, name="leave"),
    *i18n_patterns(
        path("", front, name="front"),
        path("results/", results, name="results"),
        path("results/figures.csv", results_csv, name="results-csv"),
        path("results/figures.json", results_json, name="results-json"),
    ),
]
handler400 = "lykta.sites.common.problems.bad_request"
handler404 = "lykta.sites.common.problems.not_found"
handler500 = "lykta.sites.common.problems.fault"
