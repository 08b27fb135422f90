"""Companies send long files over slow lines: the partners face answers everybody else meanwhile."""

import base64
import socket
import time
from contextlib import ExitStack

import pytest
from tests.support.installation import Installation

pytestmark = pytest.mark.journey
AT_ONCE = 8
"""Files that each company begins to send."""
BUSY = b"HTTP/1.1 503 "


def begin_upload(running: Installation, slug: str, token: str) -> socket.socket:
    """A file of 10 MB of which the first bytes are sent, as the proxy in front passes it on."""
    login = base64.b64encode(f"{slug}:{token}".encode()).decode()
    head = (
        f"POST /ispws/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Basic {login}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10000000\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nbytes'
    )
    line = socket.create_connection(("127.0.0.1", running.port("partners")), timeout=10)
    line.sendall(head.encode())
    return line


def answered(line: socket.socket) -> bytes:
    """What came back until now; nothing while the face waits for the rest of the file."""
    line.settimeout(1)
    try:
        return line.recv(4096)
    except TimeoutError:
        return b""


def token_of(running: Installation, slug: str) -> str:
    said = running.run("partners", "add", slug, "Example", "--scopes", "cybertip").stdout
    return said.splitlines()[0].removeprefix(f"{slug}: ")


def test_long_uploads_leave_room_for_everybody_else(running: Installation) -> None:
    """Whoever is refused hangs up, as clients and the proxy in front do."""
    told = []
    with ExitStack() as held:
        for slug in ("slow-line", "slower-line"):
            token = token_of(running, slug)
            for _ in range(AT_ONCE):
                line = begin_upload(running, slug, token)
                if answer := answered(line):
                    told.append(answer)
                    line.close()
                else:
                    held.enter_context(line)
        assert len(told) == 2 * AT_ONCE - 3
        assert all(answer.startswith(BUSY) and b"\r\nretry-after: 10\r\n" in answer.lower() for answer in told), told
        start = time.monotonic()
        for _ in range(10):
            assert running.ask("GET", "partners", "/en/answer/")[0] == 200
        assert time.monotonic() - start < 5
    end = time.monotonic() + 10
    while True:
        with begin_upload(running, slug, token) as line:
            if not answered(line):
                return
        assert time.monotonic() < end, "lines that broke keep their places"
