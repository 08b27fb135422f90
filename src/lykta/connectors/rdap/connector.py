"""Asks the registries who holds a network or a domain (RDAP, RFC 9082), and remembers what they said of networks."""

import json
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any

from lykta.connectors.contract import Final, Registration, Transient
from lykta.connectors.rdap.bootstrap import Bootstrap
from lykta.connectors.rdap.reading import read_domain, read_network
from lykta.lib import clock, outbound
from lykta.lib.domains import registrable

ACCEPT = {"Accept": "application/rdap+json, application/json;q=0.5"}
REMEMBERED = 2_000
"""Networks in memory; a look-up walks through them, which takes a fraction of a millisecond."""
SECONDS_REMEMBERED = 24 * 3600.0
"""Registries ask not to be queried again for what changes rarely, and block those who do."""
PATIENCE = 60.0
"""Seconds to wait after 429 where the registry does not say."""


@dataclass(frozen=True, slots=True)
class _Known:
    first: int
    last: int
    version: int
    until: float
    registration: Registration


class Rdap:
    """A `Registry`. `bootstrap` holds IANA's files under `ipv4`, `ipv6` and `dns` (RFC 9224).

    One answer about a network serves its whole range for a day, which spares the registries most questions. The
    price: an address in a part that the holder has registered to a customer may get the holder's contacts.
    """

    def __init__(
        self,
        *,
        bootstrap: Mapping[str, Any],
        client: outbound.Client,
        seconds_remembered: float = SECONDS_REMEMBERED,
        remembered: int = REMEMBERED,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bootstrap = Bootstrap.read(bootstrap)
        self._client = client
        self._seconds = seconds_remembered
        self._remembered = remembered
        self._monotonic = monotonic
        self._known: OrderedDict[tuple[int, int, int], _Known] = OrderedDict()
        self._lock = threading.Lock()

    def network(self, address: str) -> Registration | None:
        """Who holds the network of an IP address. Raises Transient or Final."""
        try:
            parsed = ip_address(address)
        except ValueError as error:
            raise Final(f"{address!r} is not an IP address.") from error
        known = self._recall(int(parsed), parsed.version)
        if known:
            return replace(known, subject=str(parsed))
        base = self._bootstrap.for_address(parsed)
        if base is None:
            return None
        source = f"{base}ip/{parsed}"
        answer = self._ask(source)
        if answer is None:
            return None
        registration = read_network(str(parsed), answer, source=source)
        self._remember(registration)
        return registration

    def domain(self, name: str) -> Registration | None:
        """Who registered the domain that a host name lies in. Raises Transient or Final."""
        domain = registrable(name)
        base = self._bootstrap.for_domain(domain)
        if base is None:
            return None
        source = f"{base}domain/{domain}"
        answer = self._ask(source)
        return None if answer is None else read_domain(domain, answer, source=source)

    def _ask(self, source: str) -> Mapping[str, Any] | None:
        try:
            response = self._client.get(source, headers=ACCEPT)
        except outbound.Refused as error:
            raise Final(f"The registry was not asked: {error.reason}.") from error
        except outbound.NoAnswer as error:
            raise Transient(f"The registry did not answer: {error.reason}.") from error
        if response.status == 404:
            return None
        if response.status == 429:
            wait = _seconds(response.headers.get("retry-after", ""))
            raise Transient("The registry asks to wait.", retry_after=wait)
        if response.status >= 500:
            raise Transient(f"The registry answers {response.status}.")
        if response.status != 200:
            raise Final(f"The registry answers {response.status}.")
        return _json(response)

    def _recall(self, number: int, version: int) -> Registration | None:
        """What is known of the smallest remembered network around an address."""
        with self._lock:
            around = [
                known
                for known in self._known.values()
                if known.version == version and known.first <= number <= known.last and known.until > self._monotonic()
            ]
            if not around:
                return None
            known = min(around, key=lambda entry: entry.last - entry.first)
            self._known.move_to_end((known.version, known.first, known.last))
            return known.registration

    def _remember(self, registration: Registration) -> None:
        if not registration.first_address or not registration.last_address:
            return
        first, last = ip_address(registration.first_address), ip_address(registration.last_address)
        # An answer about some other range must not be given for it later.
        if first.version != last.version or not int(first) <= int(ip_address(registration.subject)) <= int(last):
            return
        with self._lock:
            self._known[first.version, int(first), int(last)] = _Known(
                int(first), int(last), first.version, self._monotonic() + self._seconds, registration
            )
            while len(self._known) > self._remembered:
                self._known.popitem(last=False)


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
