from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from lykta.sites.common.language import to_page
from lykta.sites.common.leaving import leave
from lykta.sites.report.card import card, keeper
from lykta.sites.report.links import poster, visit
from lykta.sites.report.mailbox import mailbox
from lykta.sites.report.pieces import chunk
from lykta.sites.report.share import button, manifest, share, shared
from lykta.sites.report.telling import start, tell

urlpatterns = [
    path("", to_page("start")),
    path("leave/", leave, name="leave"),
    path("share/", share),
    path("r", share, name="bookmark"),
    path("r/<slug:code>", visit, name="link"),
    path("r/<slug:code>/", visit),
    path("travel-card.js", keeper, name="keeper"),
    *i18n_patterns(
        path("", start, name="start"),
        path("tell/", tell, name="tell"),
        path("tell/chunk/", chunk, name="chunk"),
        path("mailbox/", mailbox, name="mailbox"),
        path("share/", share, name="share"),
        path("shared/<slug:ticket>/", shared, name="shared"),
        path("button/", button, name="button"),
        path("manifest.webmanifest", manifest, name="manifest"),
        path("card/", card, name="card"),
        path("poster/<slug:code>/", poster, name="poster"),
    ),
]
handler400 = "lykta.sites.common.problems.bad_request"
handler404 = "lykta.sites.common.problems.not_found"
handler500 = "lykta.sites.common.problems.fault"
