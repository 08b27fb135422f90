"""Talks with a browser through its debugging pipe (Chrome DevTools Protocol): JSON, each message ended by a zero byte.

The browser has read hostile pages, so what it says is believed no more than the pages are.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

LONGEST_MESSAGE = 16_000_000
"""Characters of one message: a page with all that its scripts have written into it."""

Event = Mapping[str, Any]
ENDED = "ended"
"""The name of an event of our own: nothing more will come."""


class WireError(Exception):
    """The browser ended, or said what makes no sense."""


class Wire:
    """One browser. `on_event` is given every event, by name and with its parameters, and must not wait."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._ended: WireError | None = None
        self.session = ""
        self.on_event: Callable[[str, Event], None] = lambda _name, _event: None
        self._task = asyncio.create_task(self._read())

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command. Raises WireError."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if self._ended:
            raise self._ended
        self._waiting[self.tell(method, **parameters)] = answer
        await self._writer.drain()
        return await answer

    def tell(self, method: str, **parameters: Any) -> int:
        """Send a command whose answer does not matter; its number."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        with suppress(OSError):
            self._writer.write(json.dumps(message).encode() + b"\0")
        return self._number

    async def close(self) -> None:
        """Stop listening. The browser is ended by whoever started it."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()

    async def _read(self) -> None:
        try:
            while True:
                self._take(json.loads((await self._reader.readuntil(b"\0"))[:-1]))
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self.end(WireError(f"the browser ended: {type(error).__name__}"))
        except asyncio.LimitOverrunError:
            self.end(WireError("the browser says more than is read"))

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            self.on_event(message["method"], message["params"])
            return
        number = message["id"]
        answer = self._waiting.get(number)
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(WireError(str(message["error"].get("message"))[:200]))
        else:
            answer.set_result(dict(message["result"]))
        # Only now: whatever makes no sense ends all that wait, this one too.
        del self._waiting[number]

    def end(self, error: WireError) -> None:
        """Whatever is asked, and will be, is answered with this error."""
        self._ended = error
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(error)
        self._waiting.clear()
        self.on_event(ENDED, {})
