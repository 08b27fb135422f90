"""The state that a page carries: nobody reads it, changes it or makes one up, and it says what lies in the letterbox."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from tests.sites.report.reporter import FINGERPRINT, MARKS

from lykta.core import asking
from lykta.core.asking import Told
from lykta.core.vocabulary import Asked, Choice, Topic
from lykta.lib import codes, sealing
from lykta.sites.report.journey import SECONDS, Journey

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "a word that nobody else may read"
ANSWERS = st.dictionaries(
    st.sampled_from(Asked), st.sampled_from(["", "words", *map(str, (*Topic, *Choice))]) | st.text(max_size=20)
)


def made(**more: str) -> Journey:
    """A journey with these answers."""
    return Journey.new(NOW).said({Asked(name): said for name, said in more.items()})


def flipped(carried: str, place: int) -> str:
    sealed = bytearray(base64.urlsafe_b64decode(carried))
    sealed[place % len(sealed)] ^= 1
    return base64.urlsafe_b64encode(sealed).decode()


@given(ANSWERS, st.sampled_from([None, *Asked, *Told]), st.booleans(), st.lists(st.text(max_size=9), max_size=3))
def test_what_was_carried_is_read_again(
    answers: dict[Asked, str],
    at: asking.Page | None,
    checked: bool,  # noqa: FBT001
    files: list[str],
) -> None:
    journey = replace(Journey.new(NOW).said(answers), at=at, checked=checked, files=tuple(files)).kept()
    carried = journey.carried()
    assert Journey.read(carried, NOW) == journey
    assert carried.isascii()
    assert carried.replace("-", "").replace("_", "").rstrip("=").isalnum()


@pytest.mark.parametrize("secret", [SECRET, "ord på svenska", "كلمة", "စကားလုံး"])
def test_nothing_of_it_is_in_clear(secret: str) -> None:
    journey = made(topic=Topic.OTHER, words=secret)
    carried = journey.carried()
    sealed = base64.urlsafe_b64decode(carried)
    for word in (secret, journey.code, codes.spell(journey.code), "topic", "other"):
        assert word not in carried
        for encoding in ("utf-8", "utf-16-le"):
            assert word.encode(encoding) not in sealed
            assert base64.b64encode(word.encode(encoding))[:-4].decode() not in carried


def test_the_same_words_look_different_on_every_page_and_say_little_by_their_length() -> None:
    journey = made(words=SECRET)
    assert journey.carried() != journey.carried()
    assert len(journey.carried()) == len(made(words="other").carried())


@given(st.integers(0, 10_000))
def test_a_damaged_one_is_refused_wherever_it_was_changed(place: int) -> None:
    assert Journey.read(flipped(made(words=SECRET).carried(), place), NOW) is None


@given(st.text() | st.binary().map(lambda sent: base64.urlsafe_b64encode(sent).decode()))
def test_nothing_that_was_made_up_is_taken(carried: str) -> None:
    assert Journey.read(carried, NOW) is None


def test_one_of_another_installation_is_refused(settings: Settings) -> None:
    carried = made().carried()
    settings.FORM_KEY = sealing.new_secret_key()
    assert Journey.read(carried, NOW) is None


@pytest.mark.parametrize("change", [{"answers": {"a-word-of-tomorrow": "x"}}, {"stored": None}, {"code": None}])
def test_one_of_another_version_is_refused_and_no_fault(change: dict[str, object]) -> None:
    key = django_settings.FORM_KEY
    content = sealing.unlock(sealing.Sealed(base64.urlsafe_b64decode(made().carried())), key=key) | change
    kept = {name: value for name, value in content.items() if value is not None}
    assert Journey.read(base64.urlsafe_b64encode(sealing.lock(kept, key=key)).decode(), NOW) is None
    assert Journey.read(base64.urlsafe_b64encode(sealing.lock({}, key=key)).decode(), NOW) is None


@pytest.mark.parametrize(("seconds", "good"), [(-1, False), (0, True), (SECONDS, True), (SECONDS + 1, False)])
def test_it_holds_for_a_day(seconds: int, *, good: bool) -> None:
    assert (Journey.read(made().carried(), NOW + timedelta(seconds=seconds)) is not None) is good


def test_it_is_safe_only_as_it_was_stored() -> None:
    journey = made(topic=Topic.WEB)
    assert (journey.begun, journey.safe) == (False, False)
    kept = journey.kept()
    assert (kept.begun, kept.safe) == (True, True)
    more = kept.said({Asked.WHERE: "x"})
    assert (more.begun, more.safe) == (True, False)
    assert more.said({Asked.WHERE: ""}).safe
    assert not replace(kept, files=("1",)).safe
    assert replace(kept, at=Asked.WHERE, checked=True).safe


@given(ANSWERS)
def test_the_hotline_reads_only_answers_to_what_is_asked(answers: dict[Asked, str]) -> None:
    journey = Journey.new(NOW).said(answers)
    read = {Asked(name): said for name, said in journey.content("en")["answers"].items()}
    apart = {Asked.FINGERPRINTS, Asked.COUNTRY}
    assert read.keys() - apart <= {*journey.path}
    assert {*journey.path} & journey.answers.keys() <= read.keys() | {Asked.FILES}
    assert read.items() <= journey.answers.items()


def test_fingerprints_and_the_country_of_a_danger_are_read_where_they_are_asked_for() -> None:
    both = {"fingerprints": FINGERPRINT, "country": "Thailand"}
    assert both.items() <= made(topic=Topic.OWN_PICTURE, danger=Choice.YES, **both).content("en")["answers"].items()
    assert both.keys().isdisjoint(made(topic=Topic.WEB, danger=Choice.NO, **both).content("en")["answers"])


@given(ANSWERS, st.sampled_from([None, *Asked, *Told]), st.booleans())
def test_wherever_one_is_on_and_back_lead_to_pages_of_this_report(
    answers: dict[Asked, str],
    at: asking.Page | None,
    checked: bool,  # noqa: FBT001
) -> None:
    journey = replace(Journey.new(NOW).said(answers), at=at, checked=checked)
    assert journey.onward().at in {None, *journey.path}
    assert journey.to_check().at in {None, *journey.path}
    assert journey.back().at in journey.path
    assert journey.back().answers == journey.answers


@given(ANSWERS)
def test_going_on_from_page_to_page_ends_at_the_check(answers: dict[Asked, str]) -> None:
    journey = replace(Journey.new(NOW).said(answers), at=Asked.TOPIC)
    for page in journey.path:
        assert journey.at == page
        journey = journey.onward()
    assert journey.at is None
    assert journey.back().at == journey.path[-1]


def test_the_length_is_that_of_all_answers() -> None:
    assert made(topic="web", words=MARKS).length == 3 + len(MARKS)
