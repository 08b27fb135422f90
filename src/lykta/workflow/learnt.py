"""What everybody who was asked said about one item, and what it comes to: the fields of its trace."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lykta.connectors.contract import AbuseContact, Look, NameAnswer, Place, PlaceKind, Registration
from lykta.core import fronts, hosting
from lykta.core.fronts import Front
from lykta.core.hosting import Evidence, Said
from lykta.core.whereabouts import Whereabouts
from lykta.lib.domains import is_address

PLACING = frozenset({PlaceKind.RANGES, PlaceKind.COUNTRY, PlaceKind.ASN})
"""Kinds of files whose country says where an address is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What each of those who were asked said about one host; nothing where nobody knew."""

    look: Look
    final_address: str
    host: str
    names: NameAnswer | None = None
    places: Sequence[tuple[str, Place]] = field(default=())
    network: Registration | None = None
    autnum: Registration | None = None
    domain: Registration | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return self.names.addresses if self.names else ()

    @property
    def announced(self) -> Place | None:
        """The first place that names an AS number."""
        return next((place for _, place in self.places if place.asn is not None), None)

    @property
    def placed(self) -> list[tuple[str, Place]]:
        """The places that say a country."""
        return [(address, place) for address, place in self.places if place.country and place.kind in PLACING]

    @property
    def contacts(self) -> tuple[AbuseContact, ...]:
        """Whom to complain to: those of the network, else of whoever announces it."""
        return next((found.contacts for found in (self.network, self.autnum) if found and found.contacts), ())


def summary(learnt: Learnt) -> tuple[dict[str, Any], Whereabouts]:
    """The fields of `Trace`, without what is missing, and the part of them that may have changed."""
    front = _front(learnt)
    judged = hosting.decide(_evidence(learnt, front))
    fields = {
        **_of_look(learnt),
        **_of_names(learnt),
        **_of_registries(learnt),
        **_of_places(learnt),
        "disagree": judged.disagree,
        "cdn": front is not None,
        "in_front": asdict(front) if front else {},
        "host_country": judged.country,
        "host_confidence": judged.confidence,
        "host_because": [*([front.because] if front else []), *judged.because],
    }
    return fields, _whereabouts(learnt, front, judged.country if judged.confidence.is_enough else "")


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON's own types only: dates as text."""
    return {
        name: value if isinstance(value, int | str | list | tuple | dict | None) else str(value)
        for name, value in facts.items()
    }


def _front(learnt: Learnt) -> Front | None:
    seen = [
        fronts.Seen(address=address, asn=place.asn, passes_on=(place.holder or place.source) if place.cdn else "")
        for address, place in learnt.places
    ]
    unplaced = [fronts.Seen(address=address) for address in learnt.addresses]
    chain = learnt.names.chain if learnt.names else ()
    return fronts.in_front(seen=[*seen, *unplaced], names=(learnt.host, *chain), headers=learnt.look.headers)


def _evidence(learnt: Learnt, front: Front | None) -> Evidence:
    return Evidence(
        addresses=learnt.addresses,
        said=tuple(
            Said(address=address, country=place.country, source=place.source) for address, place in learnt.placed
        ),
        registered=learnt.network.country if learnt.network else "",
        announced=learnt.autnum.country if learnt.autnum else "",
        anycast=any(place.anycast for _, place in learnt.places),
        front=front.name if front else "",
    )


def _whereabouts(learnt: Learnt, front: Front | None, country: str) -> Whereabouts:
    announced, network = learnt.announced, learnt.network
    number = f"AS{announced.asn}" if announced else ""
    holder = (announced.holder if announced else "") or (network.holder or network.name if network else "")
    name = f"{front.name} (in front of the host)" if front else " ".join(filter(None, (holder, number)))
    ends = (network.first_address, network.last_address) if network else ("", "")
    return Whereabouts(
        host=f"front {front.name}" if front else number or holder,
        host_name=name,
        network=ends if network and all(map(is_address, ends)) else (),
        network_name=f"{ends[0]} to {ends[1]}" if all(ends) else "",
        addresses=learnt.addresses,
        country=country,
    )


def _of_look(learnt: Learnt) -> dict[str, Any]:
    look = learnt.look
    return {
        "outcome": look.outcome,
        "reason": look.reason[:300],
        "final_address": learnt.final_address,
        "final_host": learnt.host[:255],
        "hops": [asdict(hop) for hop in look.hops],
        "title": look.title[:200],
        "language": look.language[:16],
        "media_type": look.media_type[:100],
        "media": look.media,
        "pictures": look.pictures,
        "films": look.films,
        "fingerprints": [asdict(medium) for medium in look.fingerprints],
        "status": look.status,
        "sha256": look.sha256,
        "rendered": look.rendered,
        "hosts": list(look.hosts),
    }


def _of_names(learnt: Learnt) -> dict[str, Any]:
    names = learnt.names
    if names is None:
        return {"names": [], "addresses": [], "name_service": {}}
    facts = asdict(names)
    apart = {name: facts.pop(name) for name in ("name", "exists", "chain", "addresses")}
    return {
        "names": list(apart["chain"]),
        "addresses": list(apart["addresses"]),
        "name_service": {} if is_address(learnt.host.strip("[]")) else facts,
    }


def _of_registries(learnt: Learnt) -> dict[str, Any]:
    domain = learnt.domain
    return {
        "network": _registration(learnt.network),
        "autnum": _registration(learnt.autnum),
        "domain": _registration(domain),
        "registrar": (domain.registrar if domain else "")[:200],
        "registrant_country": (domain.country if domain else "")[:2],
        "contacts": [asdict(contact) for contact in learnt.contacts],
    }


def _registration(found: Registration | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {name: value for name, value in asdict(found).items() if name not in {"subject", "contacts"}}


def _of_places(learnt: Learnt) -> dict[str, Any]:
    """Country, network and holder, as far as all files and addresses agree."""
    countries = {place.country for _, place in learnt.placed}
    sources = dict.fromkeys(f"{place.source} ({place.dated})" for _, place in learnt.placed)
    announced = learnt.announced
    return {
        "places": [{"address": address, **plain(asdict(place))} for address, place in learnt.places],
        "country": countries.pop() if len(countries) == 1 else "",
        "country_from": ", ".join(sources)[:200],
        "anycast": any(place.anycast for _, place in learnt.places),
        "asn": announced.asn if announced else None,
        "holder": (announced.holder if announced else "")[:200],
    }
