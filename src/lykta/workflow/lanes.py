"""Steps side by side, in lanes: those that wait for far servers have threads of their own, and no host has them all."""

from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.cases.models import Item
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step

ASKING = frozenset({StepWord.TRACE, StepWord.LOOK})
"""Steps about an item that ask servers which somebody else runs, as slow as those are."""
PER_HOST = 8
"""Such steps that are done at the same time for one host: one that lets everybody wait holds no more threads."""

Perform = Callable[[Step], None]


class Lane:
    """Some words, and the threads that do their steps."""

    def __init__(self, name: str, *, threads: int, words: Collection[StepWord], lease: timedelta) -> None:
        self.threads = threads
        self.words = tuple(words)
        self.lease = lease
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._running: dict[Future[None], str] = {}

    def fill(self, perform: Perform) -> int:
        """Begin as many due steps as there are threads free; returns how many."""
        self._running = {future: host for future, host in self._running.items() if not future.done()}
        room = self.threads - len(self._running)
        found = self.claim(room) if room else []
        for step, host in found:
            self._running[self._pool.submit(perform, step)] = host
        return len(found)

    def submit(self, work: Callable[[], None]) -> None:
        """Do something that is no step."""
        self._running[self._pool.submit(work)] = ""

    def close(self) -> None:
        """Wait for what was begun."""
        self._pool.shutdown()

    def claim(self, room: int) -> list[tuple[Step, str]]:
        """Up to `room` due steps, each with the host that it concerns, "" for none."""
        return [(step, "") for step in steps.claim(limit=room, now=now(), lease=self.lease, words=self.words)]

    @property
    def busy(self) -> Counter[str]:
        """How many steps run for each host."""
        return Counter(self._running.values())


class AskingLane(Lane):
    """A lane for the words of `ASKING`."""

    def claim(self, room: int) -> list[tuple[Step, str]]:
        busy = self.busy
        crowded = [host for host, count in busy.items() if count >= PER_HOST]
        but_not = Item.objects.filter(host__in=crowded).values("pk") if crowded else None
        found = steps.claim(limit=room, now=now(), lease=self.lease, words=self.words, but_not=but_not)
        hosts = dict(Item.objects.filter(pk__in=[step.subject for step in found]).values_list("pk", "host"))
        begun: list[tuple[Step, str]] = []
        too_many: list[Step] = []
        for step in found:
            host = hosts.get(step.subject, "")
            busy[host] += 1
            if busy[host] > PER_HOST:
                too_many.append(step)
            else:
                begun.append((step, host))
        if too_many:
            steps.put_back(too_many)
        return begun
