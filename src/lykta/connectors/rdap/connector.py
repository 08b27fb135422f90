"""Asks the registries who holds a network, a domain or an AS number (RDAP, RFC 9082), and remembers what they said."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from lykta.connectors.contract import Final, Registration, Registry, Transient
from lykta.connectors.rdap.bootstrap import Bootstrap
from lykta.connectors.rdap.memory import Memory
from lykta.connectors.rdap.reading import read_autnum, read_domain, read_network
from lykta.lib import clock, outbound
from lykta.lib.domains import registrable
from lykta.lib.manners import Manners, NotNow

ACCEPT = {"Accept": "application/rdap+json, application/json;q=0.5"}
REMEMBERED = 2_000
"""Networks in memory, and as many numbers and domains; a look-up walks through them, a fraction of a millisecond."""
SECONDS_REMEMBERED = 24 * 3600.0
"""Registries ask not to be queried again for what changes rarely, and block those who do."""
PATIENCE = 60.0
"""Seconds to wait after 429 where the registry does not say."""
MOMENT = 1.5
"""Seconds that it is worth to wait in place, less than the patience of `Manners`."""

Recall = Callable[[], tuple[Registration | None] | None]
Read = Callable[[Mapping[str, Any], str], Registration]


class Rdap:
    """A `Registry`. `bootstrap` holds IANA's files as `bootstrap.load` reads them.

    One answer about a network serves its whole range for a day, which spares the registries most questions. The
    price: an address in a part that the holder has registered to a customer may get the holder's contacts.
    `without_rdap` is asked for domains whose registry has no RDAP.
    """

    def __init__(
        self,
        *,
        bootstrap: Mapping[str, Any],
        client: outbound.Client,
        manners: Manners | None = None,
        without_rdap: Registry | None = None,
        seconds_remembered: float = SECONDS_REMEMBERED,
        remembered: int = REMEMBERED,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bootstrap = Bootstrap.read(bootstrap)
        self._client = client
        self._manners = manners or Manners()
        self._without_rdap = without_rdap
        self._memory = Memory(seconds=seconds_remembered, size=remembered, monotonic=monotonic)

    def use(self, bootstrap: Mapping[str, Any]) -> None:
        """Ask the registries of this list from now on. Raises ValueError where it is none."""
        self._bootstrap = Bootstrap.read(bootstrap)

    def network(self, address: str) -> Registration | None:
        """Who holds the network of an IP address. Raises Transient or Final."""
        try:
            parsed = ip_address(address)
        except ValueError as error:
            raise Final(f"{address!r} is not an IP address.") from error
        base = self._bootstrap.for_address(parsed)

        def recall() -> tuple[Registration | None] | None:
            known = self._memory.in_range(f"v{parsed.version}", int(parsed))
            return (replace(known, subject=str(parsed)),) if known else None

        def read(answer: Mapping[str, Any], source: str) -> Registration:
            registration = read_network(str(parsed), answer, source=source)
            self._keep_network(registration)
            return registration

        return self._look_up(base, f"ip/{parsed}", recall, read)

    def autnum(self, number: int) -> Registration | None:
        """Who holds an AS number. Raises Transient or Final."""

        def recall() -> tuple[Registration | None] | None:
            known = self._memory.in_range("asn", number)
            return (replace(known, subject=f"AS{number}"),) if known else None

        def read(answer: Mapping[str, Any], source: str) -> Registration:
            registration = read_autnum(number, answer, source=source)
            first, last = registration.first_number, registration.last_number
            if first is not None and last is not None and first <= number <= last:
                self._memory.keep_range("asn", first, last, registration)
            return registration

        return self._look_up(self._bootstrap.for_number(number), f"autnum/{number}", recall, read)

    def domain(self, name: str) -> Registration | None:
        """Who registered the domain that a host name lies in. Raises Transient or Final."""
        domain = registrable(name)
        base = self._bootstrap.for_domain(domain)
        if base is None and self._without_rdap is not None:
            known = self._memory.named(domain)
            if known is None:
                known = (self._without_rdap.domain(domain),)
                self._memory.keep_name(domain, *known)
            return known[0]

        def read(answer: Mapping[str, Any], source: str) -> Registration:
            registration = read_domain(domain, answer, source=source)
            self._memory.keep_name(domain, registration)
            return registration

        return self._look_up(base, f"domain/{domain}", lambda: self._memory.named(domain), read)

    def _look_up(self, base: str | None, path: str, recall: Recall, read: Read) -> Registration | None:
        """From memory, else from the registry; one that asks for no more than a moment is asked again."""
        known = recall()
        if known or base is None:
            return known[0] if known else None
        try:
            return self._take_turn(base, path, recall, read)
        except Transient as error:
            if error.retry_after is None or error.retry_after > MOMENT:
                raise
            return self._take_turn(base, path, recall, read)

    def _take_turn(self, base: str, path: str, recall: Recall, read: Read) -> Registration | None:
        try:
            with self._manners.turn(_server(base)):
                # Somebody else may have asked while we waited for our turn.
                known = recall()
                if known:
                    return known[0]
                answer = self._ask(base + path)
                return read(*answer) if answer else None
        except NotNow as error:
            raise Transient("The registry is not asked at the moment.", retry_after=error.seconds) from error

    def _ask(self, address: str) -> tuple[Mapping[str, Any], str] | None:
        """The answer, and the address that it came from."""
        try:
            response = self._client.get(address, headers=ACCEPT)
        except outbound.Refused as error:
            raise Final(f"The registry was not asked: {error.reason}.") from error
        except outbound.NoAnswer as error:
            raise Transient(f"The registry did not answer: {error.reason}.") from error
        if response.status == 404:
            return None
        if response.status == 429 or (response.status == 503 and "retry-after" in response.headers):
            wait = _seconds(response.headers.get("retry-after", ""))
            self._manners.rest(_server(response.address), wait)
            raise Transient("The registry asks to wait.", retry_after=wait)
        if response.status >= 500:
            raise Transient(f"The registry answers {response.status}.")
        if response.status != 200:
            raise Final(f"The registry answers {response.status}.")
        return _json(response), response.address

    def _keep_network(self, registration: Registration) -> None:
        if not registration.first_address or not registration.last_address:
            return
        first, last = ip_address(registration.first_address), ip_address(registration.last_address)
        # An answer about some other range must not be given for it later.
        if first.version == last.version and int(first) <= int(ip_address(registration.subject)) <= int(last):
            self._memory.keep_range(f"v{first.version}", int(first), int(last), registration)


def _server(address: str) -> str:
    return urlsplit(address).netloc


def _json(response: outbound.Response) -> Mapping[str, Any]:
    try:
        answer = json.loads(response.body) if response.complete else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Final("The registry's answer cannot be read.")
    return answer


def _seconds(retry_after: str) -> float:
    """Retry-After is either seconds or a date (RFC 9110 10.2.3); at most a day is believed."""
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(retry_after) - clock.now()).total_seconds()
        except (ValueError, TypeError):
            wait = PATIENCE
    return min(max(wait, 0.0), SECONDS_REMEMBERED) if math.isfinite(wait) else PATIENCE
