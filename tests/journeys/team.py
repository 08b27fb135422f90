"""Colleagues at the desk, each in a browser of their own and without a mouse: who they are, and what their hands do.

They are logged in already: how one logs in, other journeys walk.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect
from tests.journeys.reporter import DESK
from tests.support.desk_sessions import cookies
from tests.support.installation import Installation

from lykta.core.asking import Answers
from lykta.core.vocabulary import Role

ROLES = {"anna": Role.ANALYST, "lena": Role.LEAD, "vera": Role.SENIOR_ANALYST, "sam": Role.ANALYST}


class Hands:
    """Somebody at the desk with a keyboard. `go` and `read` are what the eyes do."""

    def __init__(self, page: Page, running: Installation) -> None:
        self.page = page
        self.running = running

    def go(self, path: str) -> None:
        """An address that a colleague has told."""
        self.page.goto(self.running.url("desk") + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def leads_to(self, heading: str) -> None:
        """The page that comes of the last key."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading, timeout=20_000)

    def reads(self, *said: str) -> None:
        """Something stands on the page."""
        for one in said:
            expect(self.page.locator("main")).to_contain_text(one, timeout=20_000)

    def write(self, field: str, text: str) -> None:
        """What is typed into the field with this id."""
        self.page.locator(f"#{field}").focus()
        self.page.keyboard.type(text)

    def use(self, name: str) -> None:
        """A button or a link that has no key of its own: reached by Tab, and pressed."""
        found = self.page.locator("main").locator("button, a", has_text=name).first
        found.focus()
        self.page.keyboard.press("Enter")


@contextmanager
def team(browser: Browser, running: Installation) -> Iterator[dict[str, Hands]]:
    """Anna analyses, Lena leads, Vera is a senior analyst, and Sam will leave."""
    hands, contexts = {}, []
    for name, key in cookies(running, ROLES, device="Chromium, Linux", proved=True).items():
        context = browser.new_context(viewport={"width": DESK, "height": 900})
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "desk", "value": key, "url": running.url("desk")}])
        contexts.append(context)
        hands[name] = Hands(context.new_page(), running)
    yield hands
    for context in contexts:
        context.close()


def case_of(running: Installation, said: Answers) -> tuple[int, str]:
    """Somebody tells this: the number of the case that it becomes, and the page of the receipt."""
    before = newest(running)
    *_, receipt = running.pages(said)
    assert receipt.status == 200
    until(lambda: newest(running) > before)
    return newest(running), receipt.source


def newest(running: Installation) -> int:
    [(number,)] = running.sql("casebook", "SELECT coalesce(max(id), 0) FROM cases_case")
    return int(number)


def until(ready: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
