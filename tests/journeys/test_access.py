"""Everybody can use the public pages: with a reader, a keyboard, a small or enlarged screen, with and without script."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.journeys.tour import chromium
from tests.support.installation import Installation, installation, new_network, receipt_code

pytestmark = pytest.mark.journey

PHONE, ENLARGED = 390, 320
"""CSS pixels across: a telephone, and a window of 1280 at 400 % (WCAG 2.2, 1.4.10)."""
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "async () => (await axe.run()).violations.map(one => [one.id, one.nodes.map(node => node.html)])"
FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  return [one.name ? `${one.name}=${one.type === "radio" ? "" : one.value}` : one.getAttribute("href") ?? "", outlined];
}"""
Scene = Callable[[Page, Installation, str], None]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    settings = {"LYKTA_TRUSTED_PROXY": "127.0.0.1", "LYKTA_LANGUAGES": "sv,en"}
    with installation(tmp_path_factory.mktemp("access") / "home", **settings) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def window(browser: Browser, width: int, **options: Any) -> BrowserContext:
    """Each window comes from a network of its own, so that no scene meets the limit on floods."""
    visitor = {"X-Forwarded-For": new_network()}
    context = browser.new_context(viewport={"width": width, "height": 844}, extra_http_headers=visitor, **options)
    context.set_default_timeout(20_000)
    return context


def at(face: str, path: str) -> Scene:
    """A scene that is one address."""
    return lambda page, running, language: _go(page, running.url(face) + path.format(language=language))


def _go(page: Page, address: str) -> None:
    page.goto(address)


def press(page: Page, step: str) -> None:
    page.locator(f"main button[name=step][value={step}]").click()


def check(page: Page, running: Installation, language: str) -> None:
    page.goto(f"{running.url('report')}/{language}/tell/")
    page.locator("#text").fill("I saw this on hxxp://pictures[.]example/gallery yesterday.")
    press(page, "check")


def nothing_typed(page: Page, running: Installation, language: str) -> None:
    page.goto(f"{running.url('report')}/{language}/tell/")
    press(page, "check")


def receipt(page: Page, running: Installation, language: str) -> None:
    check(page, running, language)
    press(page, "send")


def mailbox(page: Page, running: Installation, language: str) -> None:
    receipt(page, running, language)
    code = receipt_code(page.content())
    page.goto(f"{running.url('report')}/{language}/mailbox/")
    page.locator("#code").fill(code)
    press(page, "open")


def written(page: Page, running: Installation, language: str) -> None:
    mailbox(page, running, language)
    page.locator("#text").fill("It was on Tuesday.")
    press(page, "write")


def delete(page: Page, running: Installation, language: str) -> None:
    mailbox(page, running, language)
    press(page, "delete")


def deleted(page: Page, running: Installation, language: str) -> None:
    delete(page, running, language)
    press(page, "forget")


def wrong_code(page: Page, running: Installation, language: str) -> None:
    page.goto(f"{running.url('report')}/{language}/mailbox/")
    page.locator("#code").fill("7K3M")
    press(page, "open")


PUBLIC: dict[str, Scene] = {
    "start": at("report", "/{language}/"),
    "tell": at("report", "/{language}/tell/"),
    "nothing typed": nothing_typed,
    "check": check,
    "receipt": receipt,
    "code": at("report", "/{language}/mailbox/"),
    "wrong code": wrong_code,
    "mailbox": mailbox,
    "written": written,
    "delete": delete,
    "deleted": deleted,
    "no such page": at("report", "/{language}/nothing/"),
    "answer": at("partners", "/{language}/answer/"),
    "front": at("pages", "/{language}/"),
    "results": at("pages", "/{language}/results/"),
}
SCENES = {**PUBLIC, "desk": at("desk", "/")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, running: Installation, language: str, scheme: Literal["light", "dark"]
) -> None:
    with window(browser, PHONE, color_scheme=scheme, bypass_csp=True) as context:
        found = {}
        for name, show in SCENES.items():
            page = context.new_page()
            show(page, running, language)
            page.evaluate(AXE)
            found[name] = page.evaluate(RUN_AXE)
            page.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_finds_a_fault_that_is_there(browser: Browser) -> None:
    with window(browser, PHONE) as context:
        page = context.new_page()
        page.set_content("<title>x</title><main><h1>x</h1><input></main>")
        page.evaluate(AXE)
        assert "label" in {rule for rule, _ in page.evaluate(RUN_AXE)}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_at_four_hundred_per_cent_nothing_has_to_be_scrolled_sideways(
    browser: Browser, running: Installation, language: str
) -> None:
    with window(browser, ENLARGED, java_script_enabled=True) as context:
        wide = {}
        for name, show in PUBLIC.items():
            page = context.new_page()
            show(page, running, language)
            wide[name] = page.evaluate("document.documentElement.scrollWidth")
            page.close()
    assert {name: width for name, width in wide.items() if width > ENLARGED} == {}


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


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)[0] == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_a_report_needs_no_more_than_a_keyboard(browser: Browser, running: Installation) -> None:
    with window(browser, 1280) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/")
        assert tab(page)[:7] == [*TOP, "/sv/", "/en/tell/", "/en/mailbox/"]
        tab_to(page, "/en/tell/")
        page.keyboard.press("Enter")

        expect(page.locator("#text")).to_be_visible()
        assert tab(page) == [*TOP, "step=change", "text=", "topic=", "contact=", "step=check"]
        tab_to(page, "text=")
        page.keyboard.type("Somebody told me about it.")
        tab_to(page, "contact=")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
        tab_to(page, "step=send")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("We have received it")
        assert tab(page) == [*TOP, "step=note", "/en/mailbox/"]


def test_shift_three_times_leaves_and_capitals_in_a_text_do_not(browser: Browser, running: Installation) -> None:
    with window(browser, 1280) as context:
        page = context.new_page()
        page.goto(running.url("report") + "/en/tell/")
        expect(page.locator("#shift")).to_be_visible()
        page.locator("#text").press_sequentially("A B C D")
        for key in ("Shift", "a", "Shift", "b", "Shift", "Shift", "c"):
            page.keyboard.press(key)
        assert page.url.endswith("/en/tell/")
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url("**/leave/")
        assert (page.title(), page.locator("body").inner_text()) == ("-", "")


def test_without_script_everything_works_and_nothing_speaks_of_keys(browser: Browser, running: Installation) -> None:
    with window(browser, PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        receipt(page, running, "en")
        assert not page.locator("#shift").is_visible()
        code = receipt_code(page.content())
        with page.expect_download() as saving:
            press(page, "note")
        assert saving.value.suggested_filename == "note.txt"
        assert Path(saving.value.path()).read_text(encoding="utf-8").startswith(code)
        deleted(page, running, "en")
        assert "Your mailbox is deleted" in page.content()
        page.locator("a.leave").click()
        assert page.title() == "-"


@pytest.mark.parametrize("path", ["/sv/", "/sv/tell/", "/sv/mailbox/"])
def test_a_page_reads_in_order_as_bare_text(running: Installation, path: str) -> None:
    """As w3m shows it where that is installed; else as the page is written, without its tags."""
    _, source = running.ask("GET", "report", path)
    text = bare(source.partition("</head>")[2])
    heading = re.sub(r".*<h1>(.*?)</h1>.*", r"\1", source, flags=re.DOTALL)
    places = [text.find(words) for words in ("Lämna sidan", "Ring 112", heading, "Inga kakor")]
    assert -1 not in places
    assert places == sorted(places)


def bare(source: str) -> str:
    reader = shutil.which("w3m")
    if reader is None:
        return re.sub(r"<[^>]+>", " ", source)
    command = [reader, "-dump", "-I", "UTF-8", "-O", "UTF-8", "-cols", "500", "-T", "text/html"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
