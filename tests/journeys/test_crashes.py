"""`kill -9` at random moments, fifty times: nothing that was promised is lost, nothing is done twice unmarked."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.installation import Installation

from lykta.lib import codes
from lykta.practice.mailboxes import Mail, mails_in
from lykta.practice.settings import PracticeSettings

pytestmark = pytest.mark.journey
KILLS = 50
KILLED = ("serve report", "serve report", "work", "work", "serve partners", "practice")


class Parts:
    """The processes of an installation, each started again as soon as it has been killed."""

    def __init__(self, running: Installation) -> None:
        self.running = running
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        log = (self.running.home / "log.txt").open("ab")
        command = [sys.executable, "-m", "lykta", *name.split()]
        self.parts[name] = subprocess.Popen(command, env=self.running.environment, stdout=log, stderr=log)
        log.close()

    def kill(self, name: str) -> None:
        for number in self.running.processes().get(name, []):
            os.kill(number, signal.SIGKILL)
        self.parts[name].wait()

    def stop(self) -> None:
        for part in self.parts.values():
            part.terminate()
        for part in self.parts.values():
            part.wait(timeout=30)


@contextmanager
def reporters(running: Installation) -> Iterator[list[str]]:
    """Two people who report without pause; yields the codes of the receipts that they were shown."""
    shown: list[str] = []
    ended = threading.Event()

    def report(who: int) -> None:
        port, number = running.port("practice_web"), 0
        while not ended.is_set():
            number += 1
            try:
                shown.append(running.report(f"See http://pictures.example:{port}/gallery?who={who}&number={number}"))
            except (OSError, AssertionError, http.client.HTTPException):
                time.sleep(0.1)
            time.sleep(0.15)

    threads = [threading.Thread(target=report, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield shown
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@contextmanager
def analyst(running: Installation) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "tests.support.analyst"], env=running.environment)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def police_mails(running: Installation) -> list[Mail]:
    settings = PracticeSettings(
        folder=running.home / "practice", dns_port=1, web_port=2, rdap_port=3, smtp_port=4, page_port=5
    )
    return mails_in(settings, "police@polis.test")


def wait_until_at_rest(running: Installation, seconds: float = 150) -> None:
    """Until no letter waits and no step is due."""
    end = time.monotonic() + seconds
    waiting = "SELECT count(*) FROM steps_step WHERE done_at IS NULL AND failed_at IS NULL AND word != 'look'"
    ready = "SELECT count(*) FROM cases_item WHERE state IN ('received', 'ready')"
    letters = "SELECT count(*) FROM letterbox_letter WHERE failed_at IS NULL"
    while True:
        left = (
            running.sql("letterbox", letters)[0][0],
            running.sql("casebook", waiting)[0][0],
            running.sql("casebook", ready)[0][0],
        )
        if left == (0, 0, 0):
            return
        assert time.monotonic() < end, f"letters, steps, items left: {left}\n{running.log()[-3000:]}"
        time.sleep(0.5)


def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    running = Installation(tmp_path / "home", {"LYKTA_LEASE_SECONDS": "5", "LYKTA_HOLD_SECONDS": "3600"})
    running.home.mkdir(mode=0o700)
    running.run("init", "--practice")
    parts = Parts(running)
    dice = random.Random(7)
    for name in dict.fromkeys(KILLED):
        parts.start(name)
    running.wait_for("report")
    try:
        with reporters(running) as shown, analyst(running):
            for _ in range(KILLS):
                time.sleep(dice.uniform(0.2, 1.2))
                name = dice.choice(KILLED)
                parts.kill(name)
                parts.start(name)
            time.sleep(2)
        with analyst(running):
            wait_until_at_rest(running)
    finally:
        parts.stop()
    assert len(shown) >= KILLS
    no_receipt_is_lost(running, shown)
    no_step_is_lost(running)
    no_repeat_is_unmarked(running)
    holds = running.run("audit", "verify", check=False)
    assert holds.returncode == 0, holds.stdout + holds.stderr


def no_receipt_is_lost(running: Installation, shown: list[str]) -> None:
    kept = {bytes(row[0]) for row in running.sql("casebook", "SELECT box_lookup FROM cases_report")}
    promised = {codes.lookup(codes.read(code)) for code in shown}
    assert promised <= kept, f"{len(promised - kept)} of {len(promised)} reports are lost"


def no_step_is_lost(running: Installation) -> None:
    """Every illegal item was told to the police, every report has its news."""
    told = "SELECT count(*) FROM referrals_referral WHERE kind = 'police' AND state = 'sent'"
    illegal = "SELECT count(*) FROM cases_item WHERE verdict = 'illegal'"
    assert running.sql("casebook", told) == running.sql("casebook", illegal)
    undelivered = "SELECT count(*) FROM cases_message WHERE incoming = 0 AND delivered_at IS NULL"
    assert running.sql("casebook", undelivered) == [(0,)]


def no_repeat_is_unmarked(running: Installation) -> None:
    """Of all mails with the same number, all but one say that they are a repeat."""
    unmarked: dict[str, int] = {}
    for mail in police_mails(running):
        headers = {name.lower(): value for name, value in mail.headers}
        unmarked.setdefault(headers["message-id"], 0)
        if headers.get("x-lykta-repeat") != "yes":
            unmarked[headers["message-id"]] += 1
    assert unmarked
    assert max(unmarked.values()) <= 1, unmarked
