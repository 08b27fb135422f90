"""`lykta offer`, `lykta list export`: what is on our list, the same as a file, and taking something off."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lykta.config.command import _parser
from lykta.config.commands import lists, offering
from lykta.core.locators import find
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import MediumKind, Role, Source, Topic
from lykta.lib.clock import now
from lykta.records.cases.actions.intake import Opened, take_in
from lykta.records.cases.models import Item
from lykta.records.offering import actions
from lykta.records.offering.actions import Medium, Said
from lykta.records.offering.models import Confirmed
from lykta.records.people import actions as people

pytestmark = pytest.mark.django_db
DIGEST = "a" * 64
Say = Callable[[str], list[str]]


@pytest.fixture
def entry(settings: Settings, tmp_path: Path) -> int:
    """The number of a picture on the list."""
    settings.KEYRING = tmp_path / "keyring"
    anna = people.invite(by="test", username="anna", password="a long enough password", role=Role.ANALYST)
    report = Opened(
        digest=DIGEST,
        source=Source.PUBLIC,
        topic=Topic.WEB,
        language="en",
        received_at=now(),
        box_proof=b"p" * 32,
        box_lookup=b"l" * 16,
        content={"text": "x"},
        locators=find("http://pictures.example/1").locators,
    )
    take_in(by="test", opened=report, now=now())
    said = Said(item_number=Item.objects.get().pk, illegal=True, grade="A1")
    medium = Medium(kind=MediumKind.PICTURE, sha256=DIGEST, md5="c" * 32)
    actions.say(by=anna, medium=medium, said=said, quorum=1, now=now())
    return Confirmed.objects.get().pk


def said(words: str) -> list[str]:
    """What `lykta offer …` prints."""
    return list(offering.do(_parser().parse_args(["offer", *shlex.split(words)])))


def test_what_is_on_the_list_is_listed_for_people_and_for_programs(entry: int) -> None:
    counts, line = said("list")
    assert counts == "0 waiting, 1 offered, 0 withdrawn"
    assert line.split("\t")[:4] == [str(entry), "picture", "A1", DIGEST]
    found = json.loads(said("list --json")[0])
    assert found["counts"] == {"waiting": 0, "offered": 1, "withdrawn": 0}
    assert [(one["number"], one["sha256"]) for one in found["offered"]] == [(entry, DIGEST)]


def exported(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `lykta list export …` prints."""
    assert lists.do(_parser().parse_args(["list", "export", *shlex.split(words)])) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("form", "begins"), [("csv", "sha256,sha1,md5"), ("vics", '{"@odata.context":')])
def test_the_list_is_written_into_a_file_that_was_not_there(
    entry: int, tmp_path: Path, form: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "our list"
    words = f"{shlex.quote(str(file))} --format {form}"
    assert "1 entries" in exported(words, capsys)
    assert file.read_text().startswith(begins)
    with pytest.raises(NotNow, match="already"):
        exported(words, capsys)
    file.unlink()
    assert json.loads(exported(f"{words} --json", capsys)) == {"file": str(file), "format": form, "entries": 1}


def test_an_entry_is_taken_off_for_a_reason(entry: int) -> None:
    with pytest.raises(NotUnderstood, match="say why"):
        said(f"withdraw {entry} ''")
    with pytest.raises(NotNow, match="no entry 4711"):
        said("withdraw 4711 Wrong")
    assert "off the list" in said(f"withdraw {entry} 'A subscriber found it harmless.'")[0]
    assert said("list") == ["0 waiting, 0 offered, 1 withdrawn"]
