"""Every public page in every language: axe finds nothing, nothing is scrolled sideways, nothing strange is loaded."""

from collections.abc import Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, Page, Request
from tests.journeys.reporter import ENLARGED, LANGUAGES, PHONE, Reporter, everything, window
from tests.journeys.scenes import PUBLIC, SINGLE, WALKS, Scene, at, form, too_many_codes
from tests.support.installation import Installation

from lykta.core.vocabulary import Asked, Topic

pytestmark = pytest.mark.journey

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "async (rules) => (await axe.run(rules)).violations.map(one => [one.id, one.nodes.map(node => node.html)])"
ALL_RULES: dict[str, object] = {"resultTypes": ["violations"]}
BUT_CONTRAST: dict[str, object] = {**ALL_RULES, "rules": {"color-contrast": {"enabled": False}}}
ONLY_CONTRAST: dict[str, object] = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
IN_FULL = {"en", "ar"}
"""A language of each direction is walked through by a browser, in light and dark: all share one style sheet."""
LOADED = {"document", "stylesheet", "script"}
ICON = "/static/icon.svg"
"""Of the page from which one installs the form."""
SHAPE = """() => [...document.querySelectorAll("*")].map(one => [
  one.tagName, one.className.toString(), one.getAttribute("type") || "", one.getAttributeNames().join(" "),
  one.childElementCount === 0 && one.textContent.trim() !== ""].join()).join("|")"""
"""What axe looks at but for colours: elements and their attributes, and whether there are words, whatever they say."""
WORDS = "() => [...document.querySelectorAll('h1, .field .hint')].map(one => one.innerText).join(' ')"
STYLED = "() => document.styleSheets.length > 0 && [...document.styleSheets].every(one => one.cssRules.length)"
ALONE = {"too many codes"}
"""It leaves a network over its limit behind, so it is looked at in a window of its own."""


def pages_of(page: Page, running: Installation, language: str, topic: Topic, seen: set[str]) -> Iterator[str]:
    """The pages of a branch whose words no earlier branch has shown."""
    for name in Reporter(page, everything(topic)).pages(form(running, language)):
        words = page.evaluate(WORDS)
        if words in seen and name == Asked.CONTACT:
            return  # from here on all branches are alike
        if words not in seen:
            seen.add(words)
            yield f"{topic} {name}"


def axe(page: Page, *, dark: bool, shapes: set[str]) -> list[str]:
    """What axe-core finds: with `dark` in both schemes, else without looking at colours, which takes it longest.

    Pages of one shape are alike to it, in colour too: it looks at the first one of each in `shapes`.
    """
    shape = page.evaluate(SHAPE)
    if shape in shapes:
        return []
    shapes.add(shape)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    light = page.evaluate(RUN_AXE, ALL_RULES if dark else BUT_CONTRAST)
    if not dark:
        return [f"{rule}: {nodes}" for rule, nodes in light]
    page.emulate_media(color_scheme="dark")
    in_dark = page.evaluate(RUN_AXE, ONLY_CONTRAST)
    page.emulate_media(color_scheme="light")
    return [f"{rule}: {nodes}" for rule, nodes in [*light, *in_dark]]


def sideways(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"is {width} pixels wide"] if width > ENLARGED else []


class Watch:
    """What a page loads, says to the console and keeps; names what is wrong since it was last asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("request", self._request)
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        # A page with advice has a status of its own, which the browser calls a failure.
        page.on("console", lambda said: None if "Failed to load" in said.text else self.wrong.append(said.text))

    def _request(self, request: Request) -> None:
        origin = "/".join(self.page.url.split("/")[:3])
        foreign = not request.is_navigation_request() and not request.url.startswith(origin)
        if foreign or (request.resource_type not in LOADED and not request.url.endswith(ICON)):
            self.wrong.append(f"loads a {request.resource_type}: {request.url}")

    def faults(self) -> list[str]:
        found = [*self.wrong, *(f"cookie {cookie}" for cookie in self.page.context.cookies())]
        self.wrong.clear()
        return found


@pytest.mark.parametrize("language", sorted(IN_FULL))
def test_every_page_of_every_branch_is_sound(browser: Browser, running: Installation, language: str) -> None:
    seen: set[str] = set()
    shapes: set[str] = set()
    found = {}
    for topic in Topic:
        with window(browser, ENLARGED, reduced_motion="reduce") as context:
            page = context.new_page()
            watch = Watch(page)
            for name in pages_of(page, running, language, topic, seen):
                found[name] = [*axe(page, dark=True, shapes=shapes), *sideways(page), *watch.faults()]
    assert len(found) > 15, sorted(found)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in IN_FULL])
def test_no_page_of_any_branch_is_too_wide_or_unsound_in_other_words(
    browser: Browser, running: Installation, language: str
) -> None:
    """The pages as they are sent, laid into a window one after the other: that is many times quicker than to walk."""
    shapes: set[str] = set()
    seen: set[str] = set()
    found = {}
    with window(browser, ENLARGED, reduced_motion="reduce", bypass_csp=True) as context:
        page = context.new_page()
        page.goto(form(running, language))
        for topic in Topic:
            for shown in running.pages(everything(topic), language=language):
                page.set_content(shown.source)
                assert page.evaluate(STYLED), shown.name
                words = page.evaluate(WORDS)
                if words not in seen:
                    seen.add(words)
                    found[f"{topic} {shown.name}"] = [*axe(page, dark=False, shapes=shapes), *sideways(page)]
    assert len(found) > 15, sorted(found)
    assert {name: faults for name, faults in found.items() if faults} == {}


def others(page: Page, running: Installation, language: str) -> Iterator[str]:
    for walk in WALKS:
        yield from walk(page, running, language)
    for name, scene in SINGLE.items():
        if name not in ALONE:
            scene(page, running, language)
            yield name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_public_page_is_sound(browser: Browser, running: Installation, language: str) -> None:
    shapes: set[str] = set()
    found = {}
    with window(browser, ENLARGED, reduced_motion="reduce") as context:
        page = context.new_page()
        watch = Watch(page)
        for name in others(page, running, language):
            found[name] = [*axe(page, dark=language in IN_FULL, shapes=shapes), *sideways(page), *watch.faults()]
    assert found.keys() == PUBLIC.keys() - ALONE
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", sorted(IN_FULL))
@pytest.mark.parametrize("scene", [too_many_codes, at("desk", "/")])
def test_what_leaves_something_in_a_window_is_sound(
    browser: Browser, running: Installation, language: str, scene: Scene
) -> None:
    """A cookie of the desk, a network over its limit: built of the same parts as others, so two languages show them."""
    with window(browser, ENLARGED, reduced_motion="reduce") as context:
        page = context.new_page()
        scene(page, running, language)
        assert axe(page, dark=True, shapes=set()) == []
        assert scene is not too_many_codes or sideways(page) == []


def test_a_fault_that_is_there_is_found(browser: Browser, running: Installation) -> None:
    with window(browser, PHONE, reduced_motion="reduce") as context:
        page = context.new_page()
        watch = Watch(page)
        page.goto(running.url("report") + "/en/")
        assert [*axe(page, dark=True, shapes=set()), *watch.faults()] == []
        page.evaluate("""() => {
          const main = document.querySelector("main");
          const picture = Object.assign(document.createElement("img"), { alt: "", src: "/x.png" });
          main.replaceChildren(document.createElement("input"), picture);
          main.style.width = "40rem";
        }""")
        page.wait_for_timeout(100)
        assert "label" in {fault.partition(":")[0] for fault in axe(page, dark=True, shapes=set())}
        assert sideways(page)
        assert "x.png" in " ".join(watch.faults())
