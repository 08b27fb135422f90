"""Country files: what may be shown to the public, and what not."""

from pathlib import Path

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib import countries

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


def write(folder: Path, verified: str = "true") -> Path:
    (folder / "xa.toml").write_text(FILE.format(verified=verified), encoding="utf-8")
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


@pytest.mark.parametrize("file", sorted(countries.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_number_of_every_country_file_has_a_source_and_a_date(file: Path) -> None:
    country = countries.country(file.stem)
    assert country.code == file.stem.upper()
    for contact in country.contacts.values():
        assert contact.source
        assert contact.checked.year >= 2026
        assert contact.source.startswith("https://") or not contact.verified
