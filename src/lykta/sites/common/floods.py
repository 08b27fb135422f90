"""Floods are slowed, and nobody is refused: over the limit of a network, a page asks for some seconds of patience.

What counts is what costs: letters that are sent, and codes that open nothing. Each is counted by the visitor's network,
a /24 of IPv4 or a /64 of IPv6, as a keyed hash that changes every day and is only in the memory of this process. The
wait page carries all that was typed, and a ticket under seal that says from when it goes through. So no visitor has to
be remembered, and visitors who share one address, as all who come through Tor do, wait at most `LONGEST` seconds.
Each process counts for itself. `docs/operations/floods.md` says what is left to the server in front.
"""

import hashlib
import math
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from hmac import compare_digest
from ipaddress import ip_address
from itertools import islice
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lykta.lib import clock
from lykta.sites.common import words

SHORTEST, LONGEST = 5, 20
"""Seconds to wait: just over the limit, and far over it."""
TICKET_SECONDS = 900
"""A ticket is used within this time after it became good; a later press waits once more."""
TICKET_PRESSES = 3
"""A ticket is for one form, and people press twice; more would make it a pass for a machine."""
MOST_NETWORKS = 50_000
"""Networks that are remembered at once, a few megabytes."""
_MOMENT = re.compile(r"[0-9]{1,12}")


class Buckets:
    """Token buckets, each kept as the one moment when it is full again (the generic cell rate algorithm, ITU-T I.371).

    `burst` may be spent at once; one comes back `every` so many seconds. Full buckets are forgotten, and beyond `most`
    the one that was touched longest ago.
    """

    def __init__(self, *, burst: int, every: float, most: int = MOST_NETWORKS) -> None:
        self.burst = burst
        self._every = every
        self._most = most
        self._full_at: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def spent(self, key: bytes, now: float) -> float:
        """How much is spent and has not come back yet, at most twice the burst."""
        return min(max(self._full_at.get(key, now) - now, 0.0) / self._every, 2.0 * self.burst)

    def spend(self, key: bytes, now: float) -> float:
        """Spend one, whether it is there or not; returns how much is spent then."""
        with self._lock:
            spent = min(self.spent(key, now) + 1.0, 2.0 * self.burst)
            self._full_at[key] = now + spent * self._every
            self._full_at.move_to_end(key)  # the order is that of the last touch
            self._forget(now)
        return spent

    def _forget(self, now: float) -> None:
        """At most two for the one that came, so that no visitor pays for a long clean-up."""
        for oldest in [*islice(self._full_at, 2)]:
            if self._full_at[oldest] <= now or len(self._full_at) > self._most:
                del self._full_at[oldest]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a network may do before it waits. `bound_to`: the field of the form whose value the ticket is good for.

    `in_a_crowd`: what it may do at once while very much comes from all networks together.
    """

    name: str
    bound_to: str
    networks: Buckets
    everybody: Buckets = field(default_factory=lambda: Buckets(burst=60, every=0.5))
    in_a_crowd: int = 3
    tickets: Buckets = field(default_factory=lambda: Buckets(burst=TICKET_PRESSES, every=TICKET_SECONDS))

    @property
    def ticket_field(self) -> str:
        return f"ticket-{self.name}"


@dataclass(frozen=True, slots=True)
class Delay:
    """Over the limit: seconds to wait, and what lets the next try through."""

    seconds: int
    ticket: str


SENDS = Limit("send", "nonce", Buckets(burst=20, every=10.0))
"""What is written into mailboxes: a school class at once, then six a minute without waiting."""
REPORTS = Limit("report", "state", Buckets(burst=20, every=10.0))
"""New reports, counted with their first answer."""
ANSWERS = Limit("answer", "state", Buckets(burst=400, every=1.0), Buckets(burst=2000, every=0.02), in_a_crowd=60)
"""Further answers, which cost a write each but no room: a school class at once, each with a whole report."""
ARRIVALS = Limit("arrival", "ticket", Buckets(burst=100, every=2.0), Buckets(burst=600, every=0.1), in_a_crowd=10)
"""What is shared with the form, and links that are followed: a school class three times over at once. Beyond it nobody
waits: the form comes without a hand-over, the link without being counted."""
CODES = Limit("code", "code", Buckets(burst=10, every=30.0))
"""Codes that open nothing. A code has 130 random bits: this spares the letterbox, it does not make guessing harder."""

PIECES = Limit(
    "piece",
    "upload",
    Buckets(burst=1000, every=0.25),
    Buckets(burst=4000, every=0.05),
    in_a_crowd=130,
    tickets=Buckets(burst=40, every=TICKET_SECONDS),
)
"""Pieces of files: a school class at once, then 1 MiB a second for a network; 10 MiB for each wait."""
FILES = Limit("file", "upload", Buckets(burst=15, every=20.0), Buckets(burst=100, every=2.0), in_a_crowd=5)
"""Files that come whole, without script: three reports at once, then three a minute."""


def pause(request: HttpRequest, limit: Limit, value: str) -> HttpResponse | None:
    """The page that asks to wait, or None: go on. `value` is that of the field to which the ticket is bound.

    Call it before the letterbox is asked: while its network is over the limit, a right code waits as well. Otherwise
    the wait page itself would say that a code is wrong, and guessing would cost no time.
    """
    now = clock.now().timestamp()
    good_at = _good_from(request, limit, value, request.POST.get(limit.ticket_field, ""), now)
    return None if good_at is None else _wait(request, limit, value, good_at=good_at, now=now)


def delay(request: HttpRequest, limit: Limit, value: str, ticket: str) -> Delay | None:
    """`pause` for what is no form: how long to wait and the ticket to come back with, or None: go on."""
    now = clock.now().timestamp()
    good_at = _good_from(request, limit, value, ticket, now)
    return None if good_at is None else Delay(math.ceil(good_at - now), _ticket(good_at, limit, value))


def count(request: HttpRequest, limit: Limit) -> None:
    """It happened: a letter was stored, or a code opened nothing."""
    now = clock.now().timestamp()
    limit.networks.spend(_network_hash(request, now), now)
    limit.everybody.spend(_key("everybody"), now)


def network(remote: str, forwarded: str, *, proxy: str) -> bytes:
    """The first 24 bits of a visitor's IPv4 address, or 64 of IPv6; nothing where there is no address.

    `remote` is the other end of the connection, `forwarded` an X-Forwarded-For header: its last entry was written by
    the trusted `proxy`, if that is the other end; all others may be forged.
    """
    if proxy and remote.removeprefix("::ffff:") == proxy:
        remote = forwarded.rpartition(",")[2].strip()
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return b""
    packed = (getattr(address, "ipv4_mapped", None) or address).packed
    return packed[:3] if len(packed) == 4 else packed[:8]


def _good_from(request: HttpRequest, limit: Limit, value: str, ticket: str, now: float) -> int | None:
    """From when a request goes through; None for now."""
    good_at = _good_at(ticket, limit, value)
    if good_at is not None and now < good_at:
        return good_at
    if good_at is not None and now < good_at + TICKET_SECONDS:
        # Counted for each ticket, not for each form: a form whose ticket is used up waits for the next one.
        pressed = limit.tickets.spend(_hash(f"{value} {good_at}"), now)
        if pressed <= limit.tickets.burst:
            return None
    return _over(request, limit, now)


def _over(request: HttpRequest, limit: Limit, now: float) -> int | None:
    """None within the limit. Beyond it each try counts, so that who does not wait makes the wait longer."""
    visitor = _network_hash(request, now)
    most = limit.networks.burst
    crowded = limit.everybody.spent(_key("everybody"), now) > limit.everybody.burst - 1
    burst = limit.in_a_crowd if crowded else most
    if limit.networks.spent(visitor, now) <= burst - 1:
        return None
    beyond = min(limit.networks.spend(visitor, now) - burst, most) / most
    seconds = SHORTEST + (LONGEST - SHORTEST) * beyond
    return math.floor(now + seconds)


def _wait(request: HttpRequest, limit: Limit, value: str, *, good_at: int, now: float) -> HttpResponse:
    ours = {limit.bound_to: value, limit.ticket_field: _ticket(good_at, limit, value)}
    typed = [
        (name, words.clean_text(str(text)))
        for name, texts in request.POST.lists()
        for text in texts
        if name not in {"step", *ours}
    ]
    context = {
        "path": request.path,
        "step": request.POST.get("step", ""),
        "codes": limit is CODES,
        "seconds": math.ceil(good_at - now),
        "typed": [*typed, *ours.items()],
        "alone": True,
    }
    response = render(request, "wait.html", context, status=429)
    response.headers["Retry-After"] = str(context["seconds"])
    return response


def _ticket(good_at: int, limit: Limit, value: str) -> str:
    """The moment from which it is good, and a seal on it, on the limit and on the form."""
    return f"{good_at}-{_hash(f'{limit.name} {good_at} {value}').hex()}"


def _good_at(ticket: str, limit: Limit, value: str) -> int | None:
    """The moment from which a ticket is good; None for none, or one of another limit, form or start of this face."""
    moment = ticket.partition("-")[0]
    if not _MOMENT.fullmatch(moment):
        return None
    expected = _ticket(int(moment), limit, value)
    return int(moment) if compare_digest(ticket.encode(), expected.encode()) else None


def _network_hash(request: HttpRequest, now: float) -> bytes:
    found = network(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        proxy=settings.ENVIRONMENT.trusted_proxy,
    )
    today = int(now // 86_400)
    return hashlib.blake2b(found, key=_key(f"networks of day {today}"), digest_size=16).digest()


def _hash(value: str) -> bytes:
    return hashlib.blake2b(value.encode(), key=_key("values"), digest_size=16).digest()


def _key(purpose: str) -> bytes:
    """32 bytes for one purpose, derived from the secret that this face drew when it started."""
    return _derived(purpose, settings.FLOOD_KEY)


@lru_cache(maxsize=8)
def _derived(purpose: str, secret: bytes) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=secret, digest_size=32).digest()
