"""A list of hashes from a browser: added, its file uploaded, mapped, tried and read, without script."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import client_of, page, prove, words

from lykta.core.vocabulary import ListTrust
from lykta.records.matching import actions, uploads
from lykta.records.matching.models import HashList, Known, Upload
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step
from lykta.sites.desk import list_files

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
MD5 = "ab" * 16
FILE = f"Digest;Class;Note\n{MD5};7;=1+1\nbroken;7;\n".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.HASH_LISTS = tmp_path / "hash-lists"
    return tmp_path / "hash-lists"


@pytest.fixture
def police(db: None) -> HashList:
    return actions.set_list(by="test", slug="police", name="National police", trust=ListTrust.POLICE)


@pytest.fixture
def client(lena: Staff) -> Client:
    return prove(client_of(lena))


def upload(client: Client, police: HashList, data: bytes = FILE) -> Any:
    return client.post(f"/hash-lists/{police.pk}/upload/", {"file": SimpleUploadedFile("list é.csv", data)})


def waiting(client: Client, police: HashList) -> str:
    """Uploads the file; returns the address of its page."""
    address: str = upload(client, police).headers["Location"]
    return address


def work() -> None:
    """What the worker does."""
    for one in Upload.objects.exclude(asked_at=None):
        uploads.read(one, told=lambda: None)


def test_a_file_is_uploaded_mapped_tried_and_read(client: Client, police: HashList, folder: Path) -> None:
    address = waiting(client, police)
    shown = page(client, address)
    assert f"list é.csv, {len(FILE)}\xa0bytes: a table (CSV)." in shown.replace("</bdi>", "")
    assert '<option value="md5" selected>' not in shown
    given = {"column-0": "md5", "column-1": "category", "column-2": ""}
    assert client.post(address, {**given, "deed": "try"}).headers["Location"] == address
    assert Step.objects.get(word="read_file").subject == Upload.objects.get().pk
    under_way = client.get(address)
    assert under_way.headers["Refresh"] == "5"
    assert "The file is being tried." in words(under_way.content.decode())
    work()
    text = page(client, address)
    assert "Rows Added There already Withdrawn Refused 2 1 0 0 1" in words(text)
    assert "3 md5 has 32 hexadecimal digits, and this has 6. broken" in words(text)
    assert "they count as unknown: 7 ." in words(text)
    assert text.count(" selected>") == 2
    assert not Known.objects.exists()
    after = client.post(address, {**given, "deed": "import"})
    assert after.headers["Location"] == f"/hash-lists/{police.pk}/"
    assert "list é.csv" in page(client, f"/hash-lists/{police.pk}/?load=again")
    work()
    assert [(bytes(row.md5 or b"").hex(), row.category) for row in Known.objects.all()] == [(MD5, "7")]
    assert list(folder.iterdir()) == []
    assert client.get(address).status_code == 404


def test_a_mistake_loses_nothing(client: Client, police: HashList) -> None:
    address = waiting(client, police)
    twice = client.post(address, {"column-0": "md5", "column-1": "md5", "replaces": "yes", "deed": "try"})
    assert twice.status_code == 422
    text = twice.content.decode()
    assert "Two columns cannot be the same" in text
    assert text.count('<option value="md5" selected>') == 2
    assert 'name="replaces" value="yes" checked' in text
    none = client.post(address, {"column-1": "category", "deed": "try"})
    assert "Say of at least one column which hash is in it." in none.content.decode()
    assert '<option value="category" selected>' in none.content.decode()
    early = client.post(address, {"column-0": "md5", "deed": "import"})
    assert "Try the file first" in early.content.decode()
    assert not Step.objects.filter(word="read_file").exists()


def test_who_reads_a_file_into_a_list_says_once_more_who_they_are(lena: Staff, police: HashList) -> None:
    client = client_of(lena)
    address = waiting(client, police)
    asked = client.post(address, {"column-0": "md5", "deed": "import"})
    assert 'value="import"' in asked.content.decode()
    assert Upload.objects.get().asked_at is None


def test_a_file_can_be_thrown_away(client: Client, police: HashList, folder: Path) -> None:
    address = waiting(client, police)
    client.post(address, {"deed": "throw-away"})
    assert list(folder.iterdir()) == []
    assert "The file is gone." in words(page(client, f"/hash-lists/{police.pk}/"))


@pytest.mark.parametrize(
    ("data", "said"), [(b"{}", "none of the forms"), (b"", "The file is empty."), (b"\n", "The file is empty.")]
)
def test_what_is_no_list_is_said_at_once_and_does_not_stay(
    client: Client, police: HashList, folder: Path, data: bytes, said: str
) -> None:
    answer = upload(client, police, data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not list(folder.glob("*"))


def test_a_file_that_is_too_large_or_finds_no_room_is_refused_with_what_to_do(
    client: Client, police: HashList, folder: Path, settings: Settings
) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"list_bytes": 10})
    assert "The file is larger than 0 MB: split it" in upload(client, police).content.decode()
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"list_bytes": 10_000})
    folder.write_text("a file where the folder should be")
    assert "could not be stored" in upload(client, police).content.decode()
    assert not Upload.objects.exists()


def test_without_a_file_the_page_asks_for_one(client: Client, police: HashList) -> None:
    assert "Please choose a file." in client.post(f"/hash-lists/{police.pk}/upload/").content.decode()
    other = client.post(f"/hash-lists/{police.pk}/upload/", {"other": SimpleUploadedFile("x", FILE)})
    assert "Please choose a file." in other.content.decode()


def test_of_a_file_that_breaks_off_nothing_stays(folder: Path) -> None:
    handler = list_files.ToList(RequestFactory().post("/"))
    handler.new_file(list_files.FIELD, "list.csv", "text/csv", None)
    handler.receive_data_chunk(b"half", 0)
    assert len(list(folder.iterdir())) == 1
    handler.upload_interrupted()
    assert not list(folder.iterdir())


def test_a_form_from_elsewhere_is_refused(lena: Staff, police: HashList) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of(lena).cookies
    assert upload(strict, police).status_code == 403
    assert not Upload.objects.exists()


def test_an_analyst_can_do_none_of_it(anna: Staff, client: Client, police: HashList) -> None:
    address = waiting(client, police)
    analyst = prove(client_of(anna))
    paths = (address, f"/hash-lists/{police.pk}/upload/", f"/hash-lists/{police.pk}/change/", "/hash-lists/add/")
    for path in paths:
        assert analyst.get(path).status_code == 404
        assert analyst.post(path, {"deed": "throw-away"}).status_code == 404
    assert Upload.objects.count() == 1


FACTS = {"name": "Clearing house", "slug": "Clearing", "trust": "verified", "distance": "20", "active": "yes"}


def test_a_list_is_added_and_changed_at_the_desk(client: Client) -> None:
    added = client.post("/hash-lists/add/", {**FACTS, "categories": "A1 = illegal\n\nB=harmless"})
    found = HashList.objects.get()
    assert added.headers["Location"] == f"/hash-lists/{found.pk}/"
    assert (found.slug, found.distance, found.categories) == ("clearing", 20, {"A1": "illegal", "B": "harmless"})
    shown = page(client, f"/hash-lists/{found.pk}/change/")
    assert "A1=illegal\nB=harmless" in shown
    client.post(f"/hash-lists/{found.pk}/change/", {**FACTS, "trust": "reported", "slug": "other"})
    found.refresh_from_db()
    assert (found.slug, found.trust, found.categories) == ("clearing", "reported", {})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"categories": "A1"}, "CODE=WORD"),
        ({"categories": "A1=evil"}, "is none of"),
        ({"name": " "}, "give the list a name"),
        ({"trust": "much"}, "how far the list is believed"),
        ({"distance": "far"}, "number of bits"),
        ({"distance": "32"}, "from 0 to 31"),
        ({"slug": "police"}, "of this short name already"),
    ],
)
def test_a_mistake_about_a_list_loses_nothing_that_was_typed(
    client: Client, police: HashList, wrong: dict[str, str], said: str
) -> None:
    answer = client.post("/hash-lists/add/", {**FACTS, "licence": "Agreement 12", **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Agreement 12" in answer.content.decode()
    assert HashList.objects.get() == police
