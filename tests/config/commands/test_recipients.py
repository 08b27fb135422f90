import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pysequoia import Profile, Tsk

from lykta.config.commands.recipients import load_recipients
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import RecipientKind
from lykta.records.audit.models import Entry
from lykta.records.referrals import queries

pytestmark = pytest.mark.django_db

GOOD = {"kind": "police", "country": "SE", "name": "Practice police", "email": "police@polis.test", "key": "police.asc"}


def write(folder: Path, *tables: Mapping[str, object]) -> Path:
    certificate = Tsk.generate("Police <police@polis.test>", profile=Profile.RFC4880).extract_certificate()
    (folder / "police.asc").write_text(str(certificate))
    file = folder / "recipients.toml"
    lines = [
        "\n".join(["[[recipient]]", *(f"{name} = {value!r}" for name, value in table.items())]) for table in tables
    ]
    file.write_text("\n".join(lines))
    return file


def test_a_recipient_is_loaded_with_its_certificate(tmp_path: Path) -> None:
    assert load_recipients(write(tmp_path, GOOD)) == 1
    found = queries.recipient(RecipientKind.POLICE, "SE")
    assert found is not None
    assert (found.name, found.email) == ("Practice police", "police@polis.test")
    assert found.key == (tmp_path / "police.asc").read_text()


def test_loading_twice_changes_and_records_nothing_more(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    load_recipients(file)
    entries = Entry.objects.count()
    assert load_recipients(file) == 0
    assert Entry.objects.count() == entries


def test_a_new_address_replaces_the_old_one(tmp_path: Path) -> None:
    load_recipients(write(tmp_path, GOOD))
    key = (tmp_path / "police.asc").read_text()
    file = write(tmp_path, {**GOOD, "email": "unit@polis.test"})
    (tmp_path / "police.asc").write_text(key)
    assert load_recipients(file) == 1
    assert [one.email for one in queries.recipients()] == ["unit@polis.test"]
    [alone] = queries.changed_alone()
    assert alone.email == "unit@polis.test"
    said = Entry.objects.get(word="recipient.moved_alone")
    assert json.loads(said.facts) == {"from": "police@polis.test", "to": "unit@polis.test"}


def test_what_is_new_or_only_named_otherwise_needs_no_second_look(tmp_path: Path) -> None:
    load_recipients(write(tmp_path, GOOD))
    key = (tmp_path / "police.asc").read_text()
    file = write(tmp_path, {**GOOD, "name": "Another name"})
    (tmp_path / "police.asc").write_text(key)
    assert load_recipients(file) == 1
    assert queries.changed_alone() == []


def test_a_recipient_without_a_certificate_is_taken(tmp_path: Path) -> None:
    load_recipients(write(tmp_path, {**GOOD, "key": ""}))
    assert [one.key for one in queries.recipients()] == [""]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "host"}, "kind is one of police, hotline"),
        ({"country": "Sweden"}, "country is two capital letters"),
        ({"country": "se"}, "country is two capital letters"),
        ({"email": "police"}, "email is not an address"),
        ({"key": "absent.asc"}, "No such file"),
        ({"key": "recipients.toml"}, "cannot be read"),
        ({"fax": "none"}, "give exactly"),
        ({"country": 46}, "give exactly"),
    ],
)
def test_one_wrong_recipient_keeps_the_whole_file_out(changes: dict[str, object], words: str, tmp_path: Path) -> None:
    file = write(tmp_path, {**GOOD, "country": "NO"}, {**GOOD, **changes})
    with pytest.raises(NotUnderstood, match=words):
        load_recipients(file)
    assert queries.recipients() == []


@pytest.mark.parametrize("content", [None, "[[recipient", "\xff"])
def test_a_file_that_cannot_be_read_is_named(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "recipients.toml"
    if content is not None:
        file.write_bytes(content.encode("latin-1"))
    with pytest.raises(NotUnderstood, match=r"recipients\.toml cannot be read"):
        load_recipients(file)
