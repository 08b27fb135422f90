"""`kill -9` at random moments, fifty times: nothing that was promised is lost, nothing is done twice unmarked."""

import http.client
import random
import re
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.support.installation import Installation, Shown, receipt_code
from tests.support.parts import Parts

from lykta.core import asking
from lykta.core.asking import Answers
from lykta.core.vocabulary import Asked, Choice, Topic
from lykta.lib import codes, sealing
from lykta.practice.mailboxes import Mail, mails_in
from lykta.practice.settings import PracticeSettings

pytestmark = pytest.mark.journey
KILLS = 50
KILLED = ("serve report", "serve report", "work", "work", "serve partners", "practice")


@dataclass
class Promised:
    """The codes of the receipts that were shown, and for each report, finished or not, what a page said is received."""

    receipts: list[str] = field(default_factory=list)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)


def said_in(words: str) -> Answers:
    return {Asked.TOPIC: Topic.OTHER, Asked.DANGER: Choice.NO, Asked.WORDS: words, Asked.CONTACT: "at home"}


def carried(running: Installation, shown: Shown) -> dict[str, Any]:
    """What a page of the form carries under the seal of its face."""
    found = re.search(r'name="state" value="([^"]+)"', shown.source)
    assert found, shown.source
    key = (running.home / "keys" / "form.key").read_bytes()
    return sealing.unlock(sealing.Sealed(urlsafe_b64decode(found[1])), key=key)


@contextmanager
def reporters(running: Installation) -> Iterator[Promised]:
    """Two people who report without pause; yields what they were promised."""
    promised = Promised()
    ended = threading.Event()

    def report(words: str) -> None:
        for shown in running.pages(said_in(words)):
            if shown.name == "receipt":
                promised.receipts.append(receipt_code(shown.source))
            elif shown.name != Asked.TOPIC:
                state = carried(running, shown)
                promised.answers[state["code"]] = state["answers"]
            time.sleep(0.05)

    def go_on(who: int) -> None:
        port, number = running.port("practice_web"), 0
        while not ended.is_set():
            number += 1
            try:
                report(f"See http://pictures.example:{port}/gallery?who={who}&number={number}")
            except (OSError, AssertionError, http.client.HTTPException):
                time.sleep(0.1)

    threads = [threading.Thread(target=go_on, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield promised
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
    letters = "SELECT count(*) FROM letterbox_letter WHERE failed_at IS NULL AND kind != 'part'"
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
        with reporters(running) as promised, analyst(running):
            for _ in range(KILLS):
                time.sleep(dice.uniform(0.2, 1.2))
                name = dice.choice(KILLED)
                running.wait_for("report")  # else nobody gets further than the first page
                parts.kill(name)
                parts.start(name)
            time.sleep(2)
        with analyst(running):
            wait_until_at_rest(running)
    finally:
        parts.stop()
    assert len(promised.receipts) >= KILLS // 2
    no_receipt_is_lost(running, promised.receipts)
    no_answer_is_lost(running, promised.answers)
    no_step_is_lost(running)
    no_repeat_is_unmarked(running)
    holds = running.run("audit", "verify", check=False)
    assert holds.returncode == 0, holds.stdout + holds.stderr


def no_receipt_is_lost(running: Installation, shown: list[str]) -> None:
    kept = {bytes(row[0]) for row in running.sql("casebook", "SELECT box_lookup FROM cases_report")}
    promised = {codes.lookup(codes.read(code)) for code in shown}
    assert promised <= kept, f"{len(promised - kept)} of {len(promised)} reports are lost"


def no_answer_is_lost(running: Installation, promised: dict[str, dict[str, str]]) -> None:
    """Who was stopped in the middle finds all there that an earlier page had received; who was not has sent it."""
    sent = {bytes(row[0]) for row in running.sql("casebook", "SELECT box_lookup FROM cases_report")}
    lying = answers_at_rest(running)
    stopped = {
        lookup: said for code, said in promised.items() if (lookup := codes.lookup(codes.read(code))) not in sent
    }
    lost = [said for lookup, said in stopped.items() if not said.items() <= lying.get(lookup, {}).items()]
    assert stopped, "nobody was stopped in the middle"
    assert not lost, f"{len(lost)} of {len(stopped)} reports have lost an answer"


def answers_at_rest(running: Installation) -> dict[bytes, dict[str, str]]:
    """What lies in the letterbox, by mailbox."""
    key = (running.home / "keys" / "hotline.key").read_bytes()
    letters = "SELECT lookup, sealed FROM letterbox_letter JOIN letterbox_box AS box ON box.id = box_id"
    rows = running.sql("letterbox", letters)
    return {bytes(box): sealing.unseal(bytes(sealed), private_key=key)["answers"] for box, sealed in rows}


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


def test_what_was_answered_before_a_page_was_shown_survives(tmp_path: Path) -> None:
    """The report face is killed after every single page, and the reporter goes on where they were."""
    running = Installation(tmp_path / "home")
    running.home.mkdir(mode=0o700)
    running.run("init", "--practice")
    parts = Parts(running)
    said = said_in("It did not look right.")
    try:
        parts.start("serve report")
        running.wait_for("report")
        shown = Shown("topic", *running.ask("GET", "report", "/en/tell/"))
        for step in [*asking.path(said), "check"]:
            promised = {str(asked): said[asked] for asked in said if asked in shown_before(said, step)}
            shown = Shown(str(step), *running.ask("POST", "report", "/en/tell/", shown.answered(said, str(step))))
            parts.kill("serve report")
            assert shown.status == 200, shown.source
            assert [*answers_at_rest(running).values()] == [promised]
            parts.start("serve report")
            running.wait_for("report")
    finally:
        parts.stop()
    assert receipt_code(shown.source)


def shown_before(said: Answers, step: str) -> set[str]:
    """What has been answered once the page `step` is answered."""
    pages = [str(page) for page in asking.path(said)]
    return set(pages if step == "check" else pages[: pages.index(step) + 1])
