"""Ways to the public pages that lie beside the branches of the form: each function leads to one page."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page
from tests.journeys.reporter import EVERYTHING, Reporter, press
from tests.support.installation import Installation

from lykta.core.asking import Answers
from lykta.core.vocabulary import Asked, Choice, Topic

Scene = Callable[[Page, Installation, str], None]
Walk = Callable[[Page, Installation, str], Iterator[str]]
"""Yields the name of each page when it is shown."""
SHORT: Answers = {Asked.TOPIC: Topic.OTHER, Asked.WORDS: EVERYTHING[Asked.WORDS]}


def at(face: str, path: str) -> Scene:
    """A scene that is one address."""

    def go(page: Page, running: Installation, language: str) -> None:
        page.goto(running.url(face) + path.format(language=language))

    return go


def form(running: Installation, language: str) -> str:
    """The address of the first question."""
    return f"{running.url('report')}/{language}/tell/"


def until(name: str, said: Answers = SHORT) -> Scene:
    """The page of that name in a report."""

    def walk(page: Page, running: Installation, language: str) -> None:
        next(shown for shown in Reporter(page, said).pages(form(running, language)) if shown == name)

    return walk


def pressing(before: Scene, step: str) -> Scene:
    """The page after a button."""

    def go(page: Page, running: Installation, language: str) -> None:
        before(page, running, language)
        press(page, step)

    return go


def lost(page: Page, running: Installation, language: str) -> None:
    until("words")(page, running, language)
    page.locator("#answer").fill("This took a day to write.")
    page.locator("input[name=state]").evaluate("one => { one.value = 'damaged'; }")
    press(page, "go")


def thrown_away(page: Page, running: Installation, language: str) -> Iterator[str]:
    """Somebody who answers nothing where something is needed, and then throws it all away."""
    walk = Reporter(page, SHORT).pages(form(running, language))
    for name in walk:
        if name == Asked.TOPIC:
            press(page, "go")
            yield "nothing chosen"
        elif name == Asked.WORDS:
            press(page, "go")
            yield "nothing typed"
            page.locator("#answer").fill(SHORT[Asked.WORDS])
            press(page, "throw")
            yield "throw"
            press(page, "forget")
            yield "thrown"
            return


def asked_for_numbers(page: Page, running: Installation, language: str) -> Iterator[str]:
    """The page for a child in danger, once it has been asked for the number of a country."""
    until("emergency", {**SHORT, Asked.DANGER: Choice.YES})(page, running, language)
    for country, name in (("Thailand", "a number elsewhere"), ("Atlantis", "no number elsewhere")):
        page.locator("#answer").fill(country)
        press(page, "number")
        yield name


def came_back(page: Page, running: Installation, language: str) -> Iterator[str]:
    """Somebody who comes back with a code, writes, and then deletes the report."""
    code = running.report(EVERYTHING[Asked.WORDS])
    page.goto(f"{running.url('report')}/{language}/mailbox/")
    yield "code"
    for typed, name in (("7K3M", "wrong code"), (code, "mailbox")):
        page.locator("#code").fill(typed)
        press(page, "open")
        yield name
    page.locator("#text").fill("It was on Tuesday.")
    press(page, "write")
    yield "written"
    press(page, "delete")
    yield "delete"
    press(page, "forget")
    yield "deleted"


def too_many_codes(page: Page, running: Installation, language: str) -> None:
    address = f"{running.url('report')}/{language}/mailbox/"
    for _ in range(10):
        page.request.post(address, form={"code": "7K3M", "step": "open"})
    page.goto(address)
    page.locator("#code").fill("7K3M")
    press(page, "open")


def poster(page: Page, running: Installation, language: str) -> None:
    address = f"{running.url('report')}/{language}/poster/ARN-T5/"
    if page.request.get(address).status == 404:
        running.run("links", "add", "ARN-T5", "An airport", check=False)  # another window may add it at this moment
    page.goto(address)


def of(walk: Walk, name: str) -> Scene:
    """The page of that name on a walk."""

    def go(page: Page, running: Installation, language: str) -> None:
        next(shown for shown in walk(page, running, language) if shown == name)

    return go


WALKS: dict[Walk, tuple[str, ...]] = {
    thrown_away: ("nothing chosen", "nothing typed", "throw", "thrown"),
    asked_for_numbers: ("a number elsewhere", "no number elsewhere"),
    came_back: ("code", "wrong code", "mailbox", "written", "delete", "deleted"),
}
"""Pages that follow each other, in one go."""
SINGLE: dict[str, Scene] = {
    "start": at("report", "/{language}/"),
    "lost": lost,
    "too many codes": too_many_codes,
    "button": at("report", "/{language}/button/"),
    "card": at("report", "/{language}/card/"),
    "poster": poster,
    "shared": at("report", "/{language}/share/?url=https%3A%2F%2Fpictures.example%2F7"),
    "shared before": at("report", "/{language}/shared/used/"),
    "no such page": at("report", "/{language}/nothing/"),
    "answer": at("partners", "/{language}/answer/"),
    "front": at("pages", "/{language}/"),
    "results": at("pages", "/{language}/results/"),
}
PUBLIC = SINGLE | {name: of(walk, name) for walk, names in WALKS.items() for name in names}
"""Every public page that is no page of a branch."""
