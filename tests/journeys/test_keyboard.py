"""The desk by keyboard alone: few keys to a decision, and a sheet that says which."""

import pytest
from playwright.sync_api import Browser
from tests.journeys.keyboard import keystrokes
from tests.support.installation import Installation

pytestmark = pytest.mark.journey


def test_a_decision_needs_few_keys(running: Installation, browser: Browser) -> None:
    found = keystrokes(running, browser)
    assert found.known <= 6
    assert found.new <= 12
    page = browser.contexts[-1].pages[-1]
    page.keyboard.press("q")
    page.wait_for_url(running.url("desk") + "/")
    page.keyboard.press("?")
    assert page.locator("dialog[open] kbd").all_inner_texts()[:2] == ["j", "k"]
    page.keyboard.press("Escape")
    more = page.locator("details.more")
    page.keyboard.press(".")
    assert more.get_by_role("link", name="My looking").is_visible()
    page.keyboard.press("Escape")
    assert more.get_by_role("link").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "More"
    page.keyboard.press("/")
    page.wait_for_url(running.url("desk") + "/search/")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.id") == "sought", "a page's own key comes before the menu's"
