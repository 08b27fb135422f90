"""Steps side by side, in lanes: those that wait for far servers have threads of their own, and no host has them all."""

import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.cases.models import Item
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.workflow.paces import SLOW, Paces

ASKING = frozenset({StepWord.TRACE, StepWord.LOOK})
"""Steps about an item that ask servers which somebody else runs, as slow as those are."""
SLOW_SHARE = 4
"""One thread in so many may wait for hosts that are known to be slow."""

Perform = Callable[[Step], None]


class Lane:
    """Some words, and the threads that do their steps."""

    def __init__(self, name: str, *, threads: int, words: Collection[StepWord], lease: timedelta) -> None:
        self.threads = threads
        self.words = tuple(words)
        self.lease = lease
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._running: dict[Future[None], tuple[str, float]] = {}

    def fill(self, perform: Perform) -> int:
        """Begin as many due steps as there are threads free; returns how many."""
        self.take_stock(time.monotonic())
        self._running = {future: begun for future, begun in self._running.items() if not future.done()}
        room = self.threads - len(self._running)
        found = self.claim(room) if room else []
        for step, host in found:
            self._running[self._pool.submit(perform, step)] = (host, time.monotonic())
        return len(found)

    def take_stock(self, at: float) -> None:
        """Look at what runs and what has ended since, before the next steps are chosen. `at` is monotonic."""

    def submit(self, work: Callable[[], None]) -> None:
        """Do something that is no step."""
        self._running[self._pool.submit(work)] = ("", time.monotonic())

    def close(self) -> None:
        """Wait for what was begun."""
        self._pool.shutdown()

    def claim(self, room: int) -> list[tuple[Step, str]]:
        """Up to `room` due steps, each with the host that it concerns, "" for none."""
        return [(step, "") for step in steps.claim(limit=room, now=now(), lease=self.lease, words=self.words)]

    @property
    def busy(self) -> Counter[str]:
        """How many steps run for each host."""
        return Counter(host for host, _ in self._running.values())


class AskingLane(Lane):
    """A lane for the words of `ASKING`."""

    def __init__(self, name: str, *, threads: int, words: Collection[StepWord], lease: timedelta) -> None:
        super().__init__(name, threads=threads, words=words, lease=lease)
        self.paces = Paces(slow_places=max(threads // SLOW_SHARE, 1))
        self._known_slow: set[Future[None]] = set()

    def take_stock(self, at: float) -> None:
        self._known_slow &= self._running.keys()
        for future, (host, begun) in self._running.items():
            slow = at - begun > SLOW
            if host and (slow or future.done()) and future not in self._known_slow:
                self.paces.note(host, at - begun)
            if slow:
                self._known_slow.add(future)

    def claim(self, room: int) -> list[tuple[Step, str]]:
        busy = self.busy
        known = {*busy, *(self.paces.slow_hosts if self._waits_enough(busy) else [])}
        crowded = [host for host in known if not self._may_have_one_more(host, busy)]
        but_not = Item.objects.filter(host__in=crowded).values("pk") if crowded else None
        found = steps.claim(limit=room, now=now(), lease=self.lease, words=self.words, but_not=but_not)
        hosts = dict(Item.objects.filter(pk__in=[step.subject for step in found]).values_list("pk", "host"))
        begun: list[tuple[Step, str]] = []
        too_many: list[Step] = []
        for step in found:
            host = hosts.get(step.subject, "")
            if self._may_have_one_more(host, busy):
                busy[host] += 1
                begun.append((step, host))
            else:
                too_many.append(step)
        if too_many:
            steps.put_back(too_many)
        return begun

    def _may_have_one_more(self, host: str, busy: Counter[str]) -> bool:
        if not host:
            return True
        full = self.paces.is_slow(host) and self._waits_enough(busy)
        return not full and busy[host] < self.paces.allowed(host)

    def _waits_enough(self, busy: Counter[str]) -> bool:
        """Whether as many threads wait for slow hosts as may."""
        return sum(count for host, count in busy.items() if self.paces.is_slow(host)) >= self.paces.slow_places
