"""What is written to whom: everything that they need, nothing that they must not have."""

import pytest
from tests.workflow.conftest import DUTCH, SWEDISH, Hotline

from lykta.records.people.models import Staff
from lykta.workflow import wording

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)


@pytest.fixture
def mails(hotline: Hotline, anna: Staff) -> Hotline:
    hotline.receive(f"{SWEDISH} {DUTCH} I am Somebody", contact="somebody@reporter.example")
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.assess(anna, DUTCH)
    hotline.work()
    hotline.reply(hotline.code_sent_to("police@polis.test"), answer="released", note="", reference="")
    hotline.work()
    return hotline


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (
            "police@polis.test",
            [SWEDISH, "Why you: The server is in our country", "§ 1", "192.0.2.1", "AS64500", "48 hours"],
        ),
        ("hotline@polder-hotline.test", [DUTCH, "The server is abroad (NL)", "whether you take it on"]),
        (
            "abuse@nordhost.test",
            [SWEDISH, "1. Where it is", "2. Why it is illegal", "3. Who writes", "4. Our statement"],
        ),
    ],
)
def test_each_recipient_reads_what_they_need(mails: Hotline, email: str, words: list[str]) -> None:
    (text,) = mails.sent_to(email)
    for word in words:
        assert word in text
    assert "http://partners.hotline.test/en/" in text
    assert "desk@hotline.test" in text


@pytest.mark.parametrize("email", ["police@polis.test", "hotline@polder-hotline.test", "abuse@nordhost.test"])
def test_nobody_reads_who_reported_or_who_assessed(mails: Hotline, email: str) -> None:
    (text,) = mails.sent_to(email)
    assert "Somebody" not in text
    assert "reporter.example" not in text
    assert "anna" not in text


@pytest.mark.parametrize("email", ["police@polis.test", "hotline@polder-hotline.test", "abuse@nordhost.test"])
def test_the_outer_subject_tells_nothing(mails: Hotline, email: str) -> None:
    (message,) = [one for one in mails.post.sent if one.to == email]
    assert message.subject.startswith("Report L-2026-")
    assert "http" not in message.subject


def test_authorities_get_the_key_that_the_hotline_knows(mails: Hotline) -> None:
    keys = {message.to: message.key for message in mails.post.sent}
    assert keys == {"police@polis.test": "key", "hotline@polder-hotline.test": "key", "abuse@nordhost.test": ""}


def test_the_answer_page_shows_the_same_words(mails: Hotline) -> None:
    code = mails.code_sent_to("abuse@nordhost.test")
    (parcel,) = mails.read(code)
    assert parcel["type"] == "notice"
    assert parcel["addresses"] == [SWEDISH]
    assert parcel["text"] == mails.sent_to("abuse@nordhost.test")[0]


@pytest.mark.parametrize("language", ["en", "sv", "xx"])
@pytest.mark.parametrize(
    ("verdicts", "gone"),
    [
        (["illegal"], True),
        (["illegal"], False),
        (["not_found"], False),
        (["not_illegal", "not_found"], False),
        ([], False),
    ],
)
def test_a_reporter_is_thanked_whatever_came_of_it(verdicts: list[str], *, gone: bool, language: str) -> None:
    text = wording.outcome(verdicts=verdicts, gone=gone, language=language)
    assert text.startswith("Tack" if language == "sv" else "Thank you")
    assert text.endswith(".")
