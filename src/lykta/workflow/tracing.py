"""Where is it, whose is it, is it there: everything that can be learnt without a person looking."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from lykta.connectors.contract import ConnectorError, Look, NameAnswer, Place, Registration
from lykta.core import locators
from lykta.core.vocabulary import Outcome
from lykta.core.whereabouts import Whereabouts
from lykta.lib.clock import now
from lykta.lib.domains import is_address, registrable
from lykta.records.cases.models import Item
from lykta.records.tracing.actions import Observed
from lykta.workflow.house import Outside
from lykta.workflow.learnt import Learnt, plain, summary

Answer = TypeVar("Answer")


class Tracer:
    """Asks the outside about one item and keeps what each said; nothing found is also kept."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.observed: list[Observed] = []
        self.missing: list[str] = []
        self.found = Whereabouts()

    def trace(self, item: Item) -> dict[str, Any]:
        """What is known now, as fields of `Trace`; `found` is the part that may have changed."""
        if not item.watchable:
            return {"missing": ["It has no server that can be looked up: it is not on the open web."]}
        fields, self.found = summary(self._learn(item))
        return {**fields, "missing": self.missing}

    def _learn(self, item: Item) -> Learnt:
        look = self._ask("look", "sandboxed look", partial(self.outside.looker.look, item.address))
        look = look or Look(outcome=Outcome.NO_ANSWER, reason="It could not be looked at.")
        final = look.hops[-1].address if look.hops else item.address
        host = _host(final) or item.host
        names = self._names(host)
        addresses = names.addresses if names else ()
        places = self._places(addresses)
        network = self._network(addresses)
        learnt = Learnt(
            look=look,
            final_address=final,
            host=host,
            names=names,
            places=places,
            network=network,
            autnum=None if network and network.contacts else self._autnum(places),
            domain=self._domain(host),
        )
        self._say_what_is_missing(learnt)
        return learnt

    def _say_what_is_missing(self, learnt: Learnt) -> None:
        countries = sorted({place.country for _, place in learnt.placed})
        if learnt.addresses and not learnt.contacts:
            self.missing.append("No contact for complaints was found for the network.")
        if len(countries) > 1:
            self.missing.append(f"It is not clear in which country it is: {', '.join(countries)}.")
        if not countries:
            self.missing.append("The country of the server is not known.")

    def _names(self, host: str) -> NameAnswer | None:
        bare = host.strip("[]")
        if is_address(bare):
            return NameAnswer(name=host, exists=True, addresses=(bare,))
        names = self._ask("names", "name service", partial(self.outside.names.resolve, host))
        if names is not None and not names.exists:
            self.missing.append(f"The name {host} does not exist.")
        elif names is not None and not names.addresses:
            self.missing.append(f"The name {host} has no address.")
        return names

    def _places(self, addresses: tuple[str, ...]) -> list[tuple[str, Place]]:
        found: list[tuple[str, Place]] = []
        for address in addresses:
            places = self.outside.geography.look_up(address)
            for place in places:
                self._note("place", place.source, {"address": address, **plain(asdict(place))})
                found.append((address, place))
            if not places:
                self._note("place", "address ranges", {}, "nothing known")
        return found

    def _network(self, addresses: tuple[str, ...]) -> Registration | None:
        if not addresses:
            return None
        return self._ask("network", "RDAP", partial(self.outside.registry.network, addresses[0]))

    def _autnum(self, places: Sequence[tuple[str, Place]]) -> Registration | None:
        """Whoever announces the network is asked for where its holder names nobody to complain to."""
        number = next((place.asn for _, place in places if place.asn is not None), None)
        if number is None:
            return None
        return self._ask("autnum", "RDAP", partial(self.outside.registry.autnum, number))

    def _domain(self, host: str) -> Registration | None:
        if is_address(host.strip("[]")):
            return None
        return self._ask("domain", "RDAP", partial(self.outside.registry.domain, registrable(host)))

    def _ask(self, what: str, source: str, question: Callable[[], Answer]) -> Answer | None:
        try:
            answer = question()
        except ConnectorError as error:
            self.missing.append(f"{source}: {error}")
            self._note(what, source, {}, str(error))
            return None
        facts = plain(asdict(answer)) if answer is not None else {}  # type: ignore[call-overload]
        self._note(what, facts.get("source") or source, facts, "" if answer is not None else "nothing known")
        return answer

    def _note(self, what: str, source: str, facts: dict[str, Any], problem: str = "") -> None:
        self.observed.append(Observed(what=what, source=source, at=now(), facts=facts, problem=problem))


def _host(address: str) -> str:
    found = locators.read(address)
    return found.host if found else ""
