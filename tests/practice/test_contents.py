import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.practice.contents import CONTENTS, address_of, examples, place_of, places_named_in
from lykta.practice.known import KNOWN
from lykta.practice.settings import PracticeSettings

GALLERY = "pictures.example/gallery"


@pytest.mark.parametrize(
    "text",
    [
        "http://pictures.example/gallery",
        "http://pictures.example:18080/gallery",
        "HTTPS://PICTURES.example/gallery",
        "hxxp://pictures[.]example/gallery",
        "hxxp[://]pictures[.]example[:]18080/gallery",
        "hXXps://pictures(.)example/gallery",
        "See <http://pictures.example/gallery>, please.",
        "It is http://pictures.example/gallery.",
        "http://pictures.example/gallery?from=chat#top",
    ],
)
def test_an_abuse_desk_reads_addresses_in_disguise(text: str) -> None:
    assert places_named_in(text) == [GALLERY]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no address",
        "http://pictures.example/gallery2",
        "http://pictures.example/",
        "http://nowhere.example/gallery",
    ],
)
def test_what_is_not_there_is_not_named(text: str) -> None:
    assert places_named_in(text) == []


def test_each_place_is_named_once_in_order() -> None:
    text = "http://album.example/summer http://pictures.example/gallery http://album.example/summer"
    assert places_named_in(text) == ["album.example/summer", GALLERY]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert all(place in CONTENTS for place in places_named_in(text))


@given(st.sampled_from(sorted(CONTENTS)), st.sampled_from(["http://", "hxxp://", "hxxps://"]), st.booleans())
def test_every_content_is_found_by_its_address(place: str, scheme: str, disguised: bool) -> None:  # noqa: FBT001  # hypothesis hands it over
    host, slash, path = place.partition("/")
    written = scheme + (host.replace(".", "[.]") if disguised else host) + slash + path
    assert places_named_in(f"Please look at {written}, thank you") == [place]


@pytest.mark.parametrize(
    "address",
    ["http://pictures.example:8080/gallery", "pictures.example/gallery", " hxxp://pictures[.]example/gallery "],
)
def test_a_place_is_found_with_or_without_scheme_and_port(address: str) -> None:
    assert place_of(address) == GALLERY


def test_an_address_has_the_worlds_port(settings: PracticeSettings) -> None:
    assert address_of(GALLERY, settings) == f"http://pictures.example:{settings.web_port}/gallery"


def test_the_examples_are_one_swedish_one_hidden_one_missing_and_one_listed(settings: PracticeSettings) -> None:
    swedish, hidden, missing, listed = (place_of(address) for address in examples(settings))
    assert swedish in CONTENTS
    assert hidden in CONTENTS
    assert missing not in CONTENTS
    assert listed == KNOWN


def test_an_album_brings_its_pictures() -> None:
    assert all(f"pictures.example/gallery/{number}.png" in CONTENTS for number in range(1, 7))
