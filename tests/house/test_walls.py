"""The wall around the tests stands: see `tests/conftest.py`."""

import asyncio
import resource
import socket

import pytest
from tests.conftest import refuse_the_outside

OUTSIDE = ["192.0.2.1", "198.51.100.7", "10.0.0.1", "169.254.169.254", "2001:db8::1", "hotline.example"]
HERE = ["127.0.0.1", "127.10.0.5", "::1", "::ffff:127.0.0.1", "localhost"]


@pytest.mark.parametrize("host", OUTSIDE)
def test_no_test_reaches_the_outside(host: str) -> None:
    with pytest.raises(ConnectionRefusedError, match="loopback only"):
        refuse_the_outside("socket.connect", (None, (host, 443)))


@pytest.mark.parametrize("address", [*((host, 443) for host in HERE), "/run/postgresql/.s.PGSQL.5432", None])
def test_this_machine_may_be_asked(address: object) -> None:
    refuse_the_outside("socket.connect", (None, address))


def test_the_wall_stands_around_plain_sockets() -> None:
    with socket.socket() as plain, pytest.raises(ConnectionRefusedError, match="loopback only"):
        plain.connect(("192.0.2.1", 443))
    with socket.socket(type=socket.SOCK_DGRAM) as plain, pytest.raises(ConnectionRefusedError, match="loopback only"):
        plain.sendto(b"hello", ("192.0.2.1", 53))


def test_the_wall_stands_around_asyncio() -> None:
    async def connect() -> None:
        await asyncio.open_connection("192.0.2.1", 443)

    with pytest.raises(ConnectionRefusedError, match="loopback only"):
        asyncio.run(connect())


@pytest.mark.parametrize("limit", [resource.RLIMIT_CPU, resource.RLIMIT_AS])
def test_no_test_limits_the_process_that_runs_it(limit: int) -> None:
    with pytest.raises(PermissionError, match="may not limit"):
        resource.setrlimit(limit, resource.getrlimit(limit))
