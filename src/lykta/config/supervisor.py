"""`lykta up`: every process of one machine as a child, restarted when it dies, stopped in order, in one log.

Children are started from the main thread (the kernel ties their end to the thread that started them) and lead a
process group each, so that Ctrl-C reaches only the supervisor and nothing that a child started is left behind.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import IO

from lykta.config import logs

PATIENCE = 10.0
"""Seconds between asking a process to end and ending it."""
LONGEST_PAUSE = 30.0
HEALTHY = 60.0
"""Seconds of life after which the next death counts as the first."""
_TURN = 0.1
_COLOURS = (36, 32, 35, 33, 34, 31)


@dataclass(kw_only=True)
class Child:
    """One process of the house: its name, its command, and the port on which it answers (0 for none)."""

    name: str
    command: Sequence[str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)


class Supervisor:
    """Runs children until told to stop. `stages` are stopped in order, all children of a stage together.

    `ready` is called once, when every child with a port answers on `host`.
    """

    def __init__(self, stages: Sequence[Sequence[Child]], *, host: str, ready: Callable[[], None]) -> None:
        self._stages = stages
        self._children = [child for stage in stages for child in stage]
        self._host = host
        self._ready = ready
        self._stopping = False
        self._writing = threading.Lock()
        self._readers: list[threading.Thread] = []

    def run(self) -> None:
        """Start all, keep them running, and stop all on SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        waiting = [child for child in self._children if child.port]
        while not self._stopping:
            for child in self._children:
                self._keep(child)
            if waiting:
                waiting = [child for child in waiting if not _answers(self._host, child.port)]
                if not waiting and not self._stopping:
                    self._ready()
            time.sleep(_TURN)
        self._say("stopping")
        for stage in self._stages:
            self._stop(stage)
        for reader in self._readers:
            reader.join(timeout=1)
        self._say("stopped")

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _keep(self, child: Child) -> None:
        """Start a child that does not run when its time has come; note the death of one that did."""
        now = time.monotonic()
        if child.process is None:
            if child.due <= now and not self._stopping:
                self._start(child)
            return
        status = child.process.poll()
        if status is None:
            return
        _kill_group(child.process)
        if now - child.started > HEALTHY:
            child.deaths = 0
        pause = min(2.0**child.deaths, LONGEST_PAUSE)
        child.deaths += 1
        child.process, child.due = None, now + pause
        self._say(f"{child.name} ended with status {status}; it starts again in {pause:g} s", level="ERROR")

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        child.started = time.monotonic()
        reader = threading.Thread(target=self._read, args=(child.name, child.process.stdout), daemon=True)
        reader.start()
        self._readers = [*(other for other in self._readers if other.is_alive()), reader]

    def _read(self, name: str, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                text = raw.decode(errors="replace").rstrip()
                if text:
                    self._write(name, text if logs.is_line(text) else logs.line(name, "INFO", text))

    def _stop(self, stage: Sequence[Child]) -> None:
        running = [child.process for child in stage if child.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(process)
            process.wait()

    def _say(self, text: str, *, level: str = "INFO") -> None:
        self._write("up", logs.line("up", level, text))

    def _write(self, name: str, text: str) -> None:
        if sys.stdout.isatty():
            names = [child.name for child in self._children]
            colour = _COLOURS[names.index(name) % len(_COLOURS)] if name in names else 1
            text = text.replace(f" {name} ", f" \x1b[{colour}m{name}\x1b[0m ", 1)
        with self._writing:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a child's process group; its leader was asked before, or is dead."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _answers(host: str, port: int) -> bool:
    """Whether a face answers, whatever it says. A short patience, since the children are looked after meanwhile."""
    connection = HTTPConnection(host, port, timeout=0.3)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
