"""This trace beside the one before: what differs is marked, whatever each of them learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from lykta.core.locators import defang
from lykta.records.tracing.models import Observation
from lykta.sites.desk.chain import server
from lykta.sites.desk.reading import country, harmless, observed, short


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in both traces, in words; "" where that trace did not learn it."""

    what: str
    before: str
    now: str

    @property
    def differs(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two traces, of which each took place shortly before its time."""

    before_at: datetime
    now_at: datetime
    lines: list[Line]

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)


def compare(observations: Sequence[Observation], traced_at: Sequence[datetime]) -> Comparison | None:
    """The newest trace and the one before; None where there was only one.

    An observation belongs to the first of the times `traced_at` (when a trace was kept) that is not before it.
    """
    times = sorted(traced_at)
    runs = groupby(sorted(observations, key=lambda one: one.at), key=lambda one: _kept_at(one.at, times))
    pictures = [(at, _picture(list(found))) for at, found in runs if at is not None]
    if len(pictures) < 2:
        return None
    (before_at, before), (now_at, newest) = pictures[-2:]
    words = list(dict.fromkeys([*newest, *before]))
    lines = [Line(what, before.get(what, ""), newest.get(what, "")) for what in words]
    return Comparison(before_at, now_at, lines)


def _kept_at(at: datetime, times: Sequence[datetime]) -> datetime | None:
    return next((time for time in times if time >= at), None)


def _picture(observations: Sequence[Observation]) -> dict[str, str]:
    """What one trace learnt, in words, by what it is about. Several answers about one thing stand together."""
    found: dict[str, list[str]] = {}
    for one in observations:
        if one.problem and one.what != "place":
            found.setdefault(gettext("Did not tell"), []).append(f"{observed(one.what)}: {one.problem}")
        for what, said in _READERS[one.what](one.facts) if one.what in _READERS and one.facts else ():
            if said:
                found.setdefault(what, []).append(said)
    return {what: "; ".join(sorted(set(said))) for what, said in found.items()}


def _look(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    hops = facts.get("hops") or [{}]
    outcome = " ".join(filter(None, (short(facts.get("outcome", ""), "outcome"), str(facts.get("status") or ""))))
    return [
        (gettext("What is there"), outcome),
        (gettext("Leads to"), defang(str(hops[-1].get("address", "")))),
        (gettext("Title"), facts.get("title", "")),
        (gettext("Pictures and films"), str(facts.get("media") or "")),
        (gettext("SHA-256 of the page"), facts.get("sha256", "")),
        (
            gettext("SHA-256 of pictures and films"),
            _joined(one.get("sha256") for one in facts.get("fingerprints") or ()),
        ),
    ]


def _names(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (gettext("Also named"), _joined(harmless(name) for name in facts.get("chain") or ())),
        (gettext("Answers from"), _joined(facts.get("addresses") or ())),
        (gettext("Name servers"), _joined(harmless(name) for name in facts.get("nameservers") or ())),
    ]


def _place(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    said = f"{server(facts.get('source', ''))}: {country(facts.get('country', ''))}"
    return [(gettext("Placed in"), said if facts.get("country") else "")]


def _network(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    contacts = _joined(one.get("email") for one in facts.get("contacts") or ())
    return [
        (gettext("Network"), facts.get("holder") or facts.get("name", "")),
        (gettext("Network registered to"), country(facts["country"]) if facts.get("country") else ""),
        (gettext("Contacts of the network"), contacts),
    ]


def _autnum(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(gettext("Announced by"), facts.get("holder") or facts.get("name", ""))]


def _domain(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(gettext("Name sold by"), facts.get("registrar", ""))]


def _joined(found: Any) -> str:
    return ", ".join(sorted(str(one) for one in found if one))


_READERS = {
    "look": _look,
    "names": _names,
    "place": _place,
    "network": _network,
    "autnum": _autnum,
    "domain": _domain,
}
