"""The report face as a real server: what it takes, what it refuses, and how it and its processes end."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from tests.config.test_processes import is_running
from tests.support.installation import Installation, new_network
from tests.support.parts import Parts

from lykta.config.processes import port_is_free
from lykta.config.serve import CONNECTIONS, HEAD_SECONDS
from lykta.config.supervisor import PATIENCE

pytestmark = pytest.mark.journey
NAME = "serve report"
MIB = 2**20
HOST = b"Host: 127.0.0.1\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
GET = b"GET /en/tell/ HTTP/1.1\r\n"
POST = b"POST /en/tell/ HTTP/1.1\r\n" + FORM
SECOND = b"GET /en/card/ HTTP/1.1\r\n" + HOST + b"\r\n"
HALF = POST + b"Content-Length: 8\r\n\r\nstep"
MOST_MEMORY = 150 * MIB
"""Of all processes of the face together, what they share counted once."""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    home = tmp_path_factory.mktemp("serving") / "home"
    home.mkdir(mode=0o700)
    made = Parts(Installation(home, {"LYKTA_ATTACHMENTS": "contact"}))
    made.running.run("init", "--practice")
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def face(parts: Parts) -> Installation:
    """The report face, started again if a test has ended it."""
    if NAME not in parts.parts or parts.parts[NAME].poll() is not None:
        parts.start(NAME)
        parts.running.wait_for("report")
    return parts.running


def line_to(face: Installation) -> socket.socket:
    source = (new_network(), 0)
    return socket.create_connection(("127.0.0.1", face.port("report")), timeout=15, source_address=source)


def said_to(face: Installation, raw: bytes) -> bytes:
    """All that comes back until the server closes the line, or for half a second once it is silent."""
    said = b""
    with line_to(face) as line, suppress(TimeoutError, ConnectionResetError):
        line.sendall(raw)
        while more := line.recv(MIB):
            said += more
            line.settimeout(0.5)
    return said


def statuses(said: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", said)]


def workers(parts: Parts) -> list[int]:
    return [number for number in parts.running.processes().get(NAME, []) if number != parts.parts[NAME].pid]


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (GET + HOST + b"\r\n", 200),
        (b"GET /en/share/?url=http://pictures.example/" + b"a" * 23_900 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 303),
        (b"GET /en/share/?url=" + b"a" * 24_100 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /en/share/?url=" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 431),
        (GET + HOST + b"X: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (GET + HOST + b"X: a\r\n" * 101 + b"\r\n", 431),
        (GET + b"Host : 127.0.0.1\r\n\r\n", 400),
        (GET + HOST + b"X: a\r\n b\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
        (POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nstep=", 400),
        (POST + b"Content-Length: +4\r\n\r\nstep", 400),
        (POST + b"Transfer-Encoding: chunked, other\r\n\r\n0\r\n\r\n", 400),
    ],
)
def test_a_head_is_taken_or_refused(raw: bytes, status: int, face: Installation) -> None:
    before = face.log()
    assert statuses(said_to(face, raw)) == [status]
    if status >= 400:
        assert face.log() == before


@pytest.mark.parametrize(
    "raw",
    [
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nstep\r\n",
        POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nstep=",
    ],
)
def test_no_second_request_hides_in_the_first(raw: bytes, face: Installation) -> None:
    said = said_to(face, raw + SECOND)
    assert len(statuses(said)) == 1
    assert 400 <= statuses(said)[0] < 500


def test_a_head_without_a_body_is_answered_and_names_no_program(face: Installation) -> None:
    said = said_to(face, b"HEAD /en/tell/ HTTP/1.1\r\n" + HOST + b"\r\n")
    assert statuses(said) == [200]
    assert said.endswith(b"\r\n\r\n")
    assert said.count(b"\r\n\r\n") == 1
    assert re.findall(rb"(?im)^server: (.*)\r", said) == [b"web"]
    assert b"granian" not in said.lower()


def test_slow_heads_cost_nobody_a_thread_and_end(face: Installation) -> None:
    """More of them than there are threads, by far."""
    with ExitStack() as held:
        slow = [held.enter_context(line_to(face)) for _ in range(CONNECTIONS // 4)]
        start = time.monotonic()
        for line in slow:
            line.sendall(b"GET /en/")
        assert face.report("I saw this: http://pictures.example/1")
        assert time.monotonic() - start < HEAD_SECONDS
        assert [line.recv(100) for line in slow] == [b""] * len(slow)


def test_a_large_file_in_the_form_is_never_whole_in_memory(parts: Parts, face: Installation) -> None:
    field = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    block, end = b"plain words\n" * 2**13, b"\r\n--x--\r\n"
    blocks = 28 * MIB // len(block)
    length = len(field) + blocks * len(block) + len(end)
    head = b"POST /en/tell/ HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n" + HOST
    assert statuses(said_to(face, GET + HOST + b"\r\n")) == [200]
    for number in workers(parts):
        Path(f"/proc/{number}/clear_refs").write_text("5")  # the peak of what other tests sent does not count here
    before = {number: memory(number, "VmRSS") for number in workers(parts)}
    with line_to(face) as line:
        line.sendall(head + f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode() + field)
        for _ in range(blocks):
            line.sendall(block)
        line.sendall(end)
        assert statuses(line.recv(MIB))[0] < 500
    assert face.sql("letterbox", "SELECT sum(length(sealed)) FROM letterbox_chunk")[0][0] > 27 * MIB
    grown = [memory(number, "VmHWM") - held for number, held in before.items()]
    assert max(grown) < 12 * MIB


def test_all_processes_together_need_little_memory(parts: Parts, face: Installation) -> None:
    for _ in range(4):
        face.report("I saw this: http://pictures.example/2")
    numbers = face.processes()[NAME]
    assert len(numbers) == 3
    rollups = (Path(f"/proc/{number}/smaps_rollup").read_text() for number in numbers)
    shares = [
        int(found[1]) * 1024 for found in (re.search(r"(?m)^Pss:\s+(\d+)", rollup) for rollup in rollups) if found
    ]
    assert 0 < sum(shares) < MOST_MEMORY
    assert all("Umask:\t0007" in Path(f"/proc/{number}/status").read_text() for number in workers(parts))


def memory(number: int, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{number}/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_whoever_disappears_in_the_middle_leaves_nothing_behind(face: Installation) -> None:
    """More often than there are threads."""
    length = len(face.log())
    for _ in range(20):
        with line_to(face) as line:
            line.sendall(POST + b"User-Agent: planted\r\nContent-Length: 5000\r\n\r\nanswer=planted")
    assert face.report("I saw this: http://pictures.example/3")
    assert not re.search(r"planted|127\.|Traceback", face.log()[length:])


def test_while_a_worker_that_died_is_replaced_nobody_is_turned_away(parts: Parts, face: Installation) -> None:
    before = workers(parts)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{before[0]}").exists())  # until then threads of it may hold its socket open
    for _ in range(10):
        assert statuses(said_to(face, GET + HOST + b"Connection: close\r\n\r\n")) == [200]
    wait_until(lambda: len(workers(parts)) == len(before) and before[0] not in workers(parts))
    assert parts.parts[NAME].poll() is None


def test_a_second_server_cannot_listen_beside_the_first(face: Installation) -> None:
    done = face.run("serve", "report", check=False)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_request_that_was_begun_is_answered_before_the_end(parts: Parts, face: Installation) -> None:
    with line_to(face) as line:
        line.sendall(HALF)
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
        parts.parts[NAME].terminate()
        wait_until(lambda: port_is_free("127.0.0.1", face.port("report")))
        line.settimeout(15)
        line.sendall(b"=end")
        assert statuses(line.recv(MIB)) == [422]
    assert parts.parts[NAME].wait(PATIENCE) == 0
    assert not workers(parts)


def test_a_request_that_never_ends_does_not_hold_the_end_up(parts: Parts, face: Installation) -> None:
    with line_to(face) as line:
        line.sendall(HALF)
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
        parts.parts[NAME].terminate()
        assert parts.parts[NAME].wait(PATIENCE) == 0
    assert port_is_free("127.0.0.1", face.port("report"))
    assert not workers(parts)


def test_workers_end_with_their_master(parts: Parts, face: Installation) -> None:
    left = workers(parts)
    os.kill(parts.parts[NAME].pid, signal.SIGKILL)
    parts.parts[NAME].wait()
    wait_until(lambda: not any(is_running(number) for number in left))
    assert port_is_free("127.0.0.1", face.port("report"))
