"""Our list as a file: what stands in it, and that readers of Project VIC's JSON recognise it."""

import csv
import json
from io import BytesIO
from typing import Any

import pytest
from tests.workflow.conftest import SWEDISH, Hotline

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import MediumKind
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import DIGESTS, Field
from lykta.lib.hashlists.checks import checked
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Item
from lykta.records.offering import actions
from lykta.records.offering.actions import Medium, Said
from lykta.records.people.models import Staff
from lykta.workflow import exporting

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
PICTURE = Medium(
    kind=MediumKind.PICTURE,
    sha256="a" * 64,
    sha1="b" * 40,
    md5="c" * 32,
    pdq="d" * 64,
    quality=90,
    media_type="image/png",
    size=1234,
)


@pytest.fixture
def listed(hotline: Hotline, anna: Staff) -> None:
    """A picture on the list, a film without MD5 on it, and a picture that waits."""
    hotline.receive(SWEDISH)
    hotline.work()
    item = Item.objects.get().pk
    film = Medium(kind=MediumKind.FILM, sha256="e" * 64, media_type="video/mp4")
    for medium, quorum in ((PICTURE, 1), (film, 1), (Medium(kind=MediumKind.PICTURE, sha256="f" * 64), 2)):
        said = Said(item_number=item, illegal=True, grade="A2")
        actions.say(by=anna, medium=medium, said=said, quorum=quorum, now=hotline.time)


def exported(form: str) -> str:
    written, count = exporting.export(by="staff:anna", form=form)
    assert count == 2
    return written


@pytest.mark.usefixtures("listed")
def test_a_table_has_a_line_for_each_entry_that_is_on_the_list() -> None:
    first, second = csv.DictReader(exported("csv").splitlines())
    assert first == {
        "sha256": "a" * 64,
        "sha1": "b" * 40,
        "md5": "c" * 32,
        "pdq": "d" * 64,
        "quality": "90",
        "kind": "picture",
        "grade": "A2",
        "media_type": "image/png",
        "size": "1234",
        "since": "2026-01-01T12:00:00+00:00",
    }
    assert (second["sha256"], second["kind"], second["size"], second["pdq"]) == ("e" * 64, "film", "", "")


@pytest.mark.usefixtures("listed")
def test_forensic_programs_find_the_envelope_first_and_an_md5_in_each_medium() -> None:
    written = exported("vics")
    assert written.startswith(
        '{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media",'
        '"value":['
    )
    [medium] = json.loads(written)["value"]
    found: dict[str, Any] = {name: medium[name] for name in ("Category", "MD5", "SHA1", "MediaSize", "MimeType")}
    assert found == {
        "Category": 1,
        "MD5": "c" * 32,
        "SHA1": "b" * 40,
        "MediaSize": 1234,
        "MimeType": "image/png",
    }
    assert [(one["HashName"], one["HashValue"]) for one in medium["AlternativeHashes"]] == [
        ("SHA256", "a" * 64),
        ("PDQ", "d" * 64),
    ]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(("form", "count"), [("csv", 2), ("vics", 1)])
def test_another_hotline_reads_the_file_without_a_word_about_its_columns(form: str, count: int) -> None:
    [(rows, wrong)] = map(checked, opening.read(BytesIO(exported(form).encode()), mapping={}))
    assert wrong == []
    assert len(rows) == count
    assert {name: rows.digests[name][0].tobytes().hex() for name in Field if name in DIGESTS} == {
        "sha256": "a" * 64,
        "sha1": "b" * 40,
        "md5": "c" * 32,
        "pdq": "d" * 64,
    }


@pytest.mark.usefixtures("listed")
def test_that_the_list_left_the_house_is_noted_and_other_forms_are_refused() -> None:
    with pytest.raises(NotUnderstood, match="csv or vics"):
        exporting.export(by="staff:anna", form="xlsx")
    exported("csv")
    [entry] = Entry.objects.filter(word="offer.exported")
    assert (entry.by, json.loads(entry.facts)) == ("staff:anna", {"form": "csv", "count": 2})
