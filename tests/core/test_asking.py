"""Which page follows which: every branch, one question on each, and nothing asked that the answers make pointless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import asking
from lykta.core.asking import Told
from lykta.core.vocabulary import Asked, Choice, Topic

ANSWERS = st.dictionaries(st.sampled_from(Asked), st.sampled_from(["", "words", *map(str, (*Topic, *Choice))]))


def about(topic: Topic, **more: str) -> dict[Asked, str]:
    return {Asked.TOPIC: topic, **{Asked(name): said for name, said in more.items()}}


def test_at_first_there_is_only_the_question_what_it_is_about() -> None:
    assert asking.path({}) == (Asked.TOPIC,)
    assert asking.missing({}) == (Asked.TOPIC,)


@pytest.mark.parametrize("topic", Topic)
def test_every_branch_asks_about_danger_first_and_about_contact_last(topic: Topic) -> None:
    pages = asking.path(about(topic))
    assert pages[:2] == (Asked.TOPIC, Asked.DANGER)
    assert pages[-1] is Asked.CONTACT


@pytest.mark.parametrize("topic", Topic)
def test_every_branch_is_about_three_minutes_and_asks_nothing_twice(topic: Topic) -> None:
    pages = asking.path(about(topic), files=frozenset(Topic))
    assert len(pages) == len(set(pages)) <= 15


@pytest.mark.parametrize("topic", Topic)
def test_what_is_needed_is_asked_and_is_what_or_where(topic: Topic) -> None:
    needed = asking.NEEDED[topic]
    assert set(needed) <= {Asked.WHERE, Asked.WORDS, Asked.COUNTRY}
    assert set(needed) <= set(asking.path(about(topic)))
    assert asking.missing(about(topic)) == needed
    assert asking.missing(about(topic, **{str(asked): "x" for asked in needed})) == ()


@pytest.mark.parametrize("asked", Asked)
def test_only_what_and_where_are_needed(asked: Asked) -> None:
    for topic in Topic:
        expected = asked is Asked.TOPIC or asked in asking.NEEDED[topic]
        assert asking.needed(asked, about(topic)) is expected


def test_every_question_belongs_to_some_branch() -> None:
    everywhere = {page for topic in Topic for page in asking.BRANCHES[topic]}
    assert {*Asked} - everywhere == {Asked.TOPIC, Asked.DANGER, Asked.CONTACT, Asked.FILES, Asked.FINGERPRINTS}
    assert {*Told} - everywhere == {Told.EMERGENCY}


@pytest.mark.parametrize(
    ("topic", "answers", "page"),
    [
        (Topic.WEB, {"danger": "yes"}, Told.EMERGENCY),
        (Topic.WEB, {"login": "yes"}, Asked.LOGIN_HOW),
        (Topic.CONTACT, {"demands": "asks_pictures threatens"}, Told.THREATENED),
        (Topic.CONTACT, {"demands": "wants_money"}, Told.THREATENED),
        (Topic.OWN_PICTURE, {"threat": "yes"}, Told.THREATENED),
        (Topic.TRAVEL, {"photos": "yes"}, Told.KEEP),
    ],
)
def test_some_pages_come_only_after_an_answer(topic: Topic, answers: dict[str, str], page: asking.Page) -> None:
    assert page in asking.path(about(topic, **answers))
    assert page not in asking.path(about(topic))
    assert page not in asking.path(about(topic, **dict.fromkeys(answers, "no")))


def test_who_reports_an_own_picture_hears_first_that_it_is_not_their_fault() -> None:
    pages = asking.path(about(Topic.OWN_PICTURE))
    assert pages[2] is Told.SUPPORT


def test_a_fingerprint_says_where_as_well_as_an_address() -> None:
    assert asking.missing(about(Topic.OWN_PICTURE, fingerprints="sha256:00")) == ()


def test_files_are_asked_for_where_the_hotline_takes_them() -> None:
    files = frozenset({Topic.CONTACT})
    assert Asked.FILES in asking.path(about(Topic.CONTACT), files=files)
    assert Asked.FILES not in asking.path(about(Topic.WEB), files=files)
    assert Asked.FILES not in asking.path(about(Topic.CONTACT))


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, False),
        ({"danger": "yes", "demands": "threatens"}, False),
        ({"contact": "somebody@mail.example"}, False),
        ({"where": "http://pictures.example/"}, True),
        ({"words": "Somebody at the harbour"}, True),
    ],
)
def test_an_abandoned_report_is_worth_keeping_when_it_has_words(answers: dict[str, str], says: bool) -> None:  # noqa: FBT001
    assert asking.says_something(about(Topic.CONTACT, **answers)) is says


@given(ANSWERS)
def test_whatever_was_answered_there_is_a_path_without_repetition(answers: dict[Asked, str]) -> None:
    pages = asking.path(answers)
    assert pages[0] is Asked.TOPIC
    assert len(set(pages)) == len(pages)
    assert set(asking.missing(answers)) <= set(pages)


@given(ANSWERS)
def test_the_words_of_a_topic_are_taken_only_if_they_are_one(answers: dict[Asked, str]) -> None:
    topic = asking.topic_of(answers)
    assert (topic is None) is (answers.get(Asked.TOPIC) not in {*map(str, Topic)})
