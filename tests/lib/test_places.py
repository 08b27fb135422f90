"""Countries by name in many languages, and the places that a form suggests."""

import csv
import unicodedata

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib import places

LANGUAGES = sorted({code for code, _ in settings.LANGUAGES} | {"de", "es", "th", "zh-hans", "pt-br"})
CODES = sorted(places.country_names("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_the_same_countries(language: str) -> None:
    names = places.country_names(language)
    assert sorted(names) == CODES
    assert all(name.strip() == name and name for name in names.values())


def test_the_countries_are_those_of_the_standard_and_kosovo() -> None:
    """ISO 3166-1 had 249 codes in 2026; Kosovo's is set aside for users."""
    assert len(CODES) == 250
    assert {"SE", "TH", "KH", "AX", "PS", "TW", "VA", "XK"} <= set(CODES)


@pytest.mark.parametrize("code", ["ZZ", "EU", "UN", "EZ", "QO", "XA", "XB", "IC", "AC", "001", "419"])
def test_what_is_no_country_is_not_offered(code: str) -> None:
    assert code not in CODES
    assert places.country_code(code, "en") is None


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania"], "Zimbabwe"),
        ("sv", ["Afghanistan", "Albanien", "Algeriet"], "Östtimor"),
        ("pt-br", ["Afeganistão", "África do Sul", "Albânia"], "Zimbábue"),
    ],
)
def test_countries_stand_in_the_order_of_their_language(language: str, first: list[str], last: str) -> None:
    names = list(places.country_names(language).values())
    assert (names[:3], names[-1]) == (first, last)


@pytest.mark.parametrize("language", ["xx", "", "../../etc", "sv_", "nonsense-language"])
def test_a_language_that_nobody_knows_is_answered_in_english(language: str) -> None:
    assert places.country_names(language) == places.country_names("en")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Thailand", "TH"),
        ("  thaiLAND ", "TH"),
        ("th", "TH"),
        ("TH", "TH"),
        ("Kambodja", "KH"),
        ("Cambodia", "KH"),
        ("كمبوديا", "KH"),
        ("Filippinerna", "PH"),
        ("osterrike", "AT"),
        ("Österrike", "AT"),
        ("O\u0308sterrike", "AT"),
        ("Türkiye", "TR"),
        ("turkiye", "TR"),
        ("Turkey", "TR"),
        ("Turkiet", "TR"),
        ("Burma", "MM"),
        ("Myanmar (Burma)", "MM"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Trinidad and Tobago", "TT"),
        ("Trinidad & Tobago", "TT"),
        ("Trinidad  och\tTobago", "TT"),
        ("the Netherlands", "NL"),
        ("Guinea Bissau", "GW"),
        ("U.S.A.", None),
        ("USA", "US"),
        ("Great Britain", "GB"),
        ("", None),
        ("   ", None),
        ("&", None),
        ("Atlantis", None),
        ("Congo", None),
        ("Thailand; Cambodia", None),
    ],
)
def test_a_country_is_recognised_as_people_write_it(typed: str, code: str | None) -> None:
    assert places.country_code(typed, "ar") == code


def test_the_readers_own_language_is_understood_and_others_are_not() -> None:
    assert places.country_code("Alemania", "es") == "DE"
    assert places.country_code("Alemania", "sv") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_offered_name_leads_back_to_its_country(language: str) -> None:
    names = places.country_names(language)
    assert {code: places.country_code(name, language) for code, name in names.items()} == {code: code for code in names}


@given(code=st.sampled_from(CODES), language=st.sampled_from(LANGUAGES), around=st.text(" \t\u00a0", max_size=3))
def test_case_and_spaces_do_not_matter(code: str, language: str, around: str) -> None:
    name = places.country_names(language)[code]
    for written in (name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        assert places.country_code(around + written + around, language) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_country_or_none(typed: str) -> None:
    assert places.country_code(typed, "sv") in {None, *CODES}


@pytest.mark.parametrize(("name", "code"), sorted(places.OTHER_NAMES.items()))
def test_other_names_are_needed_and_lead_to_a_country(name: str, code: str) -> None:
    official = {places._key(one) for language in ("en", "sv") for one in places.country_names(language).values()}
    assert code in CODES
    assert places._key(name) == name
    assert name not in official


@pytest.mark.parametrize(
    ("code", "some"),
    [
        ("SE", {"Stockholm", "Gothenburg", "Malmö"}),
        ("TH", {"Bangkok", "Pattaya", "Phuket", "Chiang Mai", "Ko Samui"}),
        ("KH", {"Phnom Penh", "Siem Reap", "Sihanoukville"}),
        ("PH", {"Manila", "Cebu City", "Angeles City"}),
        ("GM", {"Banjul", "Serekunda", "Kololi"}),
    ],
)
def test_the_places_that_people_go_to_are_suggested(code: str, some: set[str]) -> None:
    assert some <= set(places.places_of(code))


def test_places_come_with_the_largest_first_and_no_more_than_asked_for() -> None:
    assert places.places_of("TH", 1) == ("Bangkok",)
    assert places.places_of("th") == places.places_of("TH")
    assert len(places.places_of("TH")) == 40
    assert places.places_of("TH", 5) == places.places_of("TH")[:5]


@pytest.mark.parametrize("code", ["ZZ", "", "AQ", "../se"])
def test_a_country_without_known_places_has_none(code: str) -> None:
    assert places.places_of(code) == ()


def test_the_file_of_places_is_small_and_says_whose_data_it_is() -> None:
    text = places.PLACES.read_text(encoding="utf-8")
    assert len(text.encode()) < 250_000
    assert "GeoNames" in text.splitlines()[0]
    assert "CC BY 4.0" in text.splitlines()[0]


def test_every_row_is_a_country_with_its_places_once_and_in_latin_letters() -> None:
    lines = places.PLACES.read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    codes = [row[0] for row in rows]
    assert codes == sorted(set(codes))
    assert set(codes) <= set(CODES)
    assert set(CODES) - set(codes) == {"AQ", "BV", "HM", "UM"}, "the countries where nobody lives"
    for _, *names in rows:
        assert 1 <= len(names) <= 40
        assert len(names) == len(set(names))
        assert all(name == name.strip() and 1 < len(name) <= 60 for name in names)
        assert not [sign for name in names for sign in name if sign.isalpha() and not _is_latin(sign)]


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign).startswith(("LATIN", "MODIFIER LETTER"))
