"""Every branch of the form in a real browser on a telephone: to the receipt, back, and in other languages."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.reporter import DESK, PHONE, Reporter, everything, next_page, press, window
from tests.journeys.scenes import form, pressing, until
from tests.support.installation import Installation, receipt_code

from lykta.core import asking
from lykta.core.vocabulary import Asked, Topic

pytestmark = pytest.mark.journey

LONGEST = Topic.TRAVEL
SCRIPT = {"script": True, "no script": False}
FOCUSED = "document.activeElement.name + '=' + document.activeElement.value"
WIDTH = "document.documentElement.scrollWidth"


def steps(topic: Topic) -> tuple[asking.Page, ...]:
    return asking.path(everything(topic))


@pytest.mark.parametrize("script", SCRIPT)
@pytest.mark.parametrize("topic", Topic)
def test_every_branch_leads_to_a_receipt_whose_code_opens_the_mailbox(
    browser: Browser, running: Installation, topic: Topic, script: str
) -> None:
    with window(browser, PHONE, java_script_enabled=SCRIPT[script]) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/")
        with next_page(page):
            page.get_by_role("link", name="Tell us").click()
        walked = []
        for name in Reporter(page, everything(topic)).pages(page.url):
            walked.append(name)
            assert page.evaluate(WIDTH) == PHONE, name
        assert walked == [*map(str, steps(topic)), "check", "receipt"]

        code = receipt_code(page.content())
        with next_page(page):
            page.get_by_role("link", name="To the mailbox").click()
        page.locator("#code").fill(code.lower().replace("-", " "))
        press(page, "open")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your mailbox")
        expect(page.locator("#standing")).to_have_text("How far we have come")


def browsers_back(page: Page) -> None:
    with next_page(page):
        page.evaluate("history.back()")


def pages_back(page: Page) -> None:
    press(page, "back")


@pytest.mark.parametrize(
    ("script", "back"), [("script", "the browser"), ("script", "the page"), ("no script", "the page")]
)
def test_back_leads_through_all_answers_to_the_first(
    browser: Browser, running: Installation, script: str, back: str
) -> None:
    go_back = {"the browser": browsers_back, "the page": pages_back}[back]
    with window(browser, PHONE, java_script_enabled=SCRIPT[script]) as context:
        page = context.new_page()
        reporter = Reporter(page, everything(LONGEST))
        next(name for name in reporter.pages(form(running, "en")) if name == "check")
        for step in reversed(steps(LONGEST)):
            go_back(page)
            reporter.stands_on(step)
            reporter.stands(step)
        for step in steps(LONGEST):
            reporter.stands(step)
            press(page, "go")
        reporter.stands_on_check()


def test_what_was_typed_comes_along_on_the_way_back(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        until("words", everything(Topic.OTHER))(page, running, "en")
        page.locator("#answer").fill("Half a sentence")
        browsers_back(page)
        press(page, "go")
        expect(page.locator("#answer")).to_have_value("Half a sentence")


def test_the_browsers_back_on_the_first_page_leads_to_the_start(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/")
        with next_page(page):
            page.get_by_role("link", name="Tell us").click()
        browsers_back(page)
        assert page.url.endswith("/en/")
        expect(page.get_by_role("link", name="Tell us")).to_be_visible()


def test_a_link_within_the_page_is_no_way_back(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        pressing(until("words"), "go")(page, running, "en")
        page.locator(".summary a").click()
        expect(page.locator("#answer")).to_be_focused()
        assert page.url.endswith("#answer")
        page.evaluate("history.back()")
        page.wait_for_function("location.hash === ''")
        expect(page.locator(".summary")).to_be_visible()
        browsers_back(page)
        expect(page.locator(".summary")).to_have_count(0)


def test_another_language_keeps_what_was_answered_and_what_is_being_typed(
    browser: Browser, running: Installation
) -> None:
    said = everything(Topic.CONTACT)
    with window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        reporter = Reporter(page, said)
        until("where", said)(page, running, "en")
        page.locator("#answer").fill("Half a sentence")
        for language, direction in (("sv", "ltr"), ("ar", "rtl")):
            page.locator(".tongues summary").click()
            with next_page(page):
                page.locator(f"button.tongue[lang={language}]").click()
            assert page.url.endswith(f"/{language}/tell/")
            assert page.locator("html").get_attribute("dir") == direction
            expect(page.locator("#answer")).to_have_value("Half a sentence")
        for step in steps(Topic.CONTACT)[steps(Topic.CONTACT).index(Asked.WHERE) :]:
            reporter.answer(step)
        reporter.stands_on_check()
        page.locator(".tongues summary").click()
        with next_page(page):
            page.locator("button.tongue[lang=en]").click()
        reporter.stands_on_check()
        press(page, "send")
        assert receipt_code(page.content())


def tab_to(page: Page, name: str) -> None:
    """Tab until the field or button `name=value` has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_a_whole_branch_needs_no_more_than_a_keyboard(browser: Browser, running: Installation) -> None:
    said = everything(Topic.CONTACT)
    with window(browser, DESK) as context:
        page = context.new_page()
        page.goto(form(running, "en"))
        for step in steps(Topic.CONTACT):
            text = said.get(step, "") if isinstance(step, Asked) else ""
            if step in asking.CHOICES:
                for value in text.split():
                    choose(page, value)
            elif text:
                tab_to(page, "answer=")
                page.keyboard.type(text.splitlines()[0])
            press_by_key(page, "step=go")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
        press_by_key(page, "step=send")
        assert receipt_code(page.content())


def choose(page: Page, value: str) -> None:
    """One of several boxes with Tab and Space; one button of a group with Tab and the arrows."""
    several = page.locator(".choice input").first.get_attribute("type") == "checkbox"
    values = page.locator(".choice input").evaluate_all("all => all.map(one => one.value)")
    tab_to(page, f"answer={value if several else values[0]}")
    for _ in range(0 if several else values.index(value)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator(f".choice [value='{value}']").is_checked()


def press_by_key(page: Page, name: str) -> None:
    tab_to(page, name)
    with next_page(page):
        page.keyboard.press("Enter")


LOOKS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"forced_colors": "active"}, {"borderTopStyle": "solid", "borderTopWidth": "2px"}),
    ({"reduced_motion": "reduce"}, {"transitionDuration": "0s"}),
    ({"reduced_motion": "no-preference"}, {"transitionDuration": "0.12s, 0.12s"}),
    ({"color_scheme": "light"}, {"backgroundColor": "rgb(140, 74, 0)", "color": "rgb(255, 255, 255)"}),
    ({"color_scheme": "dark"}, {"backgroundColor": "rgb(244, 182, 90)", "color": "rgb(35, 24, 0)"}),
]
"""What a device asks for, and how the button then looks."""
STYLES = "(one, names) => Object.fromEntries(names.map(name => [name, getComputedStyle(one)[name]]))"


@pytest.mark.parametrize(("wish", "look"), LOOKS)
def test_the_form_looks_as_the_device_asks(
    browser: Browser, running: Installation, wish: dict[str, Any], look: dict[str, str]
) -> None:
    with window(browser, **wish) as context:
        page = context.new_page()
        until("words")(page, running, "en")
        assert page.locator("main button.button").evaluate(STYLES, [*look]) == look
        press(page, "go")
        expect(page.locator(".summary")).to_be_visible()
