"""The time, and whether it can be trusted."""

from datetime import UTC

import pytest

from lykta.lib import clock


def test_the_time_is_utc() -> None:
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(("state", "kept"), [(0, True), (2, True), (5, False), (-1, None)])
def test_the_kernel_says_whether_the_clock_is_kept(
    monkeypatch: pytest.MonkeyPatch, state: int, *, kept: bool | None
) -> None:
    """As adjtimex(2) has it: TIME_OK, an inserted leap second, TIME_ERROR, and no answer at all."""
    asked: list[None] = []

    class Kernel:
        def __init__(self, name: None) -> None:
            asked.append(name)

        def adjtimex(self, wanted: object) -> int:
            assert bytes(wanted) == bytes(256)  # type: ignore[call-overload] # a ctypes array: it asks for no change
            return state

    monkeypatch.setattr("ctypes.CDLL", Kernel)
    assert clock.is_kept() is kept
    assert asked == [None]
