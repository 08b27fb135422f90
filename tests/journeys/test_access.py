"""Everybody can use the public pages: with a reader, a keyboard, and without script."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.reporter import DESK, LANGUAGES, everything, next_page, press, window
from tests.journeys.scenes import PUBLIC, form, until
from tests.support.installation import Installation, receipt_code

from lykta.core.vocabulary import Topic

pytestmark = pytest.mark.journey

FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const field = one.name && `${one.name}=${one.type === "radio" ? "" : one.value}`;
  return [field || (one.getAttribute("href") ?? (one.className || (one === document.body ? "" : one.tagName.toLowerCase()))), outlined];
}"""
"""What has the focus: field and value, address, or class; nothing at the end of the page. And whether one sees it."""


def tab(page: Page, most: int = 40) -> list[str]:
    """What Tab reaches, in order, from the top of the page; each has to show that it has the focus."""
    reached: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(FOCUSED)
        if not name:
            return reached
        assert outlined, name
        reached.append(name)
    raise AssertionError(f"Tab does not come to an end: {reached}")


TOP = ["#main", "/en/", "/leave/", "tel:112"]
OTHERS = ["summary"]
"""The other languages, folded together."""
END = ["step=throw"]


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)[0] == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def enter(page: Page, name: str) -> None:
    tab_to(page, name)
    with next_page(page):
        page.keyboard.press("Enter")


def test_tab_reaches_everything_in_order(browser: Browser, running: Installation) -> None:
    switch = OTHERS
    with window(browser, DESK) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/")
        assert tab(page)[:7] == [*TOP, *OTHERS, "/en/tell/", "/en/mailbox/"]
        enter(page, "/en/tell/")
        assert tab(page) == [*TOP, *switch, "answer=", "step=go"]
        page.locator("[value=other]").check()
        press(page, "go")
        assert tab(page) == [*TOP, *switch, "step=back", "answer=", "step=go", "step=skip", *END]
        press(page, "skip")
        assert tab(page) == [*TOP, *switch, "step=back", "answer=", "step=go", "step=check", *END]
        tab_to(page, "answer=")
        page.keyboard.type("Somebody told me about it.")
        enter(page, "step=check")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
        changes = [f"step=change-{asked}" for asked in ("topic", "danger", "words", "where", "contact")]
        assert [one for one in tab(page) if one != "said"] == [*TOP, *switch, "step=back", *changes, "step=send", *END]
        enter(page, "step=send")
        expect(page.get_by_role("heading", level=1)).to_contain_text("We have received it")
        assert tab(page) == [*TOP, "step=note", "/en/mailbox/"]


def test_the_other_languages_open_with_the_keyboard(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/")
        tab_to(page, "summary")
        page.keyboard.press("Enter")
        enter(page, "/my/")
        assert page.url.endswith("/my/")


def test_enter_in_a_line_goes_on_and_does_not_change_the_language(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        until("contact")(page, running, "en")
        page.locator("#answer").fill("somebody@reporter.example")
        with next_page(page):
            page.locator("#answer").press("Enter")
        assert page.url == form(running, "en")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")


def test_shift_three_times_leaves_and_capitals_in_a_text_do_not(browser: Browser, running: Installation) -> None:
    with window(browser, DESK) as context:
        page = context.new_page()
        until("words")(page, running, "en")
        expect(page.locator("#shift")).to_be_visible()
        page.locator("#answer").press_sequentially("A B C D")
        for key in ("Shift", "a", "Shift", "b", "Shift", "Shift", "c"):
            page.keyboard.press(key)
        assert page.url.endswith("/en/tell/")
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url("**/leave/")
        assert (page.title(), page.locator("body").inner_text()) == ("-", "")


def test_without_script_everything_works_and_nothing_speaks_of_keys(browser: Browser, running: Installation) -> None:
    with window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        until("receipt")(page, running, "en")
        assert not page.locator("#shift").is_visible()
        code = receipt_code(page.content())
        with page.expect_download() as saving:
            page.locator("main button[value=note]").click()
        assert saving.value.suggested_filename == "note.txt"
        assert Path(saving.value.path()).read_text(encoding="utf-8").startswith(code)
        PUBLIC["deleted"](page, running, "en")
        assert "Your mailbox is deleted" in page.content()
        page.locator("a.leave").click()
        assert page.title() == "-"


@pytest.mark.parametrize("topic", [Topic.TRAVEL, Topic.OWN_PICTURE])
def test_a_text_browser_shows_every_page_in_order(running: Installation, topic: Topic) -> None:
    for shown in running.pages(everything(topic), language="sv"):
        text = as_text(shown.source)
        heading = as_text(re.findall(r"<h1[^>]*>.*?</h1>", shown.source, re.DOTALL)[0]).strip()
        place = 0
        for words in ("Lämna sidan", "Ring 112", heading, "Inga kakor"):
            place = text.find(words, place)
            assert place >= 0, (shown.name, words, text)
        assert "<" not in text, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_browser_sends_an_answer(running: Installation, tmp_path: Path, language: str) -> None:
    """It gets the first question by itself, and the second one with what its form sends."""
    address = form(running, language)
    state = hidden(dump("-dump_source", address))
    body = tmp_path / "body"
    body.write_text(urlencode({"state": state, "answer": "web", "step": "go"}))
    page = dump("-dump_source", "-post", str(body), address)
    assert 'value="unknown"' in page
    text = as_text(page)
    assert text.count("( )") == 3


def hidden(source: str) -> str:
    found = re.search(r'name="state" value="([^"]+)"', source)
    assert found, source
    return found[1]


def as_text(source: str) -> str:
    return dump("-dump", "-T", "text/html", source=source.partition("</head>")[2] or source)


def dump(*arguments: str, source: str | None = None) -> str:
    reader = shutil.which("w3m")
    assert reader, "w3m is not installed: apt-get install w3m"
    command = [reader, "-I", "UTF-8", "-O", "UTF-8", "-cols", "500", "-o", "accept_encoding=identity", *arguments]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True, timeout=30).stdout
