"""The desk by keyboard alone: few keys to a decision, and a sheet that says which."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.journeys.keyboard import keystrokes
from tests.support.installation import installation

pytestmark = pytest.mark.journey


def test_a_decision_needs_few_keys(tmp_path: Path, browser: Browser) -> None:
    with installation(tmp_path / "home") as running:
        found = keystrokes(running, browser)
        assert found.known <= 6
        assert found.new <= 12
        page = browser.contexts[-1].pages[-1]
        page.keyboard.press("q")
        page.wait_for_url(running.url("desk") + "/")
        page.keyboard.press("?")
        assert page.locator("dialog[open] kbd").all_inner_texts()[:2] == ["j", "k"]
