"""Everything that the desk says is in its catalogues, and nothing in them is left over, broken or said twice."""

import re
from dataclasses import replace
from itertools import product
from string import ascii_uppercase

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.support.catalogues import LOCALE, catalogue, languages, messages
from tests.support.checking import broken, forms, left_in_english, plural_counts, untranslated
from tests.support.desk_words import DESK_LOCALE, GAP, said_at_the_desk, sentences, sentences_with_values

from lykta.config.settings import base
from lykta.core import routing, urgency
from lykta.core.matching import Hit
from lykta.core.routing import Facts
from lykta.core.vocabulary import ListedAs, ListTrust, Topic
from lykta.lib.labels import label_sets
from lykta.sites.desk.sentences import PATTERNS, in_words

SPOKEN = languages(DESK_LOCALE)
HIT = Hit(
    list="example",
    source="Example",
    version=2,
    trust=ListTrust.VERIFIED,
    listed_as=ListedAs.ILLEGAL,
    algorithm="sha256",
    exact=True,
)
HITS = [
    HIT,
    replace(HIT, exact=False, distance=99),
    replace(HIT, exact=False, quality=1),
    replace(HIT, exact=False, flat=True),
]


def test_extraction_sees_templates_code_rules_and_refusals() -> None:
    said = said_at_the_desk()
    assert {"Queue", "No native speaker has checked this translation yet."} & said.keys() == {"Queue"}
    assert {
        "Please choose a language.",
        "There is nothing here for you.",
        "It has been assessed already.",
    } <= said.keys()
    assert {"May a child be in danger now?", "An analyst assessed an item."} <= said.keys()
    assert "An audit entry belongs to the transaction of what it records." not in said


def test_the_desk_speaks_the_languages_that_it_has_catalogues_for() -> None:
    assert {code for code, _name in settings.DESK_LANGUAGES} == {"en", *SPOKEN}
    assert "sv" in SPOKEN


def test_public_pages_do_not_load_what_the_desk_says() -> None:
    assert base.LOCALE_PATHS == [LOCALE]
    assert settings.LOCALE_PATHS == [DESK_LOCALE, LOCALE]


@pytest.mark.parametrize("language", SPOKEN)
def test_a_catalogue_holds_exactly_what_is_said(language: str) -> None:
    assert {message.id for message in messages(language, DESK_LOCALE)} == said_at_the_desk().keys()


@pytest.mark.parametrize("language", SPOKEN)
def test_a_catalogue_is_whole(language: str) -> None:
    held = messages(language, DESK_LOCALE)
    assert untranslated(held) == []
    assert broken(held) == []
    assert left_in_english(held) == []
    assert plural_counts(held) == {catalogue(language, DESK_LOCALE).num_plurals}


def test_swedish_uses_no_word_that_this_field_has_left_behind() -> None:
    said = [text for message in messages("sv", DESK_LOCALE) for text in forms(message.string)]
    assert [text for text in said if re.search("barnp(orr|orno|rostitu)|anmälare", text, re.IGNORECASE)] == []


def test_every_sentence_with_a_value_is_known_again() -> None:
    written = {shape.replace(GAP, "x7") for shape in sentences_with_values()}
    with translation.override("sv"):
        assert {sentence for sentence in written if in_words(sentence) == sentence} == set()


def test_every_sentence_of_other_floors_is_said_in_swedish() -> None:
    with translation.override("sv"):
        assert {sentence for sentence in sentences() if in_words(sentence) == sentence} == set()


@given(value=st.text(alphabet=ascii_uppercase, min_size=2), pattern=st.sampled_from(PATTERNS))
def test_a_value_is_carried_over_as_it_is(value: str, pattern: str) -> None:
    written = re.sub(r"%\(\w+\)s", value, pattern)
    assert in_words(written) == written
    with translation.override("sv"):
        assert in_words(written) != written
        assert value in in_words(written)


def test_what_nobody_has_translated_stays_as_it_is() -> None:
    with translation.override("sv"):
        assert in_words("550 5.1.1 no such mailbox") == "550 5.1.1 no such mailbox"
        assert in_words("") == ""


def test_reasons_of_routing_are_said_whole() -> None:
    asked = Facts(host_country="DE", host_sure=False)
    [duty] = routing.duties(Facts(host_country="DE"), home="SE", hotlines=frozenset({"DE"}))
    with translation.override("sv"):
        assert in_words(routing.question(asked)) == (
            "Det är inte säkert i vilket land servern finns; det kan vara DE. "
            "I vilket land finns den? Så länge ingen säger det meddelas bara vår polis."
        )
        assert in_words(duty.because) == "Servern finns utomlands (DE). Partnerhotlinen i det landet meddelas."
        assert in_words("Please give the country of the child in two letters, such as SE.") == (
            "Ange landet för barnet med två bokstäver, till exempel SE."
        )


def test_every_reason_for_a_place_in_the_queue_is_said_in_swedish() -> None:
    reasons = {
        urgency.urgency(topic=topic, danger=danger, came_back=back, reporters=count, home_host=False).reason
        for topic, danger, back, count in product(Topic, (True, False), (True, False), (1, 7))
    }
    with translation.override("sv"):
        assert {reason for reason in reasons if in_words(reason) == reason} == set()


def test_every_answer_of_a_label_set_is_said_in_swedish() -> None:
    texts = {question.text for one in label_sets().values() for question in one.questions}
    with translation.override("sv"):
        assert {text for text in texts if translation.gettext(text) == text} == set()


def test_what_a_list_knows_is_said_in_swedish() -> None:
    with translation.override("sv"):
        said = [in_words(hit.sentence) for hit in HITS]
    assert said[0] == "example, version 2 (bekräftad), har samma sha256, listat som olagligt."
    assert said[1].endswith("det räknas inte: mer än 31 bitar är för långt bort.")
    assert "med kvaliteten 1 liknar det för många andra" in said[2]
    assert "en enda färg nästan överallt liknar för många andra" in said[3]
