"""What holds for every test: nobody connects beyond this machine or limits this process; in CI nothing is skipped."""

import os
import sys
from ipaddress import ip_address
from typing import Any

import pytest

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LIMITS = {"resource.setrlimit", "resource.prlimit"}


def refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it sees every connect of this process, whichever library makes it, and cannot be undone."""
    if event in _CONNECTS and not _is_here(arguments[1]):
        raise ConnectionRefusedError(f"A test may not connect to {arguments[1]!r}: loopback only.")


def refuse_limits(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: a limit on the process that runs the tests would end it later, in a test that did nothing."""
    if event in _LIMITS:
        raise PermissionError(f"A test may not limit the process that runs it ({event}{arguments!r}).")


def _is_here(address: object) -> bool:
    """Loopback, a unix socket, or the other end of a socket that is connected already."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


sys.addaudithook(refuse_the_outside)
sys.addaudithook(refuse_limits)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: a missing browser or database must not look like success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("A test was skipped, which counts as a failure here (CI=true).", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
