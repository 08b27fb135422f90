"""What people type is made safe to carry, and nothing that they can see is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.sites.common import words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  around \n", "around"),
        ("nu\x00l", "nul"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("\x85next\x9fline", "nextline"),
        ("half a pair \ud83d", "half a pair"),
        ("tab\there", "tab\there"),
        ("\u202eturned", "\u202eturned"),
        ("អក្សរខ្មែរ 👍🏽", "អក្សរខ្មែរ 👍🏽"),
    ],
)
def test_control_characters_go_and_the_rest_stays(typed: str, kept: str) -> None:
    assert words.clean_text(typed) == kept


@given(st.text(alphabet=st.characters(codec=None)))
def test_a_clean_text_is_stored_by_any_database_and_clean_for_good(typed: str) -> None:
    clean = words.clean_text(typed)
    assert clean.encode().decode() == clean
    assert "\x00" not in clean
    assert "\r" not in clean
    assert words.clean_text(clean) == clean


@given(st.text())
def test_a_clean_line_is_one_line(typed: str) -> None:
    assert len(words.clean_line(typed).splitlines()) <= 1


def test_every_form_has_a_number_of_its_own() -> None:
    assert len({words.new_nonce() for _ in range(100)}) == 100


def test_a_form_keeps_its_number() -> None:
    nonce = words.new_nonce()
    assert words.nonce_or_new(nonce) == nonce


@pytest.mark.parametrize("damaged", ["", "0", "g" * 32, "A" * 32, "0" * 33, "0" * 31 + "\n", "٠" * 32])
def test_a_damaged_number_is_replaced(damaged: str) -> None:
    assert words.nonce_or_new(damaged) != damaged
    assert words.nonce_or_new(words.nonce_or_new(damaged))
