"""Somebody who reports, in a browser without a script: answers question after question."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from tests.sites.browsing import Page, get, press

from lykta.core import asking
from lykta.core.asking import Answers, Told
from lykta.core.vocabulary import Asked, Choice, Topic
from lykta.lib import clock
from lykta.sites.report.journey import Journey
from lykta.sites.report.questions import question

TELL, SWEDISH = "/en/tell/", "/sv/tell/"
SHORTEST = {"topic": "web", "danger": "no", "where": "On the board at https://pictures.example/7?page=2, user lamp_77"}
"""Answers with which a report can be sent, by question."""

CHECK = "Check before you send"
TITLES = {
    Told.EMERGENCY: "Call for help now",
    Told.SUPPORT: "It is not your fault",
    Told.THREATENED: "What helps against threats",
    Told.KEEP: "Keep the photographs",
}
FINGERPRINT = f"sha256:{'0a' * 32}"
MARKS = 'Two lines,\n"marks" & <b>signs</b>'

Typed = dict[str, str | list[str]]
"""What is typed into a page, by the name of the field."""

CHOSEN: dict[Asked, list[str]] = {
    Asked.DANGER: [Choice.YES],
    Asked.LOGIN: [Choice.YES],
    Asked.WHO: [Choice.KNOWN_CHILD],
    Asked.DEMANDS: [Choice.ASKS_PICTURES, Choice.THREATENS],
    Asked.AGE: [Choice.FROM_13],
    Asked.THREAT: [Choice.YES],
    Asked.PHOTOS: [Choice.YES],
    Asked.METHOD: [Choice.CARD, Choice.VOUCHER],
}
"""What opens every page that a branch has."""


def answers_on(page: asking.Page | None, topic: Topic) -> dict[Asked, str]:
    """What somebody who leaves out nothing answers on a page, as it is stored."""
    if page in {Told.EMERGENCY, Asked.COUNTRY}:
        return {Asked.COUNTRY: "Thailand"}
    if not isinstance(page, Asked):
        return {}
    if page is Asked.TOPIC:
        return {page: topic}
    if page in CHOSEN:
        return {page: " ".join(CHOSEN[page])}
    text = question(page, {Asked.TOPIC: topic}).kind == "text"
    said: dict[Asked, str] = {page: f"{MARKS} about {page}" if text else f"About {page}: 1 < 2 & 3"}
    if page is Asked.WHERE and topic is Topic.OWN_PICTURE:
        said[Asked.FINGERPRINTS] = FINGERPRINT
    return said


def typed_on(page: asking.Page | None, topic: Topic) -> Typed:
    """The same, as a browser sends it."""
    return {
        "fingerprints" if asked is Asked.FINGERPRINTS else "answer": said.split() if asked in asking.SEVERAL else said
        for asked, said in answers_on(page, topic).items()
    }


def title_of(page: asking.Page | None, answers: Answers) -> str:
    """The title of a page of a report, in English."""
    if page is None:
        return CHECK
    return TITLES[page] if isinstance(page, Told) else str(question(page, answers).title)


@dataclass(frozen=True)
class Stop:
    """A page on the way of somebody who answers everything: `at` None is the check page; `answers` before this one."""

    at: asking.Page | None
    page: Page
    answers: dict[Asked, str]
    topic: Topic

    @property
    def typed(self) -> Typed:
        return typed_on(self.at, self.topic)

    @property
    def then(self) -> dict[Asked, str]:
        """All answers after this page."""
        return self.answers | answers_on(self.at, self.topic)


def walk(client: Client, topic: Topic, path: str = TELL) -> Iterator[Stop]:
    """Every page of a branch in the order of `core.asking.path`, the check page last, with all that can be said."""
    answers: dict[Asked, str] = {}
    at: asking.Page | None = Asked.TOPIC
    page = ask(client, path)
    while at is not None:
        stop = Stop(at, page, answers, topic)
        yield stop
        answers = stop.then
        pages = [*asking.path(answers), None]
        page, at = press(client, path, page, "go", **stop.typed), pages[pages.index(at) + 1]
    yield Stop(None, page, answers, topic)


def shown(page: Page) -> Typed:
    """What stands in the fields of a page, or is chosen there, as `typed_on` gives it."""
    found: dict[str, list[str]] = {}
    for name, value in page.filled:
        if name in {"answer", "fingerprints"}:
            found[name] = [*found.get(name, []), value]
    return {name: values[1:] if "checkbox" in page.source else values[0] for name, values in found.items()}


def journey_on(page: Page) -> Journey:
    """What a page carries, as the face reads it."""
    journey = Journey.read(page.fields["state"], clock.now())
    assert journey is not None
    return journey


def ask(client: Client, path: str = TELL) -> Page:
    """The first question."""
    return get(client, path)


def answer(client: Client, page: Page, said: str | list[str], step: str = "go", path: str = TELL) -> Page:
    """Answer the question of a page and press a button."""
    return press(client, path, page, step, answer=said)


def told(client: Client, *answers: str | list[str], path: str = TELL) -> Page:
    """The page after these answers."""
    page = ask(client, path)
    for said in answers:
        page = answer(client, page, said, path=path)
    return page


def checked(client: Client, *, path: str = TELL, **said: str) -> Page:
    """The check page of the shortest report."""
    topic, danger, where = (SHORTEST | said).values()
    return answer(client, told(client, topic, danger, path=path), where, "check", path=path)


def sent(client: Client, *, path: str = TELL, **said: str) -> Page:
    """The receipt."""
    return press(client, path, checked(client, path=path, **said), "send")
