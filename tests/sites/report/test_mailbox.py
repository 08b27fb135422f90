"""The mailbox of a report: only its code opens it, and it says where things stand."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page, get, post, press

from lykta.config.environment import Environment
from lykta.core.vocabulary import BoxKind, ReporterStatus
from lykta.lib import codes
from lykta.records.letterbox.models import Box
from lykta.sites.common.words import TEXT_LIMIT

pytestmark = pytest.mark.django_db(databases=["letterbox"])

MAILBOX = "/en/mailbox/"
NO_MAILBOX = "This code opens no mailbox here."


def opened(client: Client, code: str, **more: str) -> Page:
    return post(client, MAILBOX, code=code, step="open", **more)


def test_before_anybody_has_read_it_the_report_is_received(report: Client) -> None:
    page = opened(report, letters.box())
    assert ReporterStatus.RECEIVED.sentence in page.text
    assert "Nothing yet." in page.text


@pytest.mark.parametrize("status", [*ReporterStatus])
def test_the_status_is_told_in_plain_words(report: Client, status: ReporterStatus) -> None:
    code = letters.box()
    letters.put(code, type="status", status=status)
    assert status.sentence in opened(report, code).text
    swedish = post(report, "/sv/mailbox/", code=code, step="open")
    assert "Hur långt vi har kommit" in swedish.text
    assert status.sentence not in swedish.text


def test_the_latest_status_counts_in_whatever_order_it_arrived(report: Client) -> None:
    code = letters.box()
    letters.put(code, minutes=2, type="status", status="told")
    letters.put(code, minutes=1, type="status", status="reading")
    page = opened(report, code)
    assert ReporterStatus.TOLD.sentence in page.text
    assert ReporterStatus.READING.sentence not in page.text


@pytest.mark.parametrize(
    "strange", [{"type": "status", "status": "new-word"}, {"type": "status"}, {"type": "other"}, {}]
)
def test_a_parcel_that_this_face_does_not_know_changes_nothing(report: Client, strange: dict[str, str]) -> None:
    code = letters.box()
    letters.put(code, type="status", status="reading")
    letters.put(code, minutes=1, **strange)
    assert ReporterStatus.READING.sentence in opened(report, code).text


def test_answers_are_shown_as_plain_text_with_their_day(report: Client) -> None:
    code = letters.box()
    letters.put(code, type="message", text="Thank you.\nWhere was it? <b>x</b> https://a.example/")
    page = opened(report, code)
    assert "Thank you.\nWhere was it? &lt;b&gt;x&lt;/b&gt; https://a.example/" in page.source
    assert "<time datetime=" in page.source
    assert "https://a.example/" not in page.links


def test_the_day_on_which_it_ends_is_shown(report: Client) -> None:
    code = letters.box(days=30)
    ends = Box.objects.using("letterbox").get().expires_at
    assert f"{ends.day} {ends:%B %Y}" in opened(report, code).text


@pytest.mark.parametrize("spelling", [str.lower, codes.spell, lambda code: f"  {code[:9]} {code[9:]} "])
def test_a_code_is_read_as_people_type_it(report: Client, spelling: object) -> None:
    assert callable(spelling)
    assert opened(report, spelling(letters.box())).status == 200


def test_unknown_expired_and_somebody_elses_are_the_same_answer(report: Client) -> None:
    pages = [
        opened(report, code)
        for code in (codes.new(), letters.box(days=-1), letters.box(BoxKind.POLICE), letters.box(BoxKind.HOST))
    ]
    for page in pages:
        assert page.status == 422
        assert NO_MAILBOX in page.text
    assert len({page.text for page in pages}) == 1


def test_the_answer_says_how_long_codes_work(report: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(box_days=90)
    assert "A code works for 90 days" in opened(report, codes.new()).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "A code has 27 letters and digits."),
        ("7K3M", "A code has 27 letters and digits."),
        ("0" * 26 + "1", "One of the letters or digits is wrong."),
    ],
)
def test_what_cannot_be_a_code_is_told_apart_and_stays(report: Client, typed: str, says: str) -> None:
    page = opened(report, typed)
    assert page.status == 422
    assert says in page.text
    assert "#code" in page.links
    assert page.fields["code"] == typed


def test_more_is_sealed_to_the_hotline(report: Client) -> None:
    code = letters.box()
    page = opened(report, code)
    after = press(report, MAILBOX, page, "write", text="It was on Tuesday.")
    assert "We have received what you wrote." in after.text
    assert letters.kinds() == ["more"]
    assert letters.proofs() == [codes.proof(code).hex()]
    assert letters.opened() == [{"text": "It was on Tuesday.", "nonce": page.fields["nonce"]}]


def test_after_writing_the_box_is_empty_and_ready_for_the_next(report: Client) -> None:
    page = opened(report, letters.box())
    after = press(report, MAILBOX, page, "write", text="First.")
    assert after.fields["text"] == ""
    assert after.fields["nonce"] != page.fields["nonce"]
    press(report, MAILBOX, after, "write", text="Second.")
    assert [letter["text"] for letter in letters.opened()] == ["First.", "Second."]


@pytest.mark.parametrize("text", ["", "x" * (TEXT_LIMIT + 1)])
def test_what_cannot_be_sent_is_said_and_kept(report: Client, text: str) -> None:
    page = press(report, MAILBOX, opened(report, letters.box()), "write", text=text)
    assert page.status == 422
    assert "#text" in page.links
    assert page.fields["text"] == text
    assert letters.opened() == []


def test_a_full_disk_does_not_lose_what_was_written(report: Client) -> None:
    page = opened(report, letters.box())
    with letters.failing("INSERT"):
        failed = press(report, MAILBOX, page, "write", text="Kept.")
    assert failed.status == 503
    assert failed.fields["text"] == "Kept."
    assert "We have received what you wrote." in press(report, MAILBOX, failed, "write").text


def test_a_letterbox_that_cannot_be_read_keeps_code_and_words(report: Client) -> None:
    code = letters.box()
    with letters.failing("SELECT"):
        failed = post(report, MAILBOX, code=code, text="Kept.", step="write")
    assert failed.status == 503
    assert (failed.fields["code"], failed.fields["text"]) == (code, "Kept.")
    assert press(report, MAILBOX, failed, "open").fields["text"] == "Kept."


def test_another_language_keeps_code_and_words(report: Client) -> None:
    code = letters.box()
    assert 'formaction="/sv/mailbox/"' in opened(report, code).source
    page = post(report, "/sv/mailbox/", code=code, text="Half a sen", step="open")
    assert page.fields["text"] == "Half a sen"
    wrong = opened(report, "7K3M", text="Half a sen")
    swedish = press(report, "/sv/mailbox/", wrong, "language")
    assert (swedish.status, swedish.fields["code"], swedish.fields["text"]) == (200, "7K3M", "Half a sen")


def test_the_first_page_asks_for_nothing_but_the_code(report: Client) -> None:
    assert get(report, MAILBOX).fields == {"text": "", "code": ""}


def test_one_code_never_shows_another_mailbox(report: Client) -> None:
    mine, other = letters.box(), letters.box()
    letters.put(other, type="message", text="For the other one")
    assert "For the other one" not in opened(report, mine).text
