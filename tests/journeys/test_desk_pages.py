"""Every page of the desk that can be opened by its address: axe finds nothing, in light or in dark, and nothing is
scrolled sideways, also at 200 per cent. The pages for what goes wrong are seen too.

The desk's own list of addresses is gone through, so that a new page is looked at without anybody thinking of it.
"""

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.desk_scenes import addresses, made
from tests.journeys.reporter import DESK, next_page, window
from tests.journeys.test_every_page import axe
from tests.journeys.tour import log_in
from tests.support.installation import Installation

pytestmark = pytest.mark.journey

COLOURED = {"queue", "case", "item", "assess", "look", "own-looking", "decide", "approvals", "people", "mfa_index"}
"""Colours take axe longest, and these pages show all that the desk has."""
ENLARGED = DESK // 2
"""The window of a desk at 200 per cent, in CSS pixels (WCAG 2.2, 1.4.4)."""
UNSIGNED = """() => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/account/spare/" });
  document.body.append(form);
  form.submit();
}"""
"""A form without the token that each form of the desk carries."""


def faults(page: Page, name: str) -> list[str]:
    """What axe finds, and how far the page is wider than its window."""
    found = axe(page, dark=name in COLOURED, shapes=set())
    for width in (ENLARGED, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"is {wide} pixels wide in {width}"] if wide > width else []
    return found


def problems(page: Page, desk: str) -> dict[str, list[str]]:
    """The pages for what goes wrong, each with what is wrong with it in turn."""
    found = {}
    for status, address in ((404, "/nothing/"), (405, "/views/keep/")):
        answer = page.goto(desk + address)
        assert answer
        assert answer.status == status
        found[str(status)] = faults(page, "problem")
    with page.expect_response(lambda answer: answer.status == 403), next_page(page):
        page.evaluate(UNSIGNED)
    found["403"] = faults(page, "problem")
    return found


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
                found[name] = [*faults(page, name), *([] if answer.status == 200 else [f"answers {answer.status}"])]
        found |= problems(page, running.url("desk"))
    assert len(found) >= 51, sorted(found)
    assert {name: one for name, one in found.items() if one} == {}
