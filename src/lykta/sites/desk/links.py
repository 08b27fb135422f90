"""Partners' links: how often each was followed, and for each what its partner gets to show."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from lykta.core.refusals import NotAllowed
from lykta.lib import qr
from lykta.lib.clock import now
from lykta.records.letterbox import links as registry
from lykta.records.letterbox import tallies
from lykta.records.letterbox.models import Link
from lykta.records.letterbox.tallies import Counted
from lykta.records.people.access import may_keep_links
from lykta.records.people.models import Staff
from lykta.sites.common import language
from lykta.sites.common.words import clean_line, clean_text
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import partner_links
from lykta.workflow.kits import SHEETS, Kit

WEEK, MONTH = 7, 30
DAYS_SHOWN = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form holds."""

    code: str = ""
    name: str = ""
    sites: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A link and what came by it: in a week, in a month, ever."""

    link: Link
    counted: tuple[Counted, ...]


@answers("GET")
def links(request: HttpRequest, by: Staff) -> HttpResponse:
    """All links with their counts, and a form to add one."""
    may_keep_links(by)
    return _show_all(request, Draft())


@answers("POST")
def add(request: HttpRequest, by: Staff) -> HttpResponse:
    """A new link; on to its page, where the kit is."""
    may_keep_links(by)
    draft = Draft(
        code=clean_line(request.POST.get("code", "")).upper(),
        name=clean_line(request.POST.get("name", "")),
        sites=clean_text(request.POST.get("sites", "")),
    )
    with SayRefusals(request):
        added = partner_links.add(by=by.actor, code=draft.code, name=draft.name, framed_on=draft.sites)
        messages.success(request, gettext("The link %(code)s works now.") % {"code": added.code})
        return redirect("link", added.pk)
    return _show_all(request, draft, status=422)


@answers("GET")
def link(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """One link: what its partner gets to show, and how often it was followed on each day."""
    found = _link(by, number)
    return _show(request, found, found.origins.replace(" ", "\n"))


@answers("POST")
def sites(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """On whose pages the form may be shown in a frame."""
    found = _link(by, number)
    written = clean_text(request.POST.get("sites", ""))
    with SayRefusals(request):
        partner_links.let_frame(by=by.actor, code=found.code, framed_on=written)
        messages.success(request, gettext("The sites are kept. It takes half a minute until they count."))
        return redirect("link", number)
    return _show(request, found, written, status=422)


@answers("GET", "POST")
def take_away(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Asked first, since posters hang somewhere."""
    found = _link(by, number)
    if request.method != "POST":
        return render(request, "take_link_away.html", {"link": found})
    with SayRefusals(request):
        partner_links.take_away(by=by.actor, code=found.code)
        messages.success(request, gettext("The link %(code)s is counted no more.") % {"code": found.code})
    return redirect("links")


@answers("GET")
def picture(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The QR code as a file."""
    found = _link(by, number)
    return _file(_kit(found, _chosen(request)).picture.encode(), f"{found.code}.svg", "image/svg+xml")


@answers("GET")
def sheet(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """A PDF to print, in the chosen language."""
    found = _link(by, number)
    chosen, name = _chosen(request), request.GET.get("sheet", "")
    if name not in SHEETS:
        raise NotAllowed("There is nothing here for you.")
    return _file(_kit(found, chosen).sheet(name), f"{found.code}-{name}-{chosen}.pdf", "application/pdf")


def _link(by: Staff, number: int) -> Link:
    may_keep_links(by)
    found = next((one for one in registry.links() if one.pk == number), None)
    if found is None:
        raise NotAllowed("There is nothing here for you.")
    return found


def _kit(found: Link, chosen: str) -> Kit:
    return Kit(house(), found.code, chosen)


def _chosen(request: HttpRequest) -> str:
    """The language that was asked for, else the hotline's own."""
    given = request.GET.get("language", "")
    return given if given in language.offered() else language.offered()[0]


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _today() -> date:
    return now().date()


def _show_all(request: HttpRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    spans = [tallies.sums(since=_today() - timedelta(days=days - 1)) for days in (WEEK, MONTH)] + [tallies.sums()]
    nothing = Counted()
    lines = [Line(one, tuple(span.get(one.code, nothing) for span in spans)) for one in registry.links()]
    return render(request, "links.html", {"lines": lines, "draft": draft}, status=status)


def _show(request: HttpRequest, found: Link, written: str, *, status: int = 200) -> HttpResponse:
    chosen = _chosen(request)
    kit = _kit(found, chosen)
    names = dict(settings.LANGUAGES)
    context = {
        "link": found,
        "kit": kit,
        "drawn": mark_safe(qr.of(kit.address).svg()),  # noqa: S308 - drawn by ourselves
        "chosen": chosen,
        "languages": [(code, names[code]) for code in language.offered()],
        "days": tallies.days(found.code, since=_today() - timedelta(days=DAYS_SHOWN - 1)),
        "days_shown": DAYS_SHOWN,
        "written": written,
    }
    return render(request, "link.html", context, status=status)
