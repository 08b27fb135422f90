"""`lykta links` prints what a partner gets to show, and counts."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pytest_django.fixtures import Settings

from lykta.config.commands import links
from lykta.config.environment import home
from lykta.core.refusals import NotUnderstood
from lykta.records.letterbox import tallies

pytestmark = pytest.mark.django_db(databases=["letterbox"])


@pytest.fixture(autouse=True)
def listed(settings: Settings, tmp_path: Path) -> None:
    settings.LINKS = tmp_path / "links.toml"
    settings.LINKS.write_text('[[link]]\ncode = "ARN-T5"\nname = "An airport"\n')


def test_a_kit_is_the_link_the_button_the_picture_and_the_poster(settings: Settings) -> None:
    (kit,) = links.kits("en")
    report = settings.ENVIRONMENT.url("report")
    assert kit.startswith("An airport\n")
    assert f"  link     {report}/r/ARN-T5\n" in kit
    assert f"{report}/en/poster/ARN-T5/" in kit
    assert f'<a href="{report}/r/ARN-T5" ' in kit
    assert ">Have you seen something? Tell us.</a>" in kit
    assert "<script" not in kit


def test_the_picture_is_a_file_that_other_programs_read() -> None:
    list(links.kits("en"))
    drawn = ET.parse(home() / "links" / "ARN-T5.svg").getroot()  # noqa: S314 - drawn by ourselves
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"


def test_the_button_speaks_the_language_that_was_asked_for() -> None:
    assert "/sv/poster/" in next(links.kits("sv"))
    assert "Tell us." not in next(links.kits("sv"))
    with pytest.raises(NotUnderstood, match="not offered in xx"):
        next(links.kits("xx"))


def test_without_a_list_it_says_what_to_do(settings: Settings) -> None:
    settings.LINKS.unlink()
    (advice,) = links.kits("")
    assert str(settings.LINKS) in advice


def test_counts_are_a_table_by_day() -> None:
    tallies.add("ARN-T5", day=date(2026, 3, 1), visits=7, tips=1)
    assert list(links.counts()) == ["day,code,visits,tips", "2026-03-01,ARN-T5,7,1"]
