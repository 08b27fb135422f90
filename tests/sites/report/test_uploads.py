"""Files without script: sealed while they stream in, never on a disk, and whatever is wrong is said in a sentence."""

import hashlib
import tempfile
import tracemalloc
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page
from tests.sites.report.files import MIB, NOT_ALLOWED, document, opened, stored, switch_on, text

from lykta.core.attaching import MOST_FILES
from lykta.lib import clock
from lykta.records.letterbox import queries
from lykta.records.letterbox.models import Chunk
from lykta.sites.common import floods
from lykta.sites.report import keeping, uploads
from lykta.sites.report.keeping import Kept
from lykta.sites.report.uploads import Attached

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)


@pytest.fixture
def page(report: Client, settings: Settings) -> Client:
    settings.ROOT_URLCONF = "tests.sites.report.taking"
    switch_on(settings)
    return report


def send(page: Client, *files: tuple[str, bytes], field: str = "files", **fields: str) -> dict[str, Any]:
    chosen = [SimpleUploadedFile(name, data) for name, data in files]
    answer = page.post("/en/take/", {"typed": "my words", **fields, field: chosen})
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    assert said["typed"] == "my words"
    return said


def numbers(said: dict[str, Any]) -> list[UUID]:
    return [UUID(hex=line.split()[0]) for line in said["lines"]]


@pytest.mark.parametrize("size", [1, MIB - 1, MIB, MIB + 1, 30_000_000])
def test_a_file_of_any_size_comes_through_whole(page: Client, size: int) -> None:
    data = document(size) if size > MIB else text(size)
    said = send(page, ("chat.txt", data))
    [number] = numbers(said)
    assert said["lines"] == [f"{number.hex} {size} chat.txt"]
    assert said["problems"] == []
    header, came, end = opened(number)
    assert came == data
    assert header == {"name": "chat.txt", "type": "application/pdf" if size > MIB else "text/plain"}
    assert end == {"end": True, "size": size, "sha256": hashlib.sha256(data).hexdigest()}


def test_no_file_is_ever_on_a_disk_nor_whole_in_memory(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    data = document(12 * MIB)
    send(page, ("one.pdf", data))  # what is loaded at first use is not counted
    body = SimpleUploadedFile("two.pdf", data)
    kept: list[int] = []
    monkeypatch.setattr(keeping, "put", lambda *_: kept.append(tracemalloc.get_traced_memory()[0]))
    tracemalloc.start()
    try:
        page.post("/en/take/", {"files": body})
    finally:
        tracemalloc.stop()
    assert len(kept) > 40
    assert max(kept) - min(kept) < 2 * MIB


@pytest.mark.parametrize("data", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_nothing_of_a_picture_a_film_or_an_archive_is_kept(page: Client, data: bytes) -> None:
    said = send(page, ("chat.txt", data))
    assert said["lines"] == []
    assert said["problems"] == [
        "Only PDF documents and plain text can be sent: no pictures, films or archives. It was not kept."
    ]
    assert stored() == []


def test_a_text_that_becomes_a_picture_is_thrown_away_with_its_beginning(page: Client) -> None:
    said = send(page, ("chat.txt", text(MIB) + NOT_ALLOWED["png"]), ("fine.txt", text(10)))
    assert [line.split()[2] for line in said["lines"]] == ["fine.txt"]
    assert stored() == numbers(said)


def test_an_empty_file_is_refused(page: Client) -> None:
    assert len(send(page, ("empty.txt", b""))["problems"]) == 1
    assert stored() == []


def test_a_file_that_is_too_large_is_refused_and_the_words_beside_it_count(page: Client, settings: Settings) -> None:
    switch_on(settings, limit=300_000)
    said = send(page, ("large.txt", text(300_001)), ("even.txt", text(300_000)))
    assert [line.split()[1:] for line in said["lines"]] == [["300000", "even.txt"]]
    assert said["problems"] == ["A file may have 293.0\xa0KB. This one has more, so it was not kept."]
    assert stored() == numbers(said)


def test_more_than_all_files_together_is_not_even_read(page: Client, settings: Settings) -> None:
    switch_on(settings, limit=1000)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = page.post("/en/take/", {"files": SimpleUploadedFile("a.txt", text(7000))})
    assert answer.status_code == 413
    assert stored() == []


def test_no_more_files_than_a_report_may_have(page: Client) -> None:
    said = send(page, *((f"{number}.txt", b"x") for number in range(MOST_FILES + 1)))
    assert [line.split()[2] for line in said["lines"]] == [f"{number}.txt" for number in range(MOST_FILES)]
    assert said["problems"] == ["5 files can be sent with a report. Those beyond were not kept."]
    again = send(page, ("more.txt", b"y"), kept="\n".join(said["lines"]))
    assert again["lines"] == said["lines"]
    assert again["problems"] == said["problems"]
    assert len(stored()) == MOST_FILES


def test_what_the_page_carries_stays_and_what_is_taken_away_goes(page: Client) -> None:
    said = send(page, ("one.txt", b"1"), ("two.txt", b"2"))
    kept = "\n".join(said["lines"])
    one, two = numbers(said)
    left = page.post("/en/take/", {"kept": kept, "step": f"remove-{one.hex}"}).json()
    assert left["lines"] == said["lines"][1:]
    assert stored() == [two]


def test_a_page_that_asks_to_wait_carries_what_came_before_it(page: Client) -> None:
    request = RequestFactory().post("/en/take/", {"files": SimpleUploadedFile("a.txt", b"x"), "typed": "y"})
    uploads.accept(request)
    attached = uploads.read(request)
    assert len(attached.kept) == 1
    assert request.POST.dict() == {"typed": "y", "kept": attached.carried}


def test_a_file_that_has_gone_is_not_shown_as_if_it_were_there(page: Client) -> None:
    gone = Kept(uuid4(), 12, "gone.txt")
    said = page.post("/en/take/", {"kept": str(gone)}).json()
    assert said["lines"] == []
    assert said["problems"] == ["One of the files is not here any more. Choose it again."]


@pytest.mark.parametrize("line", ["", "nothing", "00 1 a", "0123456789abcdef0123456789abcdef many a", "\x00"])
def test_a_line_that_was_made_up_means_nothing(line: str) -> None:
    assert Attached.of([line]).kept == ()


def test_a_line_says_again_what_was_kept() -> None:
    kept = Kept(uuid4(), 1234, "my chat (1).txt")
    assert Kept.read(str(kept)) == kept


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("chat\n\tof\x00 may.txt", "chat of may.txt"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("မင်္ဂလာပါ.txt", "မင်္ဂလာပါ.txt"),
        ("a" * 200 + ".txt", "a" * 100 + "…" + "a" * 15 + ".txt"),
    ],
)
def test_a_name_is_one_line_and_ends_as_it_says(name: str, shown: str) -> None:
    assert keeping.clean_name(name) == shown


def test_a_full_disk_is_said_and_nothing_half_is_left(page: Client) -> None:
    with letters.failing("INSERT"):
        said = send(page, ("chat.txt", text(10)))
    assert said["problems"] == [
        "The file could not be kept: the fault is ours. Try again in a minute, or send the report without it."
    ]
    assert stored() == []


def test_where_only_words_have_room_files_are_refused(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "has_room", lambda: False)
    said = send(page, ("chat.txt", text(10)))
    assert said["problems"] == [
        "We have no room for files at the moment. Your words are safe: send the report without the file."
    ]
    assert stored() == []


def test_a_body_that_breaks_off_leaves_nothing(page: Client) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + text(MIB)
    page.generic("POST", "/en/take/", body, content_type="multipart/form-data; boundary=b")
    assert stored() == []


def test_who_sends_very_many_files_waits_and_then_gets_through(
    page: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(floods, "_network_hash", lambda *_: b"one network")
    for _ in range(3):
        send(page, *((f"{number}.txt", b"x") for number in range(MOST_FILES)))
    said = send(page, ("late.txt", b"x"))
    assert said["lines"] == []
    assert "Very many files come from your network just now. Wait" in said["problems"][0]
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=floods.LONGEST + 1))
    again = send(page, ("late.txt", b"x"), field=said["field"])
    assert [line.split()[2] for line in again["lines"]] == ["late.txt"]


def test_where_files_are_off_none_is_kept_and_the_words_count(page: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"attachments": ""})
    assert send(page, ("chat.txt", text(10)))["lines"] == []
    assert stored() == []


@pytest.mark.parametrize("field", ["other", "file", "answer"])
def test_a_field_that_is_not_for_files_takes_none(page: Client, field: str) -> None:
    said = send(page, ("chat.txt", text(10)), field=field)
    assert (said["lines"], said["problems"]) == ([], [])
    assert stored() == []


def test_the_field_says_what_fits_and_lists_what_is_there(page: Client) -> None:
    kept = [Kept(uuid4(), 2048, "<b>chat</b>.txt"), Kept(uuid4(), 1, "two.pdf")]
    answer = page.get("/en/field/", {"line": [str(one) for one in kept]})
    shown = Page(answer)
    assert "At most 5 files, each up to 28.6\xa0MB." in answer.content.decode()
    assert "<b>chat</b>.txt" in shown.text
    assert shown.fields["kept"] == "\n".join(map(str, kept))
    assert f'name="step" value="remove-{kept[1].number.hex}"' in shown.source
    assert shown.scripts[-1].endswith("attach.js")
    assert answer.headers["Content-Security-Policy"].endswith("; connect-src 'self'")


def test_the_database_is_not_asked_for_every_page_to_be_up(page: Client) -> None:
    said = send(page, ("one.txt", b"1"))
    with letters.failing("SELECT"):
        again = page.post("/en/take/", {"kept": said["lines"][0]}).json()
    assert again["lines"] == said["lines"]
    assert Chunk.objects.using("letterbox").count() == 3
