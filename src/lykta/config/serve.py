"""Serves one face with Granian: one master, its worker processes, several threads in each.

Granian reads each request's head outside Python, so that slow lines cost no thread until there is something to answer.
"""

import errno
import gc
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from lykta.config import logs
from lykta.config.environment import Environment
from lykta.config.processes import end_with_parent, port_is_free

PUBLIC_FACES = frozenset({"pages", "report", "partners"})
HEAD_SECONDS = 10
"""How long a request's head may take, and how long a connection may wait for its next one: Granian has one clock."""
HEAD_BYTES = 32_768
"""Of a request's line and headers; what comes in with the last read may be beyond it."""
CONNECTIONS = 800
"""Open at once in each process; the usual limit of files is 1,024."""

logger = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(face: str, environment: Environment) -> None:
    """Answer until told to end, in the settings of the face."""
    logs.set_up(face, public=face in PUBLIC_FACES)
    handler = WSGIHandler()
    connections.close_all()  # what a database connection holds must not be shared by a fork
    # Python 3.14 would load everything anew in each worker, where a fork shares it.
    multiprocessing.set_start_method("fork", force=True)
    master = os.getpid()

    def load() -> Application:
        _after_fork(master)
        return front(handler, longest=longest_address(face))

    settings = server_settings(face, environment)
    if not port_is_free(settings["address"], settings["port"]):
        # The workers' own sockets would share the port with whoever listens there.
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    MPServer("", **settings).serve(target_loader=load, wrap_loader=False)


def server_settings(face: str, environment: Environment) -> dict[str, Any]:
    """Granian's settings for a face."""
    report = face == "report"
    return {
        "address": environment.bind,
        "port": getattr(environment, f"{face}_port"),
        "interface": Interfaces.WSGI,
        "http": HTTPModes.http1,
        "websockets": False,
        "workers": environment.report_processes if report else 1,
        "blocking_threads": environment.report_threads if report else 4,
        "blocking_threads_idle_timeout": 600,  # a thread that ends takes its database connection with it
        "runtime_mode": RuntimeModes.st,
        "backpressure": CONNECTIONS,
        "http1_settings": HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000, max_buffer_size=HEAD_BYTES),
        "respawn_failed_workers": True,
        # Two seconds less than the supervisor's patience, so that a slow request ends the worker and not the master.
        "workers_kill_timeout": 8,
        "log_access": False,
        "log_level": LogLevels.error,
        "log_dictconfig": {"handlers": {}, "loggers": {"_granian": {"propagate": True}}},
    }


def longest_address(face: str) -> int:
    """Characters of path and query. What a phone shares with the form stands there, percent-encoded: nine for a letter
    of Burmese, Khmer or Thai, so that a long message has room.
    """
    return 24_000 if face == "report" else 2048 if face in PUBLIC_FACES else 8190


def front(handler: Application, *, longest: int) -> Application:
    """What Granian leaves to the application: addresses beyond `longest` are refused, faults that no page could tell of
    are logged without what they quote, and no program is named.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def start_nameless(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, ("Server", "web")], *rest)

        if len(environ["PATH_INFO"]) + len(environ["QUERY_STRING"]) > longest:
            start_nameless("414 URI Too Long", [("Content-Length", "0")])
            return []
        try:
            return handler(environ, start_nameless)
        except Exception:
            logger.exception("A request met a fault that no page could tell of.")
            start_nameless("500 Internal Server Error", [("Content-Length", "0")])
            return []

    return answer


def _after_fork(master: int) -> None:
    """A master that was killed takes its workers with it, so that the port is free for the next one.

    What was loaded before lives as long as the process: the collector need not look at it again and again. And a
    thread that comes back from the disk, where it holds the letterbox's lock, waits half a millisecond for the
    interpreter and not five: all others wait for it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until Granian sets its own: the master's would do nothing here
    end_with_parent(master)
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
