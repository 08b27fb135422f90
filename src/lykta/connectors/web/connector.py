"""Looks at web addresses from a sandboxed process, which does the fetching for all threads."""

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import IO

from lykta.connectors.contract import Look, Transient
from lykta.connectors.web.facts import read_look
from lykta.connectors.web.handover import SECONDS
from lykta.core.vocabulary import Outcome
from lykta.lib import sandbox
from lykta.lib.guard import GuardPolicy

LONGEST_ADDRESS = 8_000
QUEUE_SECONDS = 60.0
"""How long a look may wait for a free place in the fetcher, on top of its own bounds."""


class WebLooker:
    """A `Looker`. Threads share one fetcher process; one that dies is replaced at the next look."""

    def __init__(
        self,
        *,
        policy: GuardPolicy,
        resolvers: Sequence[tuple[str, int]],
        timeout: float = 20.0,
        max_bytes: int = 8_000_000,
    ) -> None:
        settings = {
            **policy.written(),
            "resolvers": list(resolvers),
            "timeout": timeout,
            "max_bytes": max_bytes,
        }
        self._settings = json.dumps(settings)
        self._patience = timeout + SECONDS + QUEUE_SECONDS
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def look(self, address: str) -> Look:
        """What is at the address now. Raises Transient only if the fetcher itself died or hung."""
        if len(address) > LONGEST_ADDRESS:
            return Look(outcome=Outcome.REFUSED, reason="the address is too long")
        with self._lock:
            if self._process is None or not self._process.alive:
                self._process = _Process(self._settings)
            process = self._process
        answer = process.ask(address)
        try:
            return answer.result(timeout=self._patience)
        except TimeoutError as error:
            process.kill()
            raise Transient("The sandboxed process did not answer.") from error

    def close(self) -> None:
        """End the process. A later look starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            process.close()


class _Process:
    """One fetcher process and the questions that wait for it."""

    def __init__(self, settings: str) -> None:
        self._popen = subprocess.Popen(
            sandbox.python_command("lykta.connectors.web.fetcher", settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=sandbox.bare_environment(),
            cwd="/",
        )
        if self._popen.stdin is None or self._popen.stdout is None:
            raise Transient("The sandboxed process has no pipes.")
        self._questions = self._popen.stdin
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Look]] = {}
        self._asked = 0
        self.alive = True
        self._reader = threading.Thread(target=self._read, args=(self._popen.stdout,), name="looks", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def ask(self, address: str) -> Future[Look]:
        """Send a question. Raises Transient if the process has ended."""
        answer: Future[Look] = Future()
        with self._lock:
            self._asked += 1
            if not self.alive:
                raise Transient("The sandboxed process ended.")
            self._waiting[self._asked] = answer
            line = json.dumps({"id": self._asked, "address": address}).encode() + b"\n"
            try:
                # Past Python's buffer, which would keep what a dead process did not take and fail again on close.
                os.write(self._questions.fileno(), line)
            except OSError as error:
                raise Transient("The sandboxed process ended.") from error
        return answer

    def kill(self) -> None:
        self._popen.kill()

    def close(self) -> None:
        with self._lock:
            self._questions.close()
        try:
            self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join()

    def _read(self, answers: IO[bytes]) -> None:
        with answers:
            for line in answers:
                try:
                    number, look = read_look(line)
                except ValueError:
                    # It may have been taken over by what it fetched; a fresh one has not.
                    self.kill()
                    break
                with self._lock:
                    waiting = self._waiting.pop(number, None)
                if waiting:
                    waiting.set_result(look)
        self._popen.wait()
        with self._lock:
            self.alive = False
            self._questions.close()
            left = list(self._waiting.values())
            self._waiting.clear()
        for waiting in left:
            waiting.set_exception(Transient("The sandboxed process ended."))
