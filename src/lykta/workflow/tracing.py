"""Where is it, whose is it, is it there: everything that can be learnt without a person looking."""

import ipaddress
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from lykta.connectors.contract import ConnectorError, Look, NameAnswer, Place, Registration
from lykta.core import locators
from lykta.core.vocabulary import ItemKind, Outcome
from lykta.lib.clock import now
from lykta.lib.domains import registrable
from lykta.records.cases.models import Item
from lykta.records.tracing.actions import Observed
from lykta.workflow.house import Outside

Answer = TypeVar("Answer")


class Tracer:
    """Asks the outside about one item and keeps what each said; nothing found is also kept."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.observed: list[Observed] = []
        self.missing: list[str] = []

    def trace(self, item: Item) -> dict[str, Any]:
        """What is known now, as fields of `Trace`."""
        if item.kind != ItemKind.WEB:
            return {"missing": ["It has no server that can be looked up: it is not on the open web."]}
        look = self._ask("look", "sandboxed look", partial(self.outside.looker.look, item.address))
        look = look or Look(outcome=Outcome.NO_ANSWER, reason="It could not be looked at.")
        final = look.hops[-1].address if look.hops else item.address
        host = _host(final) or item.host
        names = self._names(host)
        places = self._places(names.addresses if names else ())
        network = self._network(names.addresses if names else ())
        domain = self._domain(host)
        return {
            "outcome": look.outcome,
            "reason": look.reason[:300],
            "final_address": final,
            "final_host": host[:255],
            "hops": [asdict(hop) for hop in look.hops],
            "names": list(names.chain) if names else [],
            "addresses": list(names.addresses) if names else [],
            **self._where(places),
            "registrar": (domain.registrar if domain else "")[:200],
            "contacts": [asdict(contact) for contact in network.contacts] if network else [],
            "title": look.title[:200],
            "media_type": look.media_type[:100],
            "media": look.media,
            "status": look.status,
            "sha256": look.sha256,
            "missing": self.missing,
        }

    def _names(self, host: str) -> NameAnswer | None:
        if _is_address(host):
            return NameAnswer(name=host, exists=True, addresses=(host,))
        names = self._ask("names", "name service", partial(self.outside.names.resolve, host))
        if names is not None and not names.exists:
            self.missing.append(f"The name {host} does not exist.")
        elif names is not None and not names.addresses:
            self.missing.append(f"The name {host} has no address.")
        return names

    def _places(self, addresses: tuple[str, ...]) -> list[Place]:
        ask = self.outside.geography.look_up
        found = [self._ask("place", "address ranges", partial(ask, one)) for one in addresses]
        return [place for place in found if place is not None]

    def _network(self, addresses: tuple[str, ...]) -> Registration | None:
        if not addresses:
            return None
        network = self._ask("network", "RDAP", partial(self.outside.registry.network, addresses[0]))
        if network is None or not network.contacts:
            self.missing.append("No contact for complaints was found for the network.")
        return network

    def _domain(self, host: str) -> Registration | None:
        if _is_address(host):
            return None
        return self._ask("domain", "RDAP", partial(self.outside.registry.domain, registrable(host)))

    def _where(self, places: list[Place]) -> dict[str, Any]:
        """Country, network and holder, as far as all addresses agree; disagreement is said, never hidden."""
        countries = {place.country for place in places if place.country}
        if len(countries) > 1:
            self.missing.append(f"Its addresses are in several countries: {', '.join(sorted(countries))}.")
        if not countries:
            self.missing.append("The country of the server is not known.")
        first = places[0] if places else None
        return {
            "country": countries.pop() if len(countries) == 1 else "",
            "country_from": f"{first.source} ({first.dated})"[:200] if first else "",
            "asn": first.asn if first else None,
            "holder": (first.holder if first else "")[:200],
            "cdn": any(place.cdn for place in places),
        }

    def _ask(self, what: str, source: str, question: Callable[[], Answer]) -> Answer | None:
        try:
            answer = question()
        except ConnectorError as error:
            self.missing.append(f"{source}: {error}")
            self.observed.append(Observed(what=what, source=source, at=now(), facts={}, problem=str(error)))
            return None
        facts = _plain(asdict(answer)) if answer is not None else {}  # type: ignore[call-overload]
        problem = "" if answer is not None else "nothing known"
        self.observed.append(
            Observed(what=what, source=facts.get("source") or source, at=now(), facts=facts, problem=problem)
        )
        return answer


def _host(address: str) -> str:
    found = locators.read(address)
    return found.host if found else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON's own types only: dates as text."""
    return {
        name: value if isinstance(value, int | str | list | tuple | dict | None) else str(value)
        for name, value in facts.items()
    }
