"""How a server that belongs to everybody is asked: few questions at once, with pauses, and none while it rests.

Registries block who asks too much. And whoever waits for one slow server does not do anything else meanwhile: so one
waits briefly, and is else told when to come again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SLOW_SECONDS = 3.0
SILENT_SECONDS = 10.0


class NotNow(Exception):
    """The server is not asked at the moment; `seconds` until it may be."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not asked for {seconds:.0f} seconds")
        self.seconds = seconds


@dataclass(slots=True)
class _Server:
    busy: int = 0
    next_start: float = 0.0
    resting_until: float = 0.0


class Manners:
    """Turns at any number of servers, each by its name. For threads.

    `at_once` questions to one server, their starts `pause` seconds apart; `patience` is how long one may wait.
    """

    def __init__(
        self,
        *,
        at_once: int = 2,
        pause: float = 0.2,
        patience: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._pause, self._patience = at_once, pause, patience
        self._monotonic = monotonic
        self._servers: dict[str, _Server] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Hold one of the server's places. Raises NotNow instead of waiting for longer than patience allows.

        Where what is done in it fails after a long time, the server rests: it shall not hold up the next as well.
        """
        server = self._take(name)
        began = self._monotonic()
        try:
            yield
        except Exception:
            if self._monotonic() - began > SLOW_SECONDS:
                self.rest(name, SILENT_SECONDS)
            raise
        finally:
            with self._changed:
                server.busy -= 1
                self._changed.notify_all()

    def rest(self, name: str, seconds: float) -> None:
        """The server asked for this, or let somebody wait in vain: ask it nothing for so long."""
        with self._changed:
            server = self._servers.setdefault(name, _Server())
            server.resting_until = max(server.resting_until, self._monotonic() + seconds)

    def _take(self, name: str) -> _Server:
        end = self._monotonic() + self._patience
        with self._changed:
            server = self._servers.setdefault(name, _Server())
            while True:
                now = self._monotonic()
                free_at = max(server.resting_until, server.next_start)
                if server.busy < self._at_once and free_at <= now:
                    server.busy += 1
                    server.next_start = now + self._pause
                    return server
                if free_at > end or now >= end:
                    raise NotNow(max(free_at - now, self._patience))
                self._changed.wait((free_at if free_at > now else end) - now)
