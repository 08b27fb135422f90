"""Every page of the desk that can be opened by its address: axe finds nothing, nothing is scrolled sideways.

The desk's own list of addresses is gone through, so that a new page is looked at without anybody thinking of it.
"""

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.desk_scenes import addresses, made
from tests.journeys.reporter import DESK, window
from tests.journeys.test_every_page import ALL_RULES, AXE, BUT_CONTRAST, RUN_AXE
from tests.journeys.tour import log_in
from tests.support.installation import Installation

pytestmark = pytest.mark.journey

COLOURED = {"queue", "case", "item", "assess", "look", "own-looking", "decide", "approvals", "people", "mfa_index"}
"""Colours take axe longest, and these pages show all that the desk has."""


def faults(page: Page, name: str, status: int) -> list[str]:
    page.evaluate(AXE)
    rules = ALL_RULES if name in COLOURED else BUT_CONTRAST
    found = [f"{rule}: {nodes}" for rule, nodes in page.evaluate(RUN_AXE, rules)]
    width = page.evaluate("document.documentElement.scrollWidth")
    wide = [f"is {width} pixels wide"] if width > DESK else []
    return [*found, *wide, *([f"answers {status}"] if status != 200 else [])]


def test_every_page_of_the_desk_is_sound(browser: Browser, running: Installation) -> None:
    numbers = made(running)
    found = {}
    with window(browser, DESK, reduced_motion="reduce") as context:
        page = context.new_page()
        log_in(page, running, "lena")
        for name, address in addresses(numbers):
            answer = page.goto(running.url("desk") + address)
            assert answer
            if answer.status != 405:  # what only does something has no page
                found[name] = faults(page, name, answer.status)
    assert len(found) >= 48, sorted(found)
    assert {name: one for name, one in found.items() if one} == {}
