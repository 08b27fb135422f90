"""The supervisor with small children of its own; the real house is in `test_whole_house.py`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.config.test_processes import is_running, source_on_path

MAIN = """
import sys
from lykta.config.supervisor import Child, Supervisor
def child(name, code, port=0):
    return Child(name=name, command=[sys.executable, "-u", "-c", code], port=port)
Supervisor({stages}, host="127.0.0.1", ready=lambda: print("all answer", flush=True)).run()
"""
SLEEP = "import os, time; print('pid', os.getpid()); time.sleep(60)"
STUBBORN = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('pid', os.getpid()); time.sleep(60)"
)
FAMILY = (
    "import os, subprocess, sys, time; "
    "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print('inner', inner.pid); print('pid', os.getpid()); time.sleep(60)"
)
SERVER = (
    "import http.server; http.server.HTTPServer(('127.0.0.1', {port}), "
    "type('H', (http.server.SimpleHTTPRequestHandler,), {{'log_message': lambda *_: None}})).serve_forever()"
)


class House:
    """A running supervisor and what it has printed."""

    def __init__(self, stages: str, output: Path, prelude: str = "") -> None:
        self.output = output
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", prelude + MAIN.format(stages=stages)],
                stdout=file,
                stderr=subprocess.STDOUT,
                env=source_on_path(),
            )

    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, *, times: int = 1) -> str:
        deadline = time.monotonic() + 15
        while self.text().count(words) < times:
            assert time.monotonic() < deadline, self.text()
            assert self.process.poll() is None, self.text()
            time.sleep(0.02)
        return self.text()

    def numbers(self, word: str) -> list[int]:
        return [int(line.split()[-1]) for line in self.text().splitlines() if f" {word} " in line]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)


Start = Callable[..., House]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[House] = []

    def begin(stages: str, prelude: str = "") -> House:
        running.append(House(stages, tmp_path / "output", prelude))
        return running[-1]

    yield begin
    for house in running:
        house.process.kill()
        house.process.wait()


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_children_and_the_supervisor_cleanly(number: int, start: Start) -> None:
    house = start(f"[[child('one', {SLEEP!r})], [child('two', {SLEEP!r})]]")
    house.wait_for(" pid ", times=2)
    assert house.stop(number) == 0
    assert all(gone(pid) for pid in house.numbers("pid"))


def test_a_child_that_is_killed_starts_again(start: Start) -> None:
    house = start(f"[[child('one', {SLEEP!r})]]")
    house.wait_for(" pid ")
    os.kill(house.numbers("pid")[0], signal.SIGKILL)
    house.wait_for(" pid ", times=2)
    assert "one ended with status -9; it starts again in 1 s" in house.text()
    first, second = house.numbers("pid")
    assert first != second
    assert is_running(second)


def test_a_child_that_dies_again_and_again_is_started_more_and_more_slowly(start: Start) -> None:
    house = start("[[child('one', 'raise SystemExit(3)')]]")
    house.wait_for("it starts again in 2 s")
    assert house.text().index("it starts again in 1 s") < house.text().index("it starts again in 2 s")
    assert house.stop() == 0


def test_what_a_killed_child_had_started_ends_with_it(start: Start) -> None:
    house = start(f"[[child('one', {FAMILY!r})]]")
    house.wait_for(" pid ")
    inner = house.numbers("inner")[0]
    os.kill(house.numbers("pid")[0], signal.SIGKILL)
    assert gone(inner)


def test_a_child_that_does_not_listen_is_ended_after_patience(start: Start) -> None:
    prelude = "from lykta.config import supervisor; supervisor.PATIENCE = 0.3\n"
    house = start(f"[[child('one', {STUBBORN!r})]]", prelude)
    house.wait_for(" pid ")
    assert house.stop() == 0
    assert gone(house.numbers("pid")[0])


def test_a_later_stage_is_stopped_only_when_the_earlier_one_has_ended(start: Start) -> None:
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n    print('{0} told'); time.sleep(0.3); print('{0} over'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('{0} begun'); time.sleep(60)"
    )
    house = start(f"[[child('face', {code.format('face')!r})], [child('work', {code.format('work')!r})]]")
    house.wait_for("face begun")
    house.wait_for("work begun")
    assert house.stop() == 0
    order = [house.text().index(words) for words in ("face told", "face over", "work told", "work over")]
    assert order == sorted(order)


def test_it_says_once_when_every_child_with_a_port_answers(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    house = start(f"[[child('face', {SERVER.format(port=port)!r}, {port}), child('other', {SLEEP!r})]]")
    house.wait_for("all answer")
    time.sleep(0.3)
    assert house.text().count("all answer") == 1


def test_lines_of_children_stand_in_one_log_each_with_its_name(start: Start) -> None:
    ready = "2026-01-01T00:00:00Z two      WARNING made by our own log"
    codes = 'print("plain words")', f"print({ready!r})"
    house = start(f"[[child('one', {codes[0]!r}), child('two', {codes[1]!r})]]")
    house.wait_for("made by our own log")
    text = house.wait_for("plain words")
    assert ready in text.splitlines()
    plain = next(line for line in text.splitlines() if "plain words" in line)
    assert plain.split()[1:3] == ["one", "INFO"]
    assert "\x1b" not in text
