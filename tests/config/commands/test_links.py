"""`lykta links`: add, list, take away, count, and write what a partner gets to show."""

import shlex
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lykta.config.command import _parser
from lykta.config.commands import links
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.audit.models import Entry
from lykta.records.letterbox import links as registry
from lykta.records.letterbox import tallies

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def said(words: str) -> list[str]:
    """What `lykta links …` prints."""
    return list(links.do(_parser().parse_args(["links", *shlex.split(words)])))


@pytest.fixture
def airport(settings: Settings) -> str:
    """The address of a link."""
    said("add ARN-T5 'An airport'")
    return f"{settings.HOUSE.report_url}/r/ARN-T5"


def test_a_link_is_added_listed_and_taken_away(airport: str) -> None:
    assert said("list") == [f"ARN-T5\tAn airport\t{airport}\t"]
    with pytest.raises(NotNow):
        said("add ARN-T5 Another")
    assert "still leads to the start page" in said("remove arn-t5")[0]
    assert said("list") == []
    assert [entry.by for entry in Entry.objects.filter(word="link.changed")] == ["command", "command"]


def test_sites_are_named_one_by_one(airport: str) -> None:
    said("frame ARN-T5 https://a.example https://b.example")
    assert said("list") == [f"ARN-T5\tAn airport\t{airport}\thttps://a.example https://b.example"]
    assert "on no page" in said("frame ARN-T5")[0]
    assert registry.origins() == ()
    said("add SCHOOL 'A school' --sites https://school.example")
    assert registry.origins() == ("https://school.example",)


def test_a_kit_is_written_into_a_folder(airport: str, tmp_path: Path) -> None:
    written = said(f"kit arn-t5 {shlex.quote(str(tmp_path / 'new' / 'kit'))} --language sv")
    assert [Path(file).name for file in written] == [
        "link.txt",
        "qr-code.svg",
        "bookmark.txt",
        "button-sv.html",
        "poster-sv.pdf",
        "cards-sv.pdf",
    ]
    assert Path(written[0]).read_text() == f"{airport}\n"
    assert all(Path(file).stat().st_size for file in written)


def test_a_kit_in_no_language_is_in_the_hotlines_own(airport: str, tmp_path: Path) -> None:
    names = {Path(file).name for file in said(f"kit ARN-T5 {shlex.quote(str(tmp_path))}")}
    assert "poster-sv.pdf" in names


@pytest.mark.parametrize(("words", "advice"), [("NOBODY .", "no link with the code"), ("ARN-T5 . --language xx", "xx")])
def test_a_kit_that_cannot_be_made_is_said(airport: str, words: str, advice: str) -> None:
    with pytest.raises(NotUnderstood, match=advice):
        said(f"kit {words}")


def test_counts_are_a_table_by_day() -> None:
    tallies.add("ARN-T5", day=date(2026, 3, 1), visits=7, tips=1)
    assert said("counts") == ["day,code,visits,tips", "2026-03-01,ARN-T5,7,1"]
