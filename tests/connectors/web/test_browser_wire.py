"""The browser's debugging pipe, with a browser that says what it likes."""

import asyncio
import json
from typing import Any

import pytest

from lykta.connectors.web.browser_wire import ENDED, Wire, WireError


class Pipe:
    """What is written to the browser."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        assert data.endswith(b"\0")
        self.messages.append(json.loads(data[:-1]))

    async def drain(self) -> None:
        return

    def close(self) -> None:
        return


def ask(*said: bytes, limit: int = 10_000) -> tuple[dict[str, Any], list[str]]:
    """The answer to a first command of a browser that says these pieces and ends, and the events. Raises WireError."""

    async def run() -> tuple[dict[str, Any], list[str]]:
        reader = asyncio.StreamReader(limit=limit)
        wire = Wire(reader, Pipe())  # type: ignore[arg-type]
        events: list[str] = []
        wire.on_event = lambda name, _: events.append(name)
        asked = asyncio.create_task(wire.ask("Page.enable"))
        await asyncio.sleep(0)
        for piece in said:
            reader.feed_data(piece)
        reader.feed_eof()
        try:
            answer = await asked
            await asyncio.sleep(0.01)
            return answer, events
        finally:
            await wire.close()

    return asyncio.run(run())


def test_an_answer_finds_its_question_between_events_in_any_pieces() -> None:
    said = b'{"method": "A.b", "params": {}}\0{"id": 7, "result": {}}\0{"id": 1, "result": {"x": 1}}\0'
    answer, events = ask(said[:20], said[20:50], said[50:])
    assert answer == {"x": 1}
    assert events == ["A.b", ENDED]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0",
        b"nonsense\0",
        b"[]\0",
        b'{"id": 1}\0',
        b'{"id": [], "result": {}}\0',
        b'{"id": 1, "error": "no"}\0',
        b'{"method": "A.b"}\0',
        b'{"id": 1, "result": {}}',
        b"[" * 5_000 + b"\0",
        b"x" * 50_000,
    ],
)
def test_a_browser_that_makes_no_sense_is_an_error(said: bytes) -> None:
    with pytest.raises(WireError):
        ask(said)


def test_a_refusal_of_the_browsers_is_an_error_with_its_words() -> None:
    with pytest.raises(WireError, match="not allowed"):
        ask(b'{"id": 1, "error": {"message": "not allowed"}}\0')


def test_after_the_end_nothing_is_asked() -> None:
    async def run() -> None:
        wire = Wire(asyncio.StreamReader(), Pipe())  # type: ignore[arg-type]
        wire.end(WireError("over"))
        try:
            with pytest.raises(WireError, match="over"):
                await wire.ask("Page.enable")
        finally:
            await wire.close()

    asyncio.run(run())
