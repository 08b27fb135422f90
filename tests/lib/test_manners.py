import threading
import time
from contextlib import ExitStack

import pytest

from lykta.lib.manners import Manners, NotNow


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_no_more() -> None:
    manners = Manners(at_once=2, pause=0, patience=0)
    with ExitStack() as turns:
        turns.enter_context(manners.turn("a"))
        turns.enter_context(manners.turn("a"))
        with pytest.raises(NotNow), manners.turn("a"):
            raise AssertionError("a third was let in")
    with manners.turn("a"):
        pass


def test_one_busy_server_does_not_hold_up_another() -> None:
    manners = Manners(at_once=1, pause=0, patience=0)
    with manners.turn("a"), manners.turn("b"):
        pass


def test_whoever_waits_comes_in_as_soon_as_somebody_leaves() -> None:
    manners, inside, leave = Manners(at_once=1, pause=0, patience=5), threading.Event(), threading.Event()

    def stay() -> None:
        with manners.turn("a"):
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait(5)
    began = time.monotonic()
    threading.Timer(0.05, leave.set).start()
    with manners.turn("a"):
        assert 0.04 < time.monotonic() - began < 2
    thread.join()


def test_a_place_is_free_again_after_a_fault() -> None:
    manners = Manners(at_once=1, pause=0, patience=0)
    with pytest.raises(OSError, match="broken"), manners.turn("a"):
        raise OSError("broken")
    with manners.turn("a"):
        pass


def test_two_questions_begin_a_pause_apart() -> None:
    clock = Clock()
    manners = Manners(at_once=5, pause=3, patience=0, monotonic=clock)
    with manners.turn("a"):
        pass
    with pytest.raises(NotNow) as caught, manners.turn("a"):
        raise AssertionError("too early")
    assert caught.value.seconds == 3
    clock.now = 3
    with manners.turn("a"):
        pass


def test_a_pause_within_patience_is_waited_for() -> None:
    manners = Manners(at_once=1, pause=0.05, patience=2)
    began = time.monotonic()
    for _ in range(3):
        with manners.turn("a"):
            pass
    assert 0.1 <= time.monotonic() - began < 1


def test_a_server_that_rests_is_not_asked_and_a_longer_rest_counts() -> None:
    clock = Clock()
    manners = Manners(at_once=1, pause=0, patience=2, monotonic=clock)
    manners.rest("a", 60)
    manners.rest("a", 5)
    with pytest.raises(NotNow) as caught, manners.turn("a"):
        raise AssertionError("it rests")
    assert caught.value.seconds == 60
    clock.now = 60
    with manners.turn("a"):
        pass


@pytest.mark.parametrize(("seconds", "rests"), [(2, False), (4, True)])
def test_a_server_that_let_somebody_wait_in_vain_rests(seconds: float, *, rests: bool) -> None:
    clock = Clock()
    manners = Manners(at_once=1, pause=0, patience=0, monotonic=clock)

    def wait_in_vain() -> None:
        with manners.turn("a"):
            clock.now += seconds
            raise OSError("no answer")

    with pytest.raises(OSError, match="no answer"):
        wait_in_vain()
    if rests:
        with pytest.raises(NotNow), manners.turn("a"):
            raise AssertionError("it rests")
        clock.now += 10
    with manners.turn("a"):
        pass


def test_a_server_that_is_slow_but_answers_is_asked_again() -> None:
    clock = Clock()
    manners = Manners(at_once=1, pause=0, patience=0, monotonic=clock)
    for _ in range(2):
        with manners.turn("a"):
            clock.now += 60
