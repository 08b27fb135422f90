"""Somebody who reports, in a browser: walks through any branch of the form by data, page after page."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.utils.translation import to_language
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.support.catalogues import languages
from tests.support.installation import new_network

from lykta.core import asking
from lykta.core.asking import Answers, Told
from lykta.core.vocabulary import Asked, Choice, Topic

PHONE, ENLARGED, DESK = 390, 320, 1280
"""CSS pixels across: a telephone, a window of 1280 at 400 % (WCAG 2.2, 1.4.10), and a desk."""
LANGUAGES = tuple(map(to_language, ["en", *languages()]))
EVERYTHING: Answers = {
    Asked.DANGER: Choice.YES,
    Asked.WHERE: "hxxps://pictures[.]example/gallery?page=2\nthe user lamp_77",
    Asked.SPOT: "the third from the top",
    Asked.LOGIN: Choice.YES,
    Asked.LOGIN_HOW: "anybody is let in",
    Asked.SEEN: "last Tuesday",
    Asked.MORE: "A friend told me.",
    Asked.WHO: Choice.KNOWN_CHILD,
    Asked.DEMANDS: f"{Choice.THREATENS} {Choice.WANTS_MONEY}",
    Asked.WORDS: "It did not look right.",
    Asked.SINCE: "in May",
    Asked.AGE: Choice.FROM_13,
    Asked.FINGERPRINTS: f"sha256:{'0a' * 32}",
    Asked.SPREADER: "somebody called lamp_77",
    Asked.THREAT: Choice.YES,
    Asked.COUNTRY: "Thailand",
    Asked.PLACE: "a beach",
    Asked.ADULTS: "a man with a hat",
    Asked.CHILDREN: "two, about ten",
    Asked.VEHICLE: "a blue van",
    Asked.TOLD: "the guide",
    Asked.TRIP: "by coach",
    Asked.PHOTOS: Choice.YES,
    Asked.METHOD: f"{Choice.CARD} {Choice.VOUCHER}",
    Asked.ACCOUNT: "lamp shop",
    Asked.WALLET: "an address that ends with 77",
    Asked.AMOUNT: "20 euros a month",
    Asked.CONTACT: "somebody@reporter.example",
}
"""An answer to every question, chosen so that a branch shows every page that it has."""


def everything(topic: Topic) -> Answers:
    """The longest report on a topic."""
    asked = [page for page in asking.path({**EVERYTHING, Asked.TOPIC: topic}) if isinstance(page, Asked)]
    prints = [Asked.FINGERPRINTS] if topic is Topic.OWN_PICTURE else []
    answered: dict[Asked, str] = {one: EVERYTHING[one] for one in [*asked, *prints] if one is not Asked.TOPIC}
    return {Asked.TOPIC: topic, **answered}


def window(browser: Browser, width: int = PHONE, **options: Any) -> BrowserContext:
    """Each window comes from a network of its own, so that no scene meets the limit on floods."""
    visitor = {"X-Forwarded-For": new_network()}
    context = browser.new_context(viewport={"width": width, "height": 844}, extra_http_headers=visitor, **options)
    context.set_default_timeout(20_000)
    return context


def next_page(page: Page) -> AbstractContextManager[object]:
    """Until another document is there: what a script does to the history is a navigation as well, but brings none."""
    return page.expect_event("domcontentloaded")


def press(page: Page, step: str) -> None:
    """A button of the page itself, not of the top; then the next page is there, and not before."""
    with next_page(page):
        page.locator(f"main button[name=step][value={step}]").click()


class Reporter:
    """One report, from the first question on. What is not in `said` is skipped."""

    def __init__(self, page: Page, said: Answers) -> None:
        self.page = page
        self.said = said

    def pages(self, address: str) -> Iterator[str]:
        """Walk from the first question at `address` to the receipt.

        Yields the name of every page when it is shown, before it is answered. The last is `receipt`.
        """
        self.page.goto(address)
        for step in asking.path(self.said):
            self.stands_on(step)
            yield str(step)
            self.answer(step)
        self.stands_on_check()
        yield "check"
        press(self.page, "send")
        expect(self.page.locator(".receipt")).to_be_visible()
        yield "receipt"

    def stands_on(self, step: asking.Page) -> None:
        """The page shows this question, or this piece of advice, and no other."""
        if isinstance(step, Told):
            expect(self.page.locator("main button[value=go]")).to_be_visible()
        elif step in asking.CHOICES:
            offered = self.page.locator(".choice input").evaluate_all("all => all.map(one => one.value)")
            assert offered == [str(choice) for choice in asking.CHOICES[step]], step
        else:
            expect(self.page.locator("#answer")).to_be_editable()

    def stands_on_check(self) -> None:
        """The check page shows each question of this report, with what was said to it."""
        rows = self.page.locator(".rows > div")
        asked = [step for step in asking.path(self.said) if isinstance(step, Asked)]
        shown = rows.locator(".change button").evaluate_all("all => all.map(one => one.value)")
        assert shown == [f"change-{step}" for step in asked]
        for step, text in zip(asked, rows.locator("dd:not(.change)").all_inner_texts(), strict=True):
            said = self.said.get(step, "")
            assert bool(said) == (rows.nth(asked.index(step)).locator(".said").count() == 1), step
            assert step in asking.CHOICES or said in text, step

    def answer(self, step: asking.Page) -> None:
        """Fill the page in and go on."""
        self.fill(step)
        empty = isinstance(step, Asked) and not self.said.get(step)
        press(self.page, "skip" if empty else "go")

    def fill(self, step: asking.Page) -> None:
        """What is said on this page."""
        if not isinstance(step, Asked) or not (said := self.said.get(step)):
            return
        if step in asking.CHOICES:
            for value in said.split():
                self.page.locator(f".choice [value='{value}']").check()
        else:
            self.page.locator("#answer").fill(said)
        if step is Asked.WHERE and Asked.FINGERPRINTS in self.said:
            self.page.locator("#fingerprints").fill(self.said[Asked.FINGERPRINTS])

    def stands(self, step: asking.Page) -> None:
        """Everything that was said on this page stands there still."""
        if not isinstance(step, Asked) or not (said := self.said.get(step)):
            return
        if step in asking.CHOICES:
            checked = self.page.locator(".choice :checked").evaluate_all("all => all.map(one => one.value)")
            assert checked == said.split(), step
        else:
            expect(self.page.locator("#answer")).to_have_value(said)
