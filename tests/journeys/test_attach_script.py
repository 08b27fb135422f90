"""The page's script in a browser: it sends piece by piece, goes on by itself, and leaves nothing for the form to send."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route, expect
from tests.sites.report.files import NOT_ALLOWED, text
from tests.support.installation import Installation
from tests.support.parts import Parts

from lykta.core.attaching import PIECE_BYTES
from lykta.core.vocabulary import Asked
from lykta.sites.common.headers import CONTENT_SECURITY_POLICY
from lykta.sites.report.questions import question
from lykta.sites.report.uploads import Attached

pytestmark = pytest.mark.journey
LINE = re.compile(r"[0-9a-f]{32} (\d+) (.+)")
FORM = """<!doctype html><html lang="en"><title>x</title><form method="post" action="/take/" enctype="multipart/form-data">
{}<button name="step" value="go">Continue</button><button name="step" value="skip">Skip</button></form>"""
HEADERS = {"Content-Type": "text/html", "Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real report face that takes files."""
    running = Installation(tmp_path_factory.mktemp("attach") / "home", {"LYKTA_ATTACHMENTS": "contact"})
    running.home.mkdir(mode=0o700)
    running.run("init", "--practice")
    parts = Parts(running)
    parts.start("serve report")
    running.wait_for("report")
    yield running.url("report")
    parts.stop()


@pytest.fixture(scope="module")
def html() -> str:
    """A page with the field and nothing else."""
    environment = settings.ENVIRONMENT.model_copy(update={"attachments": "contact"})
    face = import_module("lykta.config.settings.report")
    with override_settings(TEMPLATES=face.TEMPLATES, ROOT_URLCONF=face.ROOT_URLCONF, ENVIRONMENT=environment):
        inside = render_to_string("files_field.html", {"attached": Attached(), "asks": question(Asked.FILES, {})})
    return FORM.format(inside)


@pytest.fixture
def sent() -> list[str]:
    """What the form itself sent."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, html: str, sent: list[str]) -> Iterator[Page]:
    opened = browser.new_page()

    def take(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(body="taken")

    opened.route("**/field/", lambda route: route.fulfill(body=html, headers=HEADERS))
    opened.route("**/take/", take)
    opened.goto(f"{address}/field/")
    yield opened
    opened.close()


@pytest.fixture
def choose(page: Page, tmp_path: Path) -> Callable[..., None]:
    def put_in(**files: bytes) -> None:
        for name, data in files.items():
            (tmp_path / f"{name}.txt").write_bytes(data)
        page.set_input_files("#files", [tmp_path / f"{name}.txt" for name in files])

    return put_in


def carried(page: Page) -> list[tuple[str, str]]:
    found = [LINE.fullmatch(line) for line in page.input_value("input[name=kept]").splitlines()]
    return [(one[1], one[2]) for one in found if one]


def said(page: Page) -> Any:
    return expect(page.locator("output"))


def test_a_file_goes_in_pieces_and_the_page_carries_its_line(
    page: Page, choose: Callable[..., None], sent: list[str]
) -> None:
    sizes: list[int] = []
    page.on("request", lambda request: sizes.append(int(request.headers.get("lykta-index", "-1"))))
    choose(chat=text(2 * PIECE_BYTES + 5))
    said(page).to_have_text("The file is with us.")
    assert carried(page) == [(str(2 * PIECE_BYTES + 5), "chat.txt")]
    assert sizes == [0, 1, 2, 3, 4]
    assert page.input_value("#files") == ""
    page.click("text=Continue")
    page.wait_for_url("**/take/")
    assert "anna: hi" not in sent[0]
    assert " 524293 chat.txt" in sent[0]


def test_a_line_that_breaks_is_taken_up_again_where_it_broke(page: Page, choose: Callable[..., None]) -> None:
    seen: list[str] = []

    def break_twice(route: Route) -> None:
        index = route.request.headers["lykta-index"]
        seen.append(index)
        if index == "2" and seen.count("2") < 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/tell/chunk/", break_twice)
    choose(chat=text(3 * PIECE_BYTES))
    said(page).to_have_text("The line is gone for the moment. It goes on by itself.")
    said(page).to_have_text("The file is with us.", timeout=15_000)
    assert seen == ["0", "1", "2", "2", "2", "3", "4"]
    assert carried(page) == [(str(3 * PIECE_BYTES), "chat.txt")]


def test_an_answer_that_was_lost_costs_nothing(page: Page, choose: Callable[..., None]) -> None:
    seen: list[str] = []

    def lose_the_answer(route: Route) -> None:
        seen.append(route.request.headers["lykta-index"])
        if seen.count("1") == 1 and seen[-1] == "1":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/tell/chunk/", lose_the_answer)
    choose(chat=text(PIECE_BYTES + 1))
    said(page).to_have_text("The file is with us.", timeout=15_000)
    assert seen == ["0", "1", "1", "2", "3"]


def test_who_is_asked_to_wait_comes_back_with_the_ticket(page: Page, choose: Callable[..., None]) -> None:
    tickets: list[str] = []

    def ask_to_wait(route: Route) -> None:
        tickets.append(route.request.headers.get("lykta-ticket", ""))
        if len(tickets) == 1:
            route.fulfill(status=429, json={"wait": 1, "ticket": "a ticket"})
        else:
            route.continue_()

    page.route("**/tell/chunk/", ask_to_wait)
    choose(chat=b"anna: hi")
    said(page).to_have_text("The file is with us.")
    assert tickets == ["", "a ticket", "a ticket", "a ticket"]


def test_a_picture_is_refused_in_a_sentence_and_the_others_go(page: Page, choose: Callable[..., None]) -> None:
    choose(picture=NOT_ALLOWED["png"], chat=b"anna: hi")
    said(page).to_have_text(
        "Only PDF documents and plain text can be sent: no pictures, films or archives. It was not kept."
    )
    assert carried(page) == [("8", "chat.txt")]


def test_continue_waits_for_the_file(page: Page, choose: Callable[..., None], sent: list[str]) -> None:
    held: list[Route] = []
    page.route("**/tell/chunk/", lambda route: held.append(route) if not held else route.continue_())
    choose(chat=b"anna: hi")
    page.click("text=Continue")
    said(page).to_have_text("One moment: the file is still on its way. Press Skip to go on without it.")
    assert sent == []
    held[0].continue_()
    page.wait_for_url("**/take/")
    assert " 8 chat.txt" in sent[0]


def test_skip_does_not_wait(page: Page, choose: Callable[..., None], sent: list[str]) -> None:
    held: list[Route] = []
    page.route("**/tell/chunk/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    choose(chat=b"anna: hi")
    page.click("text=Skip")
    page.wait_for_url("**/take/")
    assert "chat.txt" not in sent[0]


def test_each_file_has_a_button_that_takes_it_away(page: Page, choose: Callable[..., None], sent: list[str]) -> None:
    choose(one=b"1", two=b"2")
    said(page).to_have_text("The file is with us.")
    number = page.input_value("input[name=kept]").split()[0]
    page.locator("li", has_text="one.txt").get_by_role("button").click()
    page.wait_for_url("**/take/")
    assert f"remove-{number}" in sent[0]


def test_no_more_than_a_report_may_have_are_sent(page: Page, choose: Callable[..., None]) -> None:
    choose(**{f"file{number}": b"x" for number in range(6)})
    said(page).to_have_text("No more files fit with this report.", timeout=15_000)
    assert len(carried(page)) == 5
