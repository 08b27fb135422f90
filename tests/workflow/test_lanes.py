"""Steps side by side: a host that lets everybody wait does not get all threads."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from tests.workflow.conftest import Hotline

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.cases.models import Item
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.workflow.lanes import ASKING, AskingLane, Lane
from lykta.workflow.paces import FIRST, MOST, SLOW

LEASE = timedelta(seconds=90)


@pytest.fixture
def plan(hotline: Hotline) -> Callable[[str, int], None]:
    """Items at a host, each with a trace that is due."""

    def add(host: str, count: int) -> None:
        for number in range(count):
            item = Item.objects.create(
                kind="web",
                address=f"http://{host}/{number}",
                key_digest=f"{host}/{number}",
                host=host,
                first_reported_at=now(),
                state_at=now(),
            )
            steps.plan(word=StepWord.TRACE, subject=item.pk, now=now() - timedelta(seconds=1))

    return add


class Held:
    """A server that answers nobody until it is let go; counts who came."""

    def __init__(self) -> None:
        self.came: list[int] = []
        self.may_go = threading.Event()

    def perform(self, step: Step) -> None:
        self.came.append(step.subject)
        self.may_go.wait(10)


def _until(come: Callable[[], bool]) -> None:
    patience = threading.Event()
    while not come():
        patience.wait(0.01)


@pytest.fixture
def held() -> Iterator[Held]:
    server = Held()
    yield server
    server.may_go.set()


def test_one_host_gets_its_share_and_the_next_one_is_not_kept_waiting(
    plan: Callable[[str, int], None], held: Held
) -> None:
    plan("slow.example", FIRST + 5)
    plan("quick.example", 2)
    with closing(AskingLane("ask", threads=FIRST + 4, words=ASKING, lease=LEASE)) as lane:
        lane.fill(held.perform)
        lane.fill(held.perform)
        assert lane.busy == {"slow.example": FIRST, "quick.example": 2}
        assert lane.fill(held.perform) == 0
        held.may_go.set()


def test_what_was_too_much_is_as_it_was(plan: Callable[[str, int], None], held: Held) -> None:
    plan("slow.example", FIRST + 3)
    with closing(AskingLane("ask", threads=FIRST + 3, words=ASKING, lease=LEASE)) as lane:
        assert lane.fill(held.perform) == FIRST
        waiting = Step.objects.filter(lease_until=None)
        assert {step.attempts for step in waiting} == {0}
        assert waiting.count() == 3
        held.may_go.set()


def test_a_host_that_answers_gets_more_and_never_all(plan: Callable[[str, int], None], held: Held) -> None:
    plan("quick.example", 3 * MOST)
    with closing(AskingLane("ask", threads=MOST + 4, words=ASKING, lease=LEASE)) as lane:
        for _ in range(MOST - FIRST):
            lane.paces.note("quick.example", 0.1)
        assert lane.fill(held.perform) == MOST
        assert lane.fill(held.perform) == 0
        held.may_go.set()


def test_however_many_hosts_hang_others_are_asked(
    plan: Callable[[str, int], None], held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = [f"hangs-{number}.example" for number in range(6)]
    for host in hanging:
        plan(host, 20)
    plan("quick.example", 2)
    with closing(AskingLane("ask", threads=12, words=ASKING, lease=LEASE)) as lane:
        while lane.fill(held.perform):
            pass
        assert lane.busy == dict.fromkeys(hanging, FIRST)
        clock = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: clock + SLOW + 1)
        assert lane.fill(held.perform) == 0  # all threads wait, and now it is known for whom
        held.may_go.set()
        _until(lambda: all(future.done() for future in lane._running))
        held.may_go.clear()
        while lane.fill(held.perform):
            pass
        assert lane.busy["quick.example"] == 2
        assert sum(lane.busy[host] for host in hanging) == lane.paces.slow_places
        held.may_go.set()


def test_what_concerns_no_host_waits_for_none(plan: Callable[[str, int], None], held: Held) -> None:
    plan("", 5)
    with closing(AskingLane("ask", threads=6, words=ASKING, lease=LEASE)) as lane:
        assert lane.fill(held.perform) == 5
        held.may_go.set()


def test_a_lane_does_its_own_words_only(plan: Callable[[str, int], None]) -> None:
    plan("host.example", 1)
    steps.plan(word=StepWord.SETTLE, subject=7, now=now() - timedelta(seconds=1))
    done: list[str] = []
    with closing(Lane("step", threads=2, words=[StepWord.SETTLE], lease=LEASE)) as lane:
        lane.fill(lambda step: done.append(step.word))
    assert done == ["settle"]


def test_a_lane_takes_no_more_than_it_has_threads(plan: Callable[[str, int], None], held: Held) -> None:
    plan("a.example", 2)
    plan("b.example", 2)
    with closing(AskingLane("ask", threads=3, words=ASKING, lease=LEASE)) as lane:
        assert lane.fill(held.perform) == 3
        assert lane.fill(held.perform) == 0
        held.may_go.set()
