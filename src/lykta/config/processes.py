"""Small things about processes: how a child learns that its parent has gone, and whether a port is free."""

import ctypes
import os
import signal
import socket
import sys

_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def end_with_parent(parent: int) -> None:
    """Be sent SIGTERM when the parent process with this number dies, even by `kill -9`. Linux only; else nothing."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It died before the kernel knew whom to tell.
        os.kill(os.getpid(), signal.SIGTERM)


def family(host: str) -> socket.AddressFamily:
    """Whether an address is of IPv6 or of IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(family(host), socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
