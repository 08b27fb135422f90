"""Processes that may do little: how they are started, and how they give up their powers.

A process that handles foreign bytes calls `drop_powers` once its imports are done. Where bubblewrap is installed and
works, `jail` puts a process into its own namespaces as well: no network, no files but the interpreter's, read-only.
Linux only, as is the worker that needs it.
"""

import ctypes
import json
import resource
import shutil
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Literal

import lykta

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
"""From linux/prctl.h. Not dumpable: no core, and no reading of the memory by another process of the same user."""

_BOOT = (
    "import json, runpy, sys; module, path = sys.argv[1:3]; del sys.argv[1:3]; sys.path[:] = json.loads(path); "
    "runpy.run_module(module, {}, '__main__', alter_sys=True)"
)


def drop_powers(*, memory: int, open_files: int, may_start_processes: bool, children_may_more: bool = False) -> None:
    """Give up, for good, what this process does not need. Call it after the last import.

    `memory` is the bound of the address space in bytes. With `open_files=0` nothing can be opened any more: no file,
    no socket, no pipe; those that are open stay so. No byte can be written to any file. With `children_may_more`, which
    a browser needs, a process may lift these three bounds again, and has to be held by other walls.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for option, value in ((PR_SET_DUMPABLE, 0), (PR_SET_NO_NEW_PRIVS, 1)):
        if prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl failed")
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NOFILE: open_files,
    }
    if not may_start_processes:
        limits[resource.RLIMIT_NPROC] = 0
    liftable = {resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE} if children_may_more else set()
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, resource.getrlimit(limit)[1] if limit in liftable else value))


def allow_cpu(seconds: int) -> None:
    """Let this process use that many more seconds of processor time before the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours in isolated mode, with this process's own search path.

    `python -I` ignores PYTHONPATH and the working folder, so the path is handed over; `arguments` are the module's
    `sys.argv` from 1.
    """
    path = [str(Path(entry).resolve()) for entry in sys.path if Path(entry).is_absolute()]
    return [sys.executable, "-I", "-c", _BOOT, module, json.dumps(path), *arguments]


def bare_environment() -> dict[str, str]:
    """The environment of a sandboxed process: nothing of ours, so nothing to leak."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


@cache
def jail(*more: str) -> tuple[str, ...]:
    """The words to put before a command that has to run without network and files; () where that does not work.

    `more` are further options of bubblewrap, such as `--proc /proc`.
    """
    found = shutil.which("bwrap")
    if found is None or Path(found).stat().st_mode & stat.S_ISUID:
        # A set-uid bubblewrap loses its power in a process that has given up gaining any.
        return ()
    words = (found, *_jail_options(more))
    command = [*words, sys.executable, "-I", "-c", "import hashlib"]
    try:
        tried = subprocess.run(
            command, env=bare_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return words if tried.returncode == 0 else ()


def strength() -> Literal["bubblewrap and limits", "limits only"]:
    """How well foreign bytes are held on this machine, for `lykta check`."""
    return "bubblewrap and limits" if jail() else "limits only"


def _jail_options(more: tuple[str, ...]) -> list[str]:
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    # Before the folders, so that an empty /tmp does not cover what lies in the machine's own.
    options += ["--uid", "65534", "--gid", "65534", *more]
    source = str(Path(lykta.__file__).resolve().parents[1])
    for folder in dict.fromkeys(
        ("/usr", "/lib", "/lib64", "/bin", sys.base_prefix, sys.prefix, source, str(Path(sys.executable).parent))
    ):
        options += ["--ro-bind-try", folder, folder]
    return [*options, "--remount-ro", "/", "--chdir", "/"]
