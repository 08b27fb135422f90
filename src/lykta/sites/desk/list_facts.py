"""What we hold of a list of hashes: whose it is, how far it is believed, what its categories mean."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ListedAs, ListTrust
from lykta.records.matching import actions
from lykta.records.matching.access import access_list, may_see_lists
from lykta.records.matching.models import HashList
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line, clean_text
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers

_LINES = ("name", "source", "scheme", "licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form holds; `categories` as CODE=WORD, one on a line."""

    slug: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    trust: str = ListTrust.REPORTED
    distance: str = str(actions.FURTHEST)
    categories: str = ""
    active: bool = True

    @classmethod
    def of(cls, found: HashList) -> Self:
        """What we hold now."""
        return cls(
            slug=found.slug,
            lines={name: getattr(found, name) for name in _LINES},
            trust=found.trust,
            distance=str(found.distance),
            categories="\n".join(f"{code}={word}" for code, word in sorted(found.categories.items())),
            active=found.active,
        )

    @classmethod
    def typed(cls, request: HttpRequest, *, slug: str) -> Self:
        """What somebody has typed."""
        given = request.POST
        return cls(
            slug=slug,
            lines={name: clean_line(given.get(name, "")) for name in _LINES},
            trust=given.get("trust", ""),
            distance=clean_line(given.get("distance", "")),
            categories=clean_text(given.get("categories", "")),
            active="active" in given,
        )


@answers("GET", "POST")
def add(request: HttpRequest, by: Staff) -> HttpResponse:
    """A new list, without a row; on to its page."""
    may_see_lists(by)
    if request.method == "GET":
        return _show(request, Draft())
    if asked := prove_first(request, by):
        return asked
    draft = Draft.typed(request, slug=clean_line(request.POST.get("slug", "")).lower())
    with SayRefusals(request):
        if HashList.objects.filter(slug=draft.slug).exists():
            raise NotNow("There is a list of this short name already: change that one.")
        return _keep(request, by, draft)
    return _show(request, draft, status=422)


@answers("GET", "POST")
def change(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Say anew what we hold of a list. What was matched before is asked about again."""
    found = access_list(by, number)
    if request.method == "GET":
        return _show(request, Draft.of(found), found)
    if asked := prove_first(request, by):
        return asked
    draft = Draft.typed(request, slug=found.slug)
    with SayRefusals(request):
        return _keep(request, by, draft)
    return _show(request, draft, found, status=422)


def _keep(request: HttpRequest, by: Staff, draft: Draft) -> HttpResponse:
    """Raises NotUnderstood."""
    if not draft.lines["name"]:
        raise NotUnderstood("Please give the list a name.")
    if draft.trust not in set(ListTrust):
        raise NotUnderstood("Please say how far the list is believed.")
    if not draft.distance.isascii() or not draft.distance.isdigit():
        raise NotUnderstood("The distance is a number of bits.")
    found = actions.set_list(
        by=by.actor,
        slug=draft.slug,
        trust=ListTrust(draft.trust),
        distance=int(draft.distance[:4]),
        categories=_categories(draft.categories),
        active=draft.active,
        **draft.lines,
    )
    messages.success(request, gettext("%(name)s is kept.") % {"name": found.name})
    return redirect("hash-list", found.pk)


def _categories(typed: str) -> dict[str, str]:
    """Raises NotUnderstood for a line that is no CODE=WORD."""
    found = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        code, equals, word = (part.strip() for part in line.rpartition("="))
        if not equals or not code:
            raise NotUnderstood("Write the categories as CODE=WORD, one on a line, such as 1=illegal.")
        found[code] = word
    return found


def _show(request: HttpRequest, draft: Draft, found: HashList | None = None, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"draft": draft, "list": found, "trusts": list(ListTrust), "meanings": list(ListedAs)}
    return render(request, "list_facts.html", context, status=status)
