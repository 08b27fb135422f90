"""Ways to the public pages that lie beside the branches of the form: each function leads to one page."""

from collections.abc import Callable

from playwright.sync_api import Page
from tests.journeys.reporter import EVERYTHING, Reporter, press
from tests.support.installation import Installation

from lykta.core.asking import Answers
from lykta.core.vocabulary import Asked, Choice, Topic

Scene = Callable[[Page, Installation, str], None]
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


def number_of(country: str) -> Scene:
    """The page for a child in danger, once it has been asked for the number of a country."""

    def ask(page: Page, running: Installation, language: str) -> None:
        until("emergency", {**SHORT, Asked.DANGER: Choice.YES})(page, running, language)
        page.locator("#answer").fill(country)
        press(page, "number")

    return ask


def lost(page: Page, running: Installation, language: str) -> None:
    until("words")(page, running, language)
    page.locator("#answer").fill("This took a day to write.")
    page.locator("input[name=state]").evaluate("one => { one.value = 'damaged'; }")
    press(page, "go")


def mailbox(page: Page, running: Installation, language: str) -> None:
    code = running.report(EVERYTHING[Asked.WORDS])
    page.goto(f"{running.url('report')}/{language}/mailbox/")
    page.locator("#code").fill(code)
    press(page, "open")


def written(page: Page, running: Installation, language: str) -> None:
    mailbox(page, running, language)
    page.locator("#text").fill("It was on Tuesday.")
    press(page, "write")


def wrong_code(page: Page, running: Installation, language: str) -> None:
    page.goto(f"{running.url('report')}/{language}/mailbox/")
    page.locator("#code").fill("7K3M")
    press(page, "open")


def too_many_codes(page: Page, running: Installation, language: str) -> None:
    for _ in range(10):
        page.request.post(f"{running.url('report')}/{language}/mailbox/", form={"code": "7K3M", "step": "open"})
    wrong_code(page, running, language)


def poster(page: Page, running: Installation, language: str) -> None:
    address = f"{running.url('report')}/{language}/poster/ARN-T5/"
    if page.request.get(address).status == 404:
        running.run("links", "add", "ARN-T5", "An airport", check=False)  # another window may add it at this moment
    page.goto(address)


throw = pressing(until("words"), "throw")
delete = pressing(mailbox, "delete")
PUBLIC: dict[str, Scene] = {
    "start": at("report", "/{language}/"),
    "nothing chosen": pressing(until("topic"), "go"),
    "nothing typed": pressing(until("words"), "go"),
    "a number elsewhere": number_of("Thailand"),
    "no number elsewhere": number_of("Atlantis"),
    "throw": throw,
    "thrown": pressing(throw, "forget"),
    "lost": lost,
    "code": at("report", "/{language}/mailbox/"),
    "wrong code": wrong_code,
    "too many codes": too_many_codes,
    "mailbox": mailbox,
    "written": written,
    "delete": delete,
    "deleted": pressing(delete, "forget"),
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
"""Every public page that is no page of a branch."""
