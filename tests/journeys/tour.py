"""The main job from the first tip to the counted outcome, walked in a browser. The journey test walks it; so does
`python -m tests.journeys.pictures`, which makes the README's pictures of it.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.journeys.reporter import Reporter, next_page
from tests.support.installation import Installation, receipt_code

from lykta.core.vocabulary import Asked, Topic

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PRACTICE_DATA = Path(__file__).resolve().parents[2] / "src" / "lykta" / "practice" / "data"
STOPS = {str(Asked.WHERE): "2-where", "check": "3-check", "receipt": "4-receipt"}
"""The pages of the form at which the tour stops for a picture."""
Shoot = Callable[[Page, str], None]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a download of its own."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def log_in(page: Page, running: Installation, name: str) -> None:
    """A member of staff logs in with password and one-time code."""
    page.goto(running.url("desk") + "/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(running.accounts()[name]["password"])
    page.get_by_role("button", name="Log in").click()
    for _ in range(3):
        code = running.totp(name)
        page.locator("input[name=code]").fill(code)
        with next_page(page):
            page.get_by_role("button", name="Go on").click()
        if not page.locator("input[name=code]").count():
            break
        while running.totp(name) == code:  # it opens the desk once, and another journey had it
            page.wait_for_timeout(500)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Queue")


class Tour:
    """One walk: each method is one stop, in the order of the river."""

    def __init__(self, running: Installation, browser: Browser, shoot: Shoot) -> None:
        self.running = running
        self.shoot = shoot
        self.public = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
        self.desk = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.code = ""
        for page in (self.public, self.desk):
            page.set_default_timeout(20_000)

    def disguised(self) -> dict[str, str]:
        port = self.running.port("practice_web")
        return {
            "swedish": f"hxxp://pictures[.]example:{port}/gallery",
            "cdn": f"hxxp://album[.]example:{port}/summer",
            "nowhere": f"nowhere.example:{port}/gallery",
        }

    def report(self) -> None:
        """Somebody reports a paragraph with three disguised addresses, and leaves out all other questions."""
        page, places = self.public, self.disguised()
        page.goto(self.running.url("report") + "/en/")
        self.shoot(page, "1-start")
        words = "A friend was sent these in a chat: {swedish} and {cdn} , and I wrote down {nowhere} last week."
        said = {Asked.TOPIC: Topic.WEB, Asked.WHERE: words.format(**places)}
        for name in Reporter(page, said).pages(self.running.url("report") + "/en/tell/"):
            self.shoot(page, STOPS.get(name, name))
            if name == "check":
                for shown in places.values():
                    expect(page.locator(".addresses")).to_contain_text(shown.removeprefix("nowhere.example"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("We have received it")
        self.code = receipt_code(page.content())

    def log_in(self, name: str = "anna") -> None:
        """An analyst logs in with password and one-time code."""
        log_in(self.desk, self.running, name)

    def assess(self) -> None:
        """The analyst reads the case and assesses its three items, seeing each time who will be told."""
        page = self.desk
        self._until(lambda: "3 to assess" in ((page.reload() and page.content()) or ""))
        self.shoot(page, "5-queue")
        page.locator("tbody a").first.click()
        self.shoot(page, "6-case")
        page.get_by_role("link", name="Assess").first.click()
        gone = page.get_by_role("group", name="In what way is it gone?")
        for finding, keys in (("csam", "1"), ("csam", "1"), ("not_found", "6a")):
            expect(page.get_by_role("group", name="What is it?")).to_be_visible()
            expect(gone).to_be_hidden()
            for key in keys:
                page.keyboard.press(key)
            assert page.locator("input:checked[name=finding]").input_value() == finding
            assert gone.is_visible() == (finding == "not_found")
            self.shoot(page, f"7-assess-{finding}")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Who will be told, and why")
            self.shoot(page, f"8-told-{finding}")
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Case")
        expect(page.locator(".state-ready")).to_have_count(0)

    def police_letter(self) -> str:
        """What the police read: decrypted by an ordinary gpg."""
        (text,) = [text for text in self._decrypted("police@polis.test") if "pictures.example" in text]
        return text

    def police_release(self, letter: str) -> None:
        """The police answer on the page that their mail names: the host may be told."""
        self._answer(letter, "the host may be told now", "K 1234-26")

    def host_letter(self) -> str:
        """The notice in the host's mailbox."""
        self._until(lambda: bool(self._mails("abuse@nordhost.test")))
        mail = message_from_bytes(self._mails("abuse@nordhost.test")[0])
        parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
        return "\n".join(bytes(part.get_payload(decode=True)).decode() for part in parts)

    def host_answers(self, letter: str) -> None:
        """The host answers that it has removed it."""
        self._answer(letter, "removed", "T-77")
        self.shoot(self.public, "9-answered")

    def take_down(self, place: str) -> None:
        """Somebody abroad takes the other one down: a button of the practice world."""
        page = self.desk.context.new_page()
        page.goto(self.running.url("practice") + "/hosts")
        row = page.locator("tr", has=page.locator(f"input[value='{place}']"))
        row.get_by_role("button", name="remove").first.click()
        page.close()

    def mailbox(self) -> str:
        """The reporter comes back with the code."""
        page = self.public
        page.goto(self.running.url("report") + "/en/mailbox/")
        page.locator("input[name=code]").fill(self.code.lower().replace("-", " "))
        page.get_by_role("button", name="Open the mailbox").click()
        return page.locator("main").inner_text()

    def figures(self) -> str:
        """The public figures."""
        self.public.goto(self.running.url("pages") + "/en/results/")
        return self.public.locator("main").inner_text()

    def closed(self) -> bool:
        return self.running.sql("casebook", "SELECT state FROM cases_case") == [("closed",)]

    def wait(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        self._until(ready, seconds)

    def _answer(self, letter: str, choice: str, reference: str) -> None:
        lines = letter.splitlines()
        address = next(word for line in lines for word in line.split() if word.startswith(self.running.url("partners")))
        place = next(at for at, line in enumerate(lines) if line.endswith("type this code:"))
        page = self.public
        page.goto(address)
        page.locator("input[name=code]").fill(lines[place + 2].strip())
        page.get_by_role("button", name="Open the message").click()
        page.get_by_label(re.compile(choice)).check()
        page.get_by_label("Your reference number").fill(reference)
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("received your answer")

    def _mails(self, mailbox: str) -> list[bytes]:
        folder = self.running.home / "practice" / "mail" / mailbox
        return [file.read_bytes() for file in sorted(folder.glob("*"))] if folder.exists() else []

    def _decrypted(self, mailbox: str) -> list[str]:
        self._until(lambda: bool(self._mails(mailbox)))
        folder = self.running.home / "gnupg"
        folder.mkdir(mode=0o700, exist_ok=True)
        gpg = ["gpg", "--homedir", str(folder), "--batch", "--quiet", "--trust-model", "always"]
        for key in (PRACTICE_DATA / "police.secret.asc", self.running.home / "keys" / "mail.pub.asc"):
            subprocess.run([*gpg, "--import", str(key)], check=True, capture_output=True)
        texts = []
        for mail in self._mails(mailbox):
            parts = [
                part
                for part in message_from_bytes(mail).walk()
                if part.get_content_type() == "application/octet-stream"
            ]
            encrypted = bytes(parts[0].get_payload(decode=True))
            done = subprocess.run(
                [*gpg, "--status-fd", "2", "--decrypt"], input=encrypted, capture_output=True, check=True
            )
            assert b"GOODSIG" in done.stderr, done.stderr
            inner = message_from_bytes(done.stdout)
            readable = [part for part in inner.walk() if part.get_content_type() == "text/plain"]
            texts.append(bytes(readable[0].get_payload(decode=True)).decode())
        return texts

    @staticmethod
    def _until(ready: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.2)
