"""Country files: what may be shown to the public, and what not."""

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib import clock, countries, places

FILE = """
[country]
code = "XA"

[emergency]
number = "+1 555 0100"
source = "https://numbers.example/"
checked = 2026-01-31
verified = {verified}

[law]
offences = []
"""


NUMBERS = """
[XB]
number = "191"
police = "1155"
source = "https://numbers.example/"
checked = 2026-01-31
verified = true

[XC]
number = "117"
source = "https://numbers.example/"
checked = 2026-01-31
verified = false
"""

EUROPEAN_UNION = [
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
]
REAL = sorted(countries.emergency_numbers().items())
COUNTRY_FILES = sorted(countries.FOLDER.glob("[a-z][a-z].toml"))


def write(folder: Path, verified: str = "true", more: str = "") -> Path:
    (folder / "xa.toml").write_text(FILE.format(verified=verified) + more, encoding="utf-8")
    (folder / "emergency.toml").write_text(NUMBERS, encoding="utf-8")
    return folder


def test_a_verified_number_comes_with_its_source_and_date(tmp_path: Path) -> None:
    contact = countries.country("xa", write(tmp_path)).verified("emergency")
    assert contact is not None
    assert (contact.number, contact.source, contact.checked.isoformat()) == (
        "+1 555 0100",
        "https://numbers.example/",
        "2026-01-31",
    )


def test_a_number_is_dialled_without_its_spaces(tmp_path: Path) -> None:
    assert countries.country("xa", write(tmp_path)).contacts["emergency"].dial == "+15550100"


@pytest.mark.parametrize("verified", ["false", '"yes"', "1"])
def test_what_nobody_has_verified_is_no_fact(tmp_path: Path, verified: str) -> None:
    country = countries.country("xa", write(tmp_path, verified))
    assert "emergency" in country.contacts
    assert country.verified("emergency") is None


def test_a_number_that_the_file_does_not_have_is_none(tmp_path: Path) -> None:
    assert countries.country("xa", write(tmp_path)).verified("helpline") is None


def test_tables_of_other_readers_are_left_alone(tmp_path: Path) -> None:
    assert list(countries.country("xa", write(tmp_path)).contacts) == ["emergency"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match=r"xb\.toml"):
        countries.country("xb", tmp_path)


def test_a_contact_may_say_its_name_and_that_it_never_closes(tmp_path: Path) -> None:
    line = '\n[helpline]\nname = "Line"\nalways_open = true\nnumber = 116111\nsource = ""\n'
    known = countries.country("xa", write(tmp_path, more=line + "checked = 2026-01-31\nverified = false")).contacts
    assert (known["helpline"].name, known["helpline"].number, known["helpline"].always_open) == ("Line", "116111", True)
    assert (known["emergency"].name, known["emergency"].police, known["emergency"].always_open) == ("", "", False)


@pytest.mark.parametrize("code", ["XB", "xb"])
def test_the_number_to_call_in_danger_is_found_by_country(tmp_path: Path, code: str) -> None:
    contact = countries.emergency_of(code, write(tmp_path))
    assert contact is not None
    assert (contact.number, contact.police) == ("191", "1155")


@pytest.mark.parametrize("code", ["XA", "xa"])
def test_a_country_file_answers_where_the_list_does_not(tmp_path: Path, code: str) -> None:
    contact = countries.emergency_of(code, write(tmp_path))
    assert contact is not None
    assert contact.number == "+1 555 0100"


@pytest.mark.parametrize("code", ["XC", "ZZ", "", "x", "../xa", "./", "emergency"])
def test_no_number_is_given_where_none_was_verified(tmp_path: Path, code: str) -> None:
    assert countries.emergency_of(code, write(tmp_path)) is None


def test_a_country_file_that_verified_none_gives_none(tmp_path: Path) -> None:
    assert countries.emergency_of("xa", write(tmp_path, "false")) is None


def test_a_verified_number_of_the_list_goes_before_the_country_file(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "emergency.toml").write_text(NUMBERS.replace("XB", "XA"), encoding="utf-8")
    contact = countries.emergency_of("xa", tmp_path)
    assert contact is not None
    assert contact.number == "191"


@pytest.mark.parametrize("code", [*EUROPEAN_UNION, "NO", "IS", "CH", "TR", "GE"])
def test_one_number_works_in_all_of_the_union_and_beside_it(code: str) -> None:
    contact = countries.emergency_of(code)
    assert contact is not None
    assert contact.dial == "112"


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("GB", "999"),
        ("US", "911"),
        ("CA", "911"),
        ("AU", "000"),
        ("NZ", "111"),
        ("TH", "191"),
        ("KH", "117"),
        ("PH", "911"),
        ("IN", "112"),
        ("JP", "110"),
        ("ZA", "10111"),
        ("BR", "190"),
    ],
)
def test_travellers_are_told_the_number_of_where_they_are(code: str, number: str) -> None:
    contact = countries.emergency_of(code)
    assert contact is not None
    assert contact.number == number


@pytest.mark.parametrize("code", ["AM", "GM", "MM"])
def test_countries_whose_sources_disagree_have_no_number_yet(code: str) -> None:
    assert countries.emergency_of(code) is None


@pytest.mark.parametrize(("code", "contact"), REAL, ids=[code for code, _ in REAL])
def test_every_number_in_the_list_can_be_dialled_and_traced(code: str, contact: countries.Contact) -> None:
    assert code in places.country_names("en")
    assert re.fullmatch(r"\d{2,6}", contact.number)
    assert re.fullmatch(r"(\d{2,6})?", contact.police)
    assert contact.police != contact.number
    source = urlsplit(contact.source)
    assert (source.scheme, bool(source.hostname)) == ("https", True)
    assert date(2026, 1, 1) <= contact.checked <= clock.now().date()


def test_every_row_of_the_list_says_whether_it_is_verified_and_nothing_unknown() -> None:
    rows = tomllib.loads((countries.FOLDER / "emergency.toml").read_text(encoding="utf-8"))
    assert list(rows) == sorted(rows)
    assert {type(row["verified"]) for row in rows.values()} == {bool}
    assert {key for row in rows.values() for key in row} == {"number", "police", "source", "checked", "verified"}


def test_no_country_stands_both_in_the_list_and_in_a_file_of_its_own() -> None:
    assert {file.stem.upper() for file in COUNTRY_FILES} & set(countries.emergency_numbers()) == set()


@pytest.mark.parametrize("file", COUNTRY_FILES, ids=lambda path: path.stem)
def test_every_number_of_every_country_file_has_a_source_and_a_date(file: Path) -> None:
    country = countries.country(file.stem)
    assert country.code == file.stem.upper()
    for contact in country.contacts.values():
        assert contact.source
        assert date(2026, 1, 1) <= contact.checked <= clock.now().date()
        assert contact.source.startswith("https://") or not contact.verified


def test_a_child_in_sweden_is_given_a_line_that_is_always_open() -> None:
    bris = countries.country("se").verified("child_helpline")
    assert bris is not None
    assert (bris.name, bris.dial, bris.always_open) == ("Bris", "116111", True)


@pytest.mark.parametrize("contact", ["adult_helpline", "own_thoughts_helpline"])
def test_lines_whose_number_was_not_read_at_a_source_are_known_but_not_shown(contact: str) -> None:
    sweden = countries.country("se")
    assert sweden.contacts[contact].name
    assert sweden.verified(contact) is None
