"""Serves one face with gunicorn: one master, its worker processes, several threads in each."""

import gc
import logging
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from lykta.config import logs
from lykta.config.environment import Environment
from lykta.config.processes import end_with_parent

PUBLIC_FACES = frozenset({"pages", "report", "partners"})
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a nameless file of its own there


def serve(face: str, environment: Environment) -> None:
    """Answer until told to end, in the settings of the face."""
    logs.set_up(face, public=face in PUBLIC_FACES)
    logging.getLogger("gunicorn.http").setLevel(logging.ERROR)  # warns of every HEAD that Django answers
    wsgi.SERVER = "web"  # the header is gunicorn's to send; which version of what it is nobody needs to know
    _Server(face, environment).run()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, face: str, environment: Environment) -> None:
        self._face = face
        self._environment = environment
        super().__init__()

    def load_config(self) -> None:
        for name, value in server_settings(self._face, self._environment).items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        handler = WSGIHandler()
        connections.close_all()  # what a database connection holds must not be shared by a fork
        return handler


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's log goes where all others go; the access log, which names visitors, does not exist."""

    access_log_enabled: ClassVar[bool] = False

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.propagate = True


def server_settings(face: str, environment: Environment) -> dict[str, Any]:
    """Gunicorn's settings for a face."""
    report = face == "report"
    public = face in PUBLIC_FACES
    return {
        "bind": f"{environment.bind}:{getattr(environment, f'{face}_port')}",
        "worker_class": "gthread",
        "workers": environment.report_processes if report else 1,
        "threads": environment.report_threads if report else 4,
        "proc_name": f"lykta-{face}",
        "preload_app": True,
        "timeout": 60,
        # Two seconds less than the supervisor's patience, so that a slow request ends the worker and not the master.
        "graceful_timeout": 8,
        "keepalive": 5,
        # What a phone shares with the form stands in its request line.
        "limit_request_line": 8000 if report else 2048 if public else 8190,
        "limit_request_fields": 50,
        "limit_request_field_size": 8190,
        "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
        "accesslog": None,
        "errorlog": None,
        "loglevel": "warning",
        "logger_class": _Log,
        "control_socket_disable": True,
        "umask": 0o007,
        "post_fork": _after_fork,
    }


def _after_fork(_server: Any, worker: Any) -> None:
    """A master that was killed takes its workers with it, so that the port is free for the next one.

    What was loaded before lives as long as the process: the collector need not look at it again and again. And a
    thread that comes back from the disk, where it holds the letterbox's lock, waits half a millisecond for the
    interpreter and not five: all others wait for it.
    """
    end_with_parent(worker.ppid)
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
