"""How the desk writes times, people, countries and addresses."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.vocabulary import (
    Answer,
    Certification,
    Changed,
    Confidence,
    ImportState,
    ItemState,
    ListFinding,
    ListTrust,
    MediumKind,
    OfferState,
    Outcome,
    RecipientKind,
    ReferralState,
    ReporterStatus,
    Role,
    Source,
    Topic,
    Verdict,
)
from lykta.lib.clock import now
from lykta.lib.hashlists.cells import Field, Form
from lykta.sites.desk import reading

KINDS: dict[str, type[StrEnum]] = {
    "role": Role,
    "certification": Certification,
    "status": ReporterStatus,
    "item": ItemState,
    "topic": Topic,
    "source": Source,
    "verdict": Verdict,
    "outcome": Outcome,
    "referral": ReferralState,
    "recipient": RecipientKind,
    "confidence": Confidence,
    "changed": Changed,
    "finding": ListFinding,
    "trust": ListTrust,
    "import": ImportState,
    "form": Form,
    "field": Field,
    "offer": OfferState,
    "medium": MediumKind,
    "answer": Answer,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_its_few_words(kind: str) -> None:
    assert set(reading.SHORT[kind]) == {word.value for word in KINDS[kind]}
    assert reading.SHORT.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=50), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_ages_are_said_in_one_unit(past: timedelta, said: str) -> None:
    assert reading.ago(now() - past) == said


def test_moments_are_said_alike_from_a_record_and_from_the_audit() -> None:
    at = datetime(2026, 3, 1, 4, 5, tzinfo=UTC)
    assert reading.moment(at) == reading.moment(at.isoformat())
    assert reading.moment(at) == '<time datetime="2026-03-01T04:05:00+00:00">1 Mar 2026, 04:05</time>'
    assert reading.moment(None) == ""


@pytest.mark.parametrize(("language", "said"), [("en", "22 Nov 2026"), ("sv", "22 nov. 2026")])
def test_days_are_said_in_the_language_of_the_page(language: str, said: str) -> None:
    with override(language):
        assert reading.day(date(2026, 11, 22)) == f'<time datetime="2026-11-22">{said}</time>'


@pytest.mark.parametrize(("actor", "said"), [("worker", "Lykta"), ("staff:anna", "anna"), ("test", "test")])
def test_people_are_called_by_their_names(actor: str, said: str) -> None:
    assert reading.person(actor) == said


@pytest.mark.parametrize(("code", "said"), [("SE", "Sweden (SE)"), ("", "country not known"), ("XQ", "XQ")])
def test_countries_are_named(code: str, said: str) -> None:
    assert reading.country(code) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no address here", "no address here"),
        ("see http://a.host.example/x.", "see hxxp://a[.]host[.]example/x."),
        (
            "http://a.host.example/x and http://a.host.example/x/y",
            "hxxp://a[.]host[.]example/x and hxxp://a[.]host[.]example/x/y",
        ),
        (
            "http://a.example/ http://a.example.test/x",
            "hxxp://a[.]example/ hxxp://a[.]example[.]test/x",
        ),
        ("http://a.example http://a.example.test/x", "hxxp://a[.]example/ hxxp://a[.]example[.]test/x"),
        ("write to a@host.example", "write to a[@]host[.]example"),
    ],
)
def test_addresses_in_a_text_are_defanged(text: str, said: str) -> None:
    assert reading.defanged_text(text) == said


@given(st.text(alphabet="ahtps:/.x \n<&é", max_size=60))
def test_a_text_without_a_whole_address_is_left_as_it_is(text: str) -> None:
    read = reading.defanged_text(f"{text} http://a.host.example/x")
    assert read.endswith("hxxp://a[.]host[.]example/x") or "http" in text
    assert "http://a.host.example/x" not in read


def test_observed_facts_are_written_on_one_line_without_live_addresses() -> None:
    assert reading.fact(["http://a.host.example/x", 1]) == '["hxxp://a[.]host[.]example/x", 1]'
    assert reading.fact(None) == "None"


@pytest.mark.parametrize("status", ReporterStatus)
def test_the_status_that_a_reporter_reads_is_said_in_the_reader_s_own_language(status: ReporterStatus) -> None:
    assert reading.short(status, "status") == status.sentence
    with override("sv"):
        assert reading.short(status, "status") not in {str(status), status.sentence}
