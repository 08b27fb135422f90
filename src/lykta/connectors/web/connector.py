"""Looks at web addresses from a sandboxed process, which does the fetching for all threads."""

import json
import os
import subprocess
import threading
from concurrent.futures import Future
from typing import IO

from lykta.connectors.contract import Final, Look, Transient
from lykta.connectors.web import browser
from lykta.connectors.web.facts import read_look
from lykta.connectors.web.handover import SECONDS
from lykta.core.vocabulary import Outcome
from lykta.lib import sandbox
from lykta.lib.exits import DIRECT, Exit
from lykta.lib.guard import GuardPolicy
from lykta.lib.outbound import USER_AGENT
from lykta.lib.resolvers import Resolvers

LONGEST_ADDRESS = 8_000
QUEUE_SECONDS = 60.0
"""How long a look may wait for a free place in the fetcher, on top of its own bounds."""


FETCHER = "lykta.connectors.web.fetcher"
RENDERER = "lykta.connectors.web.renderer"


class WebLooker:
    """A `Looker`. Threads share one process of each kind; one that dies is replaced at the next look.

    A page that needs a browser is looked at again with one, if `renders` and the machine can. `browser_agent` is the
    name that the browser then goes by, "" for its own.
    """

    def __init__(
        self,
        *,
        policy: GuardPolicy,
        resolvers: Resolvers,
        timeout: float = 20.0,
        max_bytes: int = 8_000_000,
        through: Exit = DIRECT,
        user_agent: str = USER_AGENT,
        browser_agent: str = "",
        renders: bool = True,
    ) -> None:
        settings = {
            **policy.written(),
            **through.written(),
            "user_agent": user_agent,
            "browser_agent": browser_agent,
            "resolvers": list(resolvers),
            "timeout": timeout,
            "max_bytes": max_bytes,
        }
        self.settings = json.dumps(settings)
        self._patience = 3 * timeout + SECONDS + QUEUE_SECONDS
        self._renders = renders
        self._lock = threading.Lock()
        self._processes: dict[str, _Process] = {}

    def look(self, address: str) -> Look:
        """What is at the address now. Raises Transient only if the fetcher itself died or hung."""
        look = self._ask(FETCHER, address)
        if not (look.needs_browser and self._renders and browser.works()):
            return look
        rendered = self._ask(RENDERER, address)
        # That a browser got nowhere says less than what came without one.
        return look if rendered.outcome is Outcome.NO_ANSWER else rendered

    def render(self, address: str) -> Look:
        """What a browser finds at the address now. Raises Final where there is none, Transient as `look`."""
        if not (self._renders and browser.works()):
            raise Final("This machine has no Chromium that bubblewrap can hold, or the settings forbid it.")
        return self._ask(RENDERER, address)

    def close(self) -> None:
        """End the processes. A later look starts others."""
        with self._lock:
            processes, self._processes = list(self._processes.values()), {}
        for process in processes:
            process.close()

    def _ask(self, module: str, address: str) -> Look:
        if len(address) > LONGEST_ADDRESS:
            return Look(outcome=Outcome.REFUSED, reason="the address is too long")
        with self._lock:
            process = self._processes.get(module)
            if process is None or not process.alive:
                process = self._processes[module] = _Process(module, self.settings)
        answer = process.ask(address)
        try:
            return answer.result(timeout=self._patience)
        except TimeoutError as error:
            process.kill()
            raise Transient("The sandboxed process did not answer.") from error


class _Process:
    """One process and the questions that wait for it."""

    def __init__(self, module: str, settings: str) -> None:
        self._popen = subprocess.Popen(
            sandbox.python_command(module, settings),
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
