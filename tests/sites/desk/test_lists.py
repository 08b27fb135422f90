"""Lists of hashes at the desk: for who leads or keeps the installation running, and nobody else."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from tests.sites.desk.scenes import client_of, page, ready_case, words

from lykta.config import command
from lykta.core.vocabulary import ImportState, ListTrust
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.matching import actions
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import Known, ListVersion, Match
from lykta.records.people.models import Staff
from lykta.sites.desk import lists

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def version(tmp_path: Path, db: None) -> ListVersion:
    """A list with one file, of which two rows were refused."""
    found = actions.set_list(
        by="test",
        slug="police",
        name="National police",
        source="The police",
        trust=ListTrust.POLICE,
        categories={"7": "illegal"},
    )
    path = tmp_path / "list.csv"
    path.write_text(f"md5,category\n{'ab' * 16},7\n{'cd' * 16},7\n=1+1,7\n<b>,7\n")
    return import_file(by="command", found=found, path=path, mapping={})


@pytest.mark.parametrize("who", ["lena", "adam"])
def test_who_runs_the_installation_sees_what_lists_hold(
    who: str, request: pytest.FixtureRequest, version: ListVersion
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert "National police The police of the police 2" in words(page(client, "/hash-lists/"))
    text = words(page(client, f"/hash-lists/{version.list.pk}/"))
    assert "1 ready" in text
    assert "4 2 0 0 2" in text
    assert "Category 7 Child sexual abuse material by the law that the list goes by." in text


def test_an_analyst_sees_none_of_it(anna: Staff, version: ListVersion) -> None:
    client = client_of(anna)
    for address in (
        "",
        f"{version.list.pk}/",
        f"refused/{version.pk}/",
        f"refused/{version.pk}/csv/",
        f"{version.list.pk}/feedback/",
    ):
        assert client.get(f"/hash-lists/{address}").status_code == 404


def test_refused_rows_are_shown_and_given_as_a_file_that_no_spreadsheet_runs(lena: Staff, version: ListVersion) -> None:
    client = client_of(lena)
    text = page(client, f"/hash-lists/refused/{version.pk}/")
    assert "&lt;b&gt;" in text
    assert "4 md5 has 32 hexadecimal digits, and this has 4. =1+1" in words(text)
    file = client.get(f"/hash-lists/refused/{version.pk}/csv/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="police-1-refused.csv"'
    assert file.content.decode().splitlines()[1] == '4,"md5 has 32 hexadecimal digits, and this has 4.",\'=1+1'
    written = Entry.objects.get(word="list.rows_taken")
    assert (written.by, written.subject, written.facts) == ("staff:lena", "list police", '{"version":1}')


def test_the_page_has_the_first_rows_and_the_file_all(
    lena: Staff, version: ListVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SHOWN", 1)
    client = client_of(lena)
    assert "Here are the first 1." in page(client, f"/hash-lists/refused/{version.pk}/")
    assert len(client.get(f"/hash-lists/refused/{version.pk}/csv/").content.splitlines()) == 3


def test_a_list_that_is_being_read_loads_again_for_who_asks(lena: Staff, version: ListVersion) -> None:
    client = client_of(lena)
    address = f"/hash-lists/{version.list.pk}/?load=again"
    assert "Refresh" not in client.get(address).headers
    ListVersion.objects.update(state=ImportState.READING)
    assert client.get(address).headers["Refresh"] == "15"
    assert "being read" in words(page(client, "/hash-lists/"))


def test_false_matches_are_given_as_a_file_for_the_owner_of_the_list(
    lena: Staff, version: ListVersion, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(lena)
    assert "for the list’s owner" not in page(client, f"/hash-lists/{version.list.pk}/")
    known = Known.objects.order_by("pk")[0]
    known.reference = "=picture 1"
    known.save(update_fields=["reference"])
    for _ in range(2):
        item = ready_case(f"http://{uuid4().hex}.nordhost.test/")[1]
        digest, at = bytes(known.md5 or b""), now()
        Match.objects.create(
            item=item,
            algorithm="md5",
            digest=digest,
            known=known.pk,
            list=version.list,
            version=1,
            at=at,
            fed_back_at=at,
        )
    assert "for the list’s owner" in page(client, f"/hash-lists/{version.list.pk}/")
    file = client.get(f"/hash-lists/{version.list.pk}/feedback/")
    row = f"7,md5,{'ab' * 16},0,1,2,{now().date()}"
    assert file.content.decode().splitlines() == [
        "entry,category,algorithm,hash,distance,version,items,reported",
        f"'=picture 1,{row}",
    ]
    monkeypatch.setattr(command, "load", lambda _face: None)
    command.main(["list", "feedback", "police"])
    assert capsys.readouterr().out.splitlines()[1] == f"'=picture 1,{row}"
    command.main(["list", "feedback", "police", "--json"])
    [told] = json.loads(capsys.readouterr().out)
    assert (told["entry"], told["items"]) == ("=picture 1", 2)
    assert Entry.objects.filter(word="list.feedback", subject="list police").count() == 3


def test_without_lists_the_page_says_how_to_begin(lena: Staff) -> None:
    assert "lykta list import" in page(client_of(lena), "/hash-lists/")
