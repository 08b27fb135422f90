from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from lykta.sites.common.language import to_page
from lykta.sites.common.leaving import leave
from lykta.sites.report.mailbox import mailbox
from lykta.sites.report.pieces import chunk
from lykta.sites.report.telling import start, tell

urlpatterns = [
    path("", to_page("start")),
    path("leave/", leave, name="leave"),
    *i18n_patterns(
        path("", start, name="start"),
        path("tell/", tell, name="tell"),
        path("tell/chunk/", chunk, name="chunk"),
        path("mailbox/", mailbox, name="mailbox"),
    ),
]
handler400 = "lykta.sites.common.problems.bad_request"
handler404 = "lykta.sites.common.problems.not_found"
handler500 = "lykta.sites.common.problems.fault"
