"""The question for chat logs and documents, where the hotline takes them: kept at once, named in the sealed report."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import FORM, Page, press
from tests.sites.report.files import NOT_ALLOWED, stored, switch_on
from tests.sites.report.reporter import TELL, journey_on, told

from lykta.config.environment import Environment
from lykta.core.vocabulary import Asked

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)

CHAT = b"Monday, 9.00: hello"


@pytest.fixture
def asked(report: Client, settings: Settings) -> Page:
    """The page of the question."""
    switch_on(settings)
    settings.ENVIRONMENT = Environment(attachments="other")
    page = told(report, "other", "no", "Something that I know", "")
    assert journey_on(page).at is Asked.FILES
    return page


def attach(client: Client, page: Page, step: str, *files: tuple[str, bytes]) -> Page:
    """Choose files and press a button, without a script."""
    chosen = [SimpleUploadedFile(name, data) for name, data in files]
    fields = {name: value for name, value in page.filled if name in {"state", "kept"}}
    return Page(client.post(TELL, {**fields, "step": step, "files": chosen}))


def names_on(page: Page) -> list[str]:
    return [line.split(maxsplit=2)[2] for line in journey_on(page).files]


def test_the_form_of_the_question_can_carry_files_and_no_other_form_can(asked: Page, report: Client) -> None:
    assert 'enctype="multipart/form-data"' in asked.source
    assert "connect-src 'self'" in asked.headers["Content-Security-Policy"]
    after = attach(report, asked, "go")
    assert "enctype" not in after.source
    assert "connect-src" not in after.headers["Content-Security-Policy"]


def test_a_file_comes_along_to_the_check_page_and_into_the_sealed_report(asked: Page, report: Client) -> None:
    contact = attach(report, asked, "go", ("chat.txt", CHAT))
    check = press(report, TELL, contact, "check")
    assert "chat.txt" in check.text
    press(report, TELL, check, "send")
    (letter,) = letters.opened()
    assert [line.split(maxsplit=2)[1:] for line in letter["files"]] == [[str(len(CHAT)), "chat.txt"]]
    assert letter["files"][0].split()[0] in {number.hex for number in stored()}


def test_without_a_file_the_question_is_left_out(asked: Page, report: Client) -> None:
    contact = attach(report, asked, "skip")
    assert journey_on(contact).at is Asked.CONTACT
    assert journey_on(contact).files == ()


def test_what_may_not_pass_is_refused_with_advice_and_the_rest_stays(asked: Page, report: Client) -> None:
    page = attach(report, asked, "go", ("chat.txt", CHAT), ("picture.png", next(iter(NOT_ALLOWED.values()))))
    assert page.status == 422
    assert "Only PDF documents and plain text can be sent" in page.text
    assert names_on(page) == ["chat.txt"]
    assert "chat.txt" in page.text


def test_a_file_can_be_taken_away_again(asked: Page, report: Client) -> None:
    both = attach(report, asked, "remove-0", ("one.txt", CHAT), ("two.txt", CHAT))
    (first, *_) = [value for value in re.findall('value="([^"]+)"', both.source) if value.startswith("remove-")]
    page = attach(report, both, first)
    assert page.status == 200
    assert names_on(page) == ["two.txt"]


def test_back_and_forth_keeps_the_files(asked: Page, report: Client) -> None:
    contact = attach(report, asked, "go", ("chat.txt", CHAT))
    again = press(report, TELL, contact, "back")
    assert names_on(again) == ["chat.txt"]
    assert names_on(attach(report, again, "go")) == ["chat.txt"]


def test_what_is_thrown_away_goes_with_its_files(asked: Page, report: Client) -> None:
    contact = attach(report, asked, "go", ("chat.txt", CHAT))
    assert stored()
    press(report, TELL, contact, "forget")
    assert stored() == []


def test_a_hotline_that_takes_no_files_does_not_ask_and_takes_none(report: Client) -> None:
    page = told(report, "other", "no", "Something that I know", "")
    assert journey_on(page).at is Asked.CONTACT
    fields = {"state": page.fields["state"], "answer": "", "step": "check"}
    answer = report.post(TELL, {**fields, "files": SimpleUploadedFile("chat.txt", CHAT)})
    assert answer.status_code == 200
    assert stored() == []
    assert report.post(TELL, urlencode(fields), content_type=FORM).status_code == 200
