"""Days in the words and the order of each language."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from lykta.sites.common.days import day


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "22 November 2026"),
        ("sv", "22 november 2026"),
        ("fi", "22. marraskuuta 2026"),
        ("uk", "22 листопада 2026"),
        ("ru", "22 ноября 2026"),
        ("zh-hans", "2026年11月22日"),
        ("fa-af", "22 نومبر 2026"),
        ("ti", "ሕዳር 22, 2026"),
    ],
)
def test_a_day_is_written_as_people_of_that_language_write_it(language: str, written: str) -> None:
    with translation.override(language):
        assert day(date(2026, 11, 22)) == written
        assert day(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == written


def test_without_a_language_it_is_english() -> None:
    with translation.override(None):
        assert day(date(2026, 1, 2)) == "2 January 2026"
