"""A file piece by piece, as the page's script sends it: the answer says how far it came, and what is wrong."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.report.files import MIB, NOT_ALLOWED, document, opened, stored, switch_on, text

from lykta.core.attaching import PIECE_BYTES, pieces
from lykta.lib import clock
from lykta.records.letterbox import queries
from lykta.sites.common import floods

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
HERE = "/en/tell/chunk/"
HEADER = {"name": "chat.txt", "type": "text/plain", "size": 10}
NO_PICTURES = "Only PDF documents and plain text can be sent: no pictures, films or archives. It was not kept."
UNREADABLE = "We could not read this file as it was sent. Choose it again, or send the report without it."


@pytest.fixture
def page(report: Client, settings: Settings) -> Client:
    settings.ROOT_URLCONF = "tests.sites.report.taking"
    switch_on(settings)
    return report


def ask(
    page: Client,
    upload: UUID,
    index: object = "",
    content: bytes | dict[str, Any] = b"",
    *,
    kind: str = "text/plain",
    ticket: str = "",
) -> tuple[int, dict[str, Any]]:
    """Status and answer to one piece."""
    headers = {"Lykta-Upload": upload.hex, "Lykta-Index": str(index), "Lykta-Kind": kind, "Lykta-Ticket": ticket}
    is_bytes = isinstance(content, bytes)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    media = "application/octet-stream" if is_bytes else "application/json"
    answer = page.generic("POST", HERE, body, content_type=media, headers=headers)
    said: dict[str, Any] = answer.json()
    return answer.status_code, said


def send(page: Client, data: bytes, *, kind: str = "text/plain", name: str = "chat.txt") -> UUID:
    """A whole file."""
    upload = uuid4()
    ask(page, upload, 0, {"name": name, "type": kind, "size": len(data)})
    for index in range(1, pieces(len(data)) + 1):
        piece = data[(index - 1) * PIECE_BYTES : index * PIECE_BYTES]
        assert ask(page, upload, index, piece, kind=kind) == (200, {"kept": index + 1})
    end = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert ask(page, upload, pieces(len(data)) + 1, end) == (200, {"kept": pieces(len(data)) + 2})
    return upload


@pytest.mark.parametrize("size", [1, MIB - 1, MIB, MIB + 1, 30_000_000])
def test_a_file_of_any_size_comes_through_whole(page: Client, size: int) -> None:
    data = document(size) if size > MIB else text(size)
    kind = "application/pdf" if size > MIB else "text/plain"
    header, came, end = opened(send(page, data, kind=kind, name="två\u202e.txt"))
    assert came == data
    assert header == {"name": "två.txt", "type": kind}
    assert end == {"end": True, "size": size, "sha256": hashlib.sha256(data).hexdigest()}


def test_without_an_index_it_says_where_it_was(page: Client) -> None:
    upload = uuid4()
    assert ask(page, upload) == (200, {"kept": 0})
    ask(page, upload, 0, HEADER)
    ask(page, upload, 1, b"first half")
    assert ask(page, upload) == (200, {"kept": 2})
    assert ask(page, uuid4()) == (200, {"kept": 0})


def test_a_piece_whose_answer_was_lost_may_come_again(page: Client) -> None:
    upload = uuid4()
    for _ in range(2):
        assert ask(page, upload, 0, HEADER) == (200, {"kept": 1})
    for _ in range(2):
        assert ask(page, upload, 1, text(10)) == (200, {"kept": 2})
    ask(page, upload, 2, {"size": 10, "sha256": ""})
    assert opened(upload)[1] == text(10)


def test_a_piece_whose_line_broke_is_not_kept_and_comes_again(page: Client) -> None:
    upload = uuid4()
    ask(page, upload, 0, HEADER)
    headers = {"Lykta-Upload": upload.hex, "Lykta-Index": "1", "Lykta-Kind": "text/plain"}
    cut: dict[str, Any] = {"wsgi.input": BytesIO(text(9)), "CONTENT_LENGTH": "10"}
    broken = page.generic("POST", HERE, text(10), content_type="application/octet-stream", headers=headers, **cut)
    assert broken.status_code == 400
    assert ask(page, upload) == (200, {"kept": 1})
    assert ask(page, upload, 1, text(10)) == (200, {"kept": 2})


def test_a_piece_that_comes_too_early_is_told_where_to_go_on(page: Client) -> None:
    upload = uuid4()
    ask(page, upload, 0, HEADER)
    assert ask(page, upload, 7, text(10)) == (200, {"kept": 1})


def test_two_files_at_once_do_not_meet(page: Client) -> None:
    one, two = send(page, text(MIB)), send(page, text(20))
    assert [len(opened(upload)[1]) for upload in (one, two)] == [MIB, 20]


@pytest.mark.parametrize("kind", ["text/plain", "application/pdf"])
@pytest.mark.parametrize("data", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_a_picture_is_refused_at_its_first_piece_and_nothing_stays(page: Client, data: bytes, kind: str) -> None:
    upload = uuid4()
    ask(page, upload, 0, {**HEADER, "type": kind})
    assert ask(page, upload, 1, data, kind=kind) == (422, {"wrong": NO_PICTURES})
    assert stored() == []
    assert ask(page, upload) == (200, {"kept": 0})


def test_a_text_does_not_go_on_as_a_picture(page: Client) -> None:
    upload = uuid4()
    ask(page, upload, 0, HEADER)
    ask(page, upload, 1, text(PIECE_BYTES))
    assert ask(page, upload, 2, NOT_ALLOWED["jpeg"]) == (422, {"wrong": NO_PICTURES})
    assert stored() == []


def test_a_picture_is_not_refused_by_its_name_nor_let_in_by_it(page: Client) -> None:
    assert opened(send(page, text(10), name="holiday.jpg"))[0]["name"] == "holiday.jpg"


@pytest.mark.parametrize(
    ("index", "content", "kind"),
    [
        (0, {"name": "a"}, "text/plain"),
        (0, {"name": "a", "type": "image/png", "size": 1}, "text/plain"),
        (0, {"name": "a", "type": "text/plain", "size": "many"}, "text/plain"),
        (0, b"bytes", "text/plain"),
        (1, b"", "text/plain"),
        (1, b"x", "image/png"),
        (1, b"x", "application/pdf"),
        (1, b"%PDF-1.7", "text/plain"),
        (1, b"x" * (PIECE_BYTES + 1), "text/plain"),
        (1, {"size": 1, "sha256": "short"}, "text/plain"),
        (3, {"size": 1, "sha256": ""}, "text/plain"),
        ("first", b"x", "text/plain"),
        ("-1", b"x", "text/plain"),
        ("²", b"x", "text/plain"),
        ("9" * 30, b"x", "text/plain"),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_in_words(
    page: Client, index: object, content: bytes | dict[str, Any], kind: str
) -> None:
    upload = uuid4()
    ask(page, upload, 0, HEADER)
    assert ask(page, upload, index, content, kind=kind) == (422, {"wrong": UNREADABLE})
    assert stored() == []


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"1"])
def test_json_that_means_nothing_is_refused_in_words(page: Client, body: bytes) -> None:
    headers = {"Lykta-Upload": uuid4().hex, "Lykta-Index": "0"}
    answer = page.generic("POST", HERE, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (422, {"wrong": UNREADABLE})


@pytest.mark.parametrize("upload", ["", "no number", "0" * 31])
def test_without_a_number_there_is_nothing_to_answer(page: Client, upload: str) -> None:
    answer = page.generic("POST", HERE, b"", headers={"Lykta-Upload": upload})
    assert (answer.status_code, answer.json()) == (400, {"wrong": UNREADABLE})


def test_too_much_is_refused_before_it_comes(page: Client, settings: Settings) -> None:
    switch_on(settings, limit=1000)
    upload = uuid4()
    status, said = ask(page, upload, 0, {**HEADER, "size": 1001})
    assert (status, said["wrong"]) == (422, "A file may have 1000\xa0bytes. This one has more, so it was not kept.")
    ask(page, upload, 0, HEADER)
    assert ask(page, upload, 1, text(1001))[0] == 422
    assert stored() == []


def test_a_body_that_is_no_piece_is_not_read(page: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert ask(page, uuid4(), 0, {**HEADER, "name": "x" * 200}) == (400, {"wrong": UNREADABLE})


def test_a_letterbox_that_does_not_answer_is_our_fault_and_the_page_may_try_again(page: Client) -> None:
    upload = uuid4()
    ask(page, upload, 0, HEADER)
    with letters.failing("INSERT"):
        status, said = ask(page, upload, 1, text(10))
    assert (status, said["wrong"].partition(":")[0]) == (503, "The file could not be kept")
    assert ask(page, upload, 1, text(10)) == (200, {"kept": 2})


def test_a_disk_that_has_room_for_words_only_says_so(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "has_room", lambda: False)
    status, said = ask(page, uuid4(), 0, HEADER)
    assert (status, said["wrong"].partition(".")[0]) == (507, "We have no room for files at the moment")


def test_where_files_are_off_there_is_nobody_to_take_them(page: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"attachments": ""})
    assert ask(page, uuid4(), 0, HEADER) == (404, {"wrong": "This hotline takes no files."})
    assert stored() == []


def test_it_can_only_be_posted_to(page: Client) -> None:
    assert page.get(HERE).status_code == 405


# Floods

Pass = Callable[[float], None]


@pytest.fixture
def pass_by(monkeypatch: pytest.MonkeyPatch) -> Pass:
    moment = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def pass_seconds(seconds: float) -> None:
        moment[0] += timedelta(seconds=seconds)

    return pass_seconds


def flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that comes from here has spent what a network may send."""
    monkeypatch.setattr(floods, "_network_hash", lambda *_: b"one network")
    for _ in range(floods.PIECES.networks.burst):
        floods.PIECES.networks.spend(b"one network", clock.now().timestamp())


def test_who_sends_very_much_waits_a_little_and_then_gets_through(
    page: Client, monkeypatch: pytest.MonkeyPatch, pass_by: Pass
) -> None:
    flood(monkeypatch)
    upload = uuid4()
    status, said = ask(page, upload, 0, HEADER)
    assert status == 429
    assert 1 <= said["wait"] <= floods.LONGEST
    assert ask(page, upload, 0, HEADER, ticket=said["ticket"])[0] == 429
    assert ask(page, upload) == (200, {"kept": 0})
    pass_by(said["wait"])
    flood(monkeypatch)
    assert ask(page, upload, 0, HEADER, ticket=said["ticket"]) == (200, {"kept": 1})
    assert ask(page, uuid4(), 0, HEADER, ticket=said["ticket"])[0] == 429


def test_a_wait_is_good_for_many_pieces_and_then_comes_the_next_one(
    page: Client, monkeypatch: pytest.MonkeyPatch, pass_by: Pass
) -> None:
    flood(monkeypatch)
    upload = uuid4()
    ticket = ask(page, upload, 0, HEADER)[1]["ticket"]
    pass_by(floods.LONGEST)
    flood(monkeypatch)
    answered = [
        ask(page, upload, index, HEADER if index == 0 else text(PIECE_BYTES), ticket=ticket)[0] for index in range(41)
    ]
    assert answered == [200] * 40 + [429]


def test_an_ordinary_report_never_waits(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "_network_hash", lambda *_: b"one network")
    upload = uuid4()
    ask(page, upload, 0, {**HEADER, "size": 30_000_000})
    assert {ask(page, upload, index, text(PIECE_BYTES))[0] for index in range(1, 115)} == {200}
