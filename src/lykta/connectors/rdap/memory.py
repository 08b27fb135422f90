"""What registries said lately: one answer for all addresses of a network, all numbers of a range, and each domain."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from lykta.connectors.contract import Registration


@dataclass(frozen=True, slots=True)
class _Known:
    first: int
    last: int
    until: float
    registration: Registration | None


class Memory:
    """For threads. Each `kind` has places of its own, `size` of them; the longest unused is forgotten first."""

    def __init__(self, *, seconds: float, size: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._size, self._monotonic = seconds, size, monotonic
        self._ranges: dict[str, OrderedDict[tuple[int, int], _Known]] = {}
        self._names: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def in_range(self, kind: str, number: int) -> Registration | None:
        """What is known of the smallest remembered range around a number."""
        with self._lock:
            ranges = self._ranges.get(kind, OrderedDict())
            now = self._monotonic()
            around = [known for known in ranges.values() if known.first <= number <= known.last and known.until > now]
            if not around:
                return None
            known = min(around, key=lambda entry: entry.last - entry.first)
            ranges.move_to_end((known.first, known.last))
            return known.registration

    def keep_range(self, kind: str, first: int, last: int, registration: Registration) -> None:
        with self._lock:
            ranges = self._ranges.setdefault(kind, OrderedDict())
            ranges[first, last] = _Known(first, last, self._monotonic() + self._seconds, registration)
            while len(ranges) > self._size:
                ranges.popitem(last=False)

    def named(self, name: str) -> tuple[Registration | None] | None:
        """What was said of a name, in a tuple, since that there is no such object is remembered, too."""
        with self._lock:
            known = self._names.get(name)
            if known is None or known.until <= self._monotonic():
                return None
            self._names.move_to_end(name)
            return (known.registration,)

    def keep_name(self, name: str, registration: Registration | None) -> None:
        with self._lock:
            self._names[name] = _Known(0, 0, self._monotonic() + self._seconds, registration)
            while len(self._names) > self._size:
                self._names.popitem(last=False)
