"""A trace as a chain that a tired person can read: from what was reported, link by link, to the host's country.

The desk draws it, `lykta trace` prints it: both say the same, with who says so and how sure it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext, gettext_lazy

from lykta.core.locators import defang
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Trace
from lykta.sites.desk.reading import country, harmless, short

SHOWN = 8
"""Addresses or names of one link that are written out; the page of the item lists all in its observations."""
_DNSSEC = {
    "signed": gettext_lazy("signed, says the name server (DNSSEC)"),
    "bogus": gettext_lazy("forged, says the name server (DNSSEC)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link: what it is, the fact, who says so, and what else there is to say.

    `code`: the fact is an address. `drawn` names the way in which the link is drawn: "" a step on the way, "front"
    what stands before the host, "place" what one source says, "host" the end. `chip` is a doubt or a certainty in a
    word or two.
    """

    what: str
    fact: str
    said_by: str = ""
    remarks: tuple[str, ...] = ()
    code: bool = False
    drawn: str = ""
    chip: str = ""


def chain(item: Item, trace: Trace | None) -> list[Link]:
    """The links in order, the reported address first; what could not be learnt stands in `trace.missing`."""
    if trace is None or not item.watchable:
        return []
    return [*_way(item, trace), *_names(trace), *_network(trace), *_places(trace), *_front(trace), _host(trace)]


def _way(item: Item, trace: Trace) -> Iterator[Link]:
    for number, hop in enumerate(trace.hops):
        said = gettext("answered with status %(status)s from %(address)s")
        yield Link(
            what=gettext("Leads to") if number else gettext("Asked for"),
            fact=defang(str(hop["address"])),
            remarks=(said % {"status": hop["status"], "address": hop["ip"]},),
            code=True,
        )
    if not trace.hops:
        yield Link(what=gettext("Asked for"), fact=defang(item.address), remarks=_some(trace.reason), code=True)
    if trace.rendered:
        fact = ", ".join(_first([harmless(one) for one in trace.hosts])) or gettext("nobody else")
        what = gettext("A browser ran its scripts, which asked")
        yield Link(what=what, fact=fact, code=True)


def _names(trace: Trace) -> Iterator[Link]:
    said: Mapping[str, Any] = trace.name_service
    by = str(said.get("resolver", ""))
    names = [harmless(name) for name in trace.names]
    if names:
        yield Link(what=gettext("Also named"), fact=" → ".join(_first(names)), said_by=by, code=True)
    if trace.addresses:
        yield Link(
            what=gettext("Answers from"),
            fact=", ".join(_first(trace.addresses)),
            said_by=by,
            remarks=tuple(_about_names(said)),
            code=True,
            chip=gettext("in many places at once (anycast)") if trace.anycast else "",
        )
    if trace.registrar or trace.domain:
        yield _domain(trace)


def _about_names(said: Mapping[str, Any]) -> Iterator[str]:
    if said.get("nameservers"):
        servers = ", ".join(harmless(one) for one in _first(said["nameservers"]))
        yield gettext("name servers: %(servers)s") % {"servers": servers}
    if said.get("dnssec") in _DNSSEC:
        yield str(_DNSSEC[said["dnssec"]])
    if said.get("ttl") is not None:
        yield gettext("may change after %(seconds)s seconds") % {"seconds": said["ttl"]}


def _domain(trace: Trace) -> Link:
    remarks = []
    if trace.registrant_country:
        remarks.append(
            gettext("registered by somebody in %(country)s") % {"country": country(trace.registrant_country)}
        )
    if trace.domain.get("redacted"):
        remarks.append(gettext("the registry holds back who it is"))
    return Link(
        what=gettext("Name sold by"),
        fact=trace.registrar or gettext("registrar not known"),
        said_by=server(trace.domain.get("source", "")),
        remarks=tuple(remarks),
    )


def _network(trace: Trace) -> Iterator[Link]:
    network: Mapping[str, Any] = trace.network
    if network:
        kept = (network.get("first_address"), network.get("last_address"))
        registered = country(network["country"]) if network.get("country") else gettext("country not said")
        yield Link(
            what=gettext("Network"),
            fact=" ".join(filter(None, (network.get("holder") or network.get("name"), "–".join(filter(None, kept))))),
            said_by=server(network.get("source", "")),
            remarks=(gettext("registered to: %(country)s") % {"country": registered},),
        )
    holder = trace.autnum.get("holder") or trace.holder
    if holder or trace.asn:
        fact = " ".join(part for part in (holder, f"AS{trace.asn}" if trace.asn else "") if part)
        yield Link(what=gettext("Announced by"), fact=fact, said_by=server(trace.autnum.get("source", "")))


def _front(trace: Trace) -> Iterator[Link]:
    if trace.cdn or trace.in_front:
        front: Mapping[str, Any] = trace.in_front
        said = gettext("A delivery network in front of the host: the real server is not known.")
        yield Link(
            what=gettext("In front"),
            fact=front.get("name") or trace.holder,
            remarks=(said, *_some(front.get("because", "")), *front.get("ways", ())),
            drawn="front",
        )


def _places(trace: Trace) -> Iterator[Link]:
    """What each source says; where it says different things of different addresses, which."""
    by_source: dict[tuple[str, str], dict[str, list[str]]] = {}
    for place in trace.places:
        if place.get("country"):
            said = by_source.setdefault((place["source"], str(place["dated"])), {})
            said.setdefault(place["country"], []).append(place.get("address", ""))
    for (source, dated), countries in by_source.items():
        several = len(countries) > 1
        facts = [
            f"{country(code)}: {', '.join(_first(addresses))}" if several else country(code)
            for code, addresses in countries.items()
        ]
        chip = gettext("sources disagree") if trace.disagree else ""
        yield Link(
            what=gettext("Placed in"), fact="; ".join(facts), said_by=f"{source}, {dated}", drawn="place", chip=chip
        )


def _host(trace: Trace) -> Link:
    judged = bool(trace.host_because)
    return Link(
        what=gettext("Host in"),
        fact=country(trace.host_country if judged else trace.country),
        said_by="" if judged else trace.country_from,
        remarks=tuple(one for one in trace.host_because if one != trace.in_front.get("because")),
        drawn="host" if trace.host_is_sure else "host doubted",
        chip=short(trace.host_confidence, "confidence") if judged else "",
    )


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A picture or a film by its numbers alone: its defanged address, and (what, value) of what is known."""

    address: str
    facts: list[tuple[str, str]]
    problem: str


def fingerprinted(trace: Trace | None) -> list[Fingerprinted]:
    """The pictures and films that were fingerprinted in memory. There is never a picture to show."""
    return [] if trace is None else [_medium(one) for one in trace.all_fingerprints]


def _medium(one: Mapping[str, Any]) -> Fingerprinted:
    size = f"{one['width']} × {one['height']}" if one.get("width") else ""
    length = gettext("%(bytes)s bytes") % {"bytes": f"{one['length']:,}"} if one.get("length") else ""
    pdq = one.get("pdq") or []
    frames = one.get("frames") or []
    known = [
        (gettext("Kind"), ", ".join(filter(None, (one.get("media_type", ""), size, length)))),
        ("SHA-256", one.get("sha256", "")),
        ("SHA-1", one.get("sha1", "")),
        ("MD5", one.get("md5", "")),
        (gettext("PDQ, quality %(quality)s") % {"quality": one.get("quality", 0)}, pdq[0] if pdq else ""),
        (gettext("Frames with a fingerprint"), str(len(frames)) if frames else ""),
    ]
    return Fingerprinted(
        defang(str(one["address"])), [(what, said) for what, said in known if said], one.get("problem", "")
    )


def server(source: str) -> str:
    """Who answered: the server of an address, or the source as it stands."""
    return urlsplit(source).hostname or source


def _first(found: Iterable[str]) -> list[str]:
    """The first few, and how many more there are."""
    every = list(found)
    more = len(every) - SHOWN
    return [*every[:SHOWN], gettext("and %(count)d more") % {"count": more}] if more > 0 else every


def _some(said: str) -> tuple[str, ...]:
    return (said,) if said else ()
