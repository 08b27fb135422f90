"""Files go from the letterbox into the case whole, once, and only what a document may be; a death changes nothing."""

import hashlib
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.workflow.conftest import HOTLINE_KEY, SWEDISH, Hotline

from lykta.core.attaching import PIECE_BYTES
from lykta.lib import clock, codes, sealing
from lykta.lib.codes import Code
from lykta.records.audit.models import Entry
from lykta.records.cases import keyring
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import attachments as kept
from lykta.records.cases.models import Attachment, Case
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.letterbox.models import Chunk, Letter
from lykta.workflow import attachments

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
KEY = sealing.public_key(HOTLINE_KEY)
PATTERN = bytes(range(256))


def send(data: bytes, *, kind: str = "text/plain", end: dict[str, Any] | None = None, whole: bool = True) -> UUID:
    """A file in the letterbox, as a face puts it there, or as somebody does who has taken the face over."""
    number = uuid4()
    cut = [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)]
    said = {"end": True, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), **(end or {})}
    contents: list[bytes | dict[str, Any]] = [{"name": "chat.txt", "type": kind}, *cut, *([said] if whole else [])]
    for index, content in enumerate(contents):
        letterbox.keep_chunk(upload=number, index=index, content=content, hotline_key=KEY, now=clock.now())
    return number


def report(*files: UUID | str, sent: bool = True, code: Code | None = None) -> Code:
    code = code or codes.new()
    post = letterbox.Post(hotline_key=KEY, language="en", now=clock.now(), expires_at=clock.now() + timedelta(days=365))
    content = {"answers": {"topic": "web", "where": SWEDISH}, "files": [str(one) for one in files], "language": "en"}
    (letterbox.drop_report if sent else letterbox.keep_part)(content=content, code=code, post=post)
    return code


def arrived() -> dict[UUID, tuple[bytes, bool]]:
    """The bytes of each attachment at the desk, and whether it is whole."""
    return {
        one.number: (b"".join(cases.pieces_of(one)), one.complete) for one in Attachment.objects.order_by("received_at")
    }


def test_files_arrive_bit_for_bit_and_leave_the_letterbox(hotline: Hotline) -> None:
    text = "räksmörgås\n".encode() * 60_000
    document = b"%PDF-1.7\n" + PATTERN * 3000
    one, two, three = send(text), send(document, kind="application/pdf"), send(b"x")
    report(one, f"{two.hex} 768009 chat.txt", three)
    hotline.work()
    assert arrived() == {one: (text, True), two: (document, True), three: (b"x", True)}
    assert not Chunk.objects.exists()
    assert [file.name for file in cases.files_of(Case.objects.get().reports.get())] == ["chat.txt"] * 3
    found = cases.file_of(Attachment.objects.get(number=one))
    assert (found.sha256, found.attachment.size) == (hashlib.sha256(text).hexdigest(), len(text))


def test_a_file_that_a_browser_could_not_count_is_whole_by_its_size(hotline: Hotline) -> None:
    number = send(b"hello", end={"sha256": ""})
    report(number)
    hotline.work()
    assert arrived() == {number: (b"hello", True)}


@pytest.mark.parametrize("end", [{"size": 4}, {"sha256": "0" * 64}])
def test_a_file_that_is_not_what_its_end_says_is_kept_as_incomplete(hotline: Hotline, end: dict[str, Any]) -> None:
    number = send(b"hello", end=end)
    report(number)
    hotline.work()
    assert arrived() == {number: (b"hello", False)}


def test_a_line_that_broke_leaves_what_came(hotline: Hotline) -> None:
    number = send(b"x" * PIECE_BYTES + b"y", whole=False)
    report(number)
    hotline.work()
    assert arrived() == {number: (b"x" * PIECE_BYTES + b"y", False)}


def test_an_abandoned_report_brings_its_files(hotline: Hotline) -> None:
    number = send(b"hello")
    report(number, sent=False)
    hotline.work()
    assert arrived() == {}
    hotline.wait(timedelta(hours=3))
    hotline.work()
    assert arrived() == {number: (b"hello", True)}


def test_who_comes_back_brings_more(hotline: Hotline) -> None:
    first, second = send(b"one"), send(b"two")
    code = report(first)
    hotline.work()
    report(first, second, code=code)
    hotline.work()
    assert arrived() == {first: (b"one", True), second: (b"two", True)}
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + PATTERN, b"PK\x03\x04" + PATTERN, b"a" * PIECE_BYTES + PATTERN, b"%PDF-1.7 as text"],
    ids=["picture", "archive", "a text that becomes something else", "another kind than it says"],
)
def test_what_a_face_that_was_taken_over_lets_through_is_thrown_away_here(hotline: Hotline, data: bytes) -> None:
    number = send(data)
    report(number)
    hotline.work()
    assert not Attachment.objects.exists()
    assert not Chunk.objects.exists()
    assert Entry.objects.filter(word="attachment.refused").count() == 1


@pytest.mark.parametrize("files", [None, "text", [1, None, "no number"], {"a": 1}, [str(uuid4())]])
def test_a_list_that_names_nothing_stops_nothing(hotline: Hotline, files: object) -> None:
    post = letterbox.Post(hotline_key=KEY, language="en", now=clock.now(), expires_at=clock.now() + timedelta(days=365))
    content = {"answers": {"topic": "web", "where": SWEDISH}, "files": files, "language": "en"}
    letterbox.drop_report(content=content, code=codes.new(), post=post)
    hotline.work()
    assert Case.objects.count() == 1
    assert not Letter.objects.exists()
    assert arrived() == {}


def test_a_report_names_five_files_and_no_more() -> None:
    numbers = [uuid4() for _ in range(7)]
    assert attachments.named_in({"files": [str(one) for one in [numbers[0], *numbers]]}) == numbers[:5]


def test_a_header_that_is_none_takes_nothing_along(hotline: Hotline) -> None:
    number = uuid4()
    letterbox.keep_chunk(upload=number, index=0, content=b"no header", hotline_key=KEY, now=clock.now())
    unknown = send(b"x", kind="image/png")
    report(number, unknown)
    hotline.work()
    assert arrived() == {}
    assert not Letter.objects.exists()


def test_a_damaged_piece_ends_the_file_there(hotline: Hotline) -> None:
    number = send(b"x" * PIECE_BYTES + b"y")
    Chunk.objects.filter(upload=number, index=2).update(sealed=b"\x03damaged")
    report(number)
    hotline.work()
    assert arrived() == {number: (b"x" * PIECE_BYTES, False)}


def test_a_file_belongs_to_the_first_report_that_names_it(hotline: Hotline) -> None:
    number = send(b"hello", whole=False)
    report(number)
    hotline.work()
    letterbox.keep_chunk(
        upload=number, index=0, content={"name": "a", "type": "text/plain"}, hotline_key=KEY, now=clock.now()
    )
    letterbox.keep_chunk(upload=number, index=1, content=b"other", hotline_key=KEY, now=clock.now())
    report(number)
    hotline.work()
    assert arrived() == {number: (b"hello", False)}
    assert Attachment.objects.get().report.case == Case.objects.order_by("pk")[0]


# Death in the middle


class Killed(BaseException):
    """As `kill -9`: nothing after it is done."""


@pytest.mark.parametrize("deed", ["add_attachment", "add_piece", "end_attachment", "drop_uploads", "discard"])
@pytest.mark.parametrize("time", [1, 2, 3])
def test_whoever_dies_in_between_begins_again_and_nothing_is_lost_or_doubled(
    hotline: Hotline, deed: str, time: int
) -> None:
    data = [b"a" * PIECE_BYTES + b"b", b"c" * (2 * PIECE_BYTES)]
    numbers = [send(one) for one in data]
    report(*numbers)
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        _die_after(patch, deed, time)
        hotline.work()
    hotline.work()
    assert arrived() == {number: (one, True) for number, one in zip(numbers, data, strict=True)}
    assert Case.objects.count() == 1
    assert not Letter.objects.exists()
    assert not Chunk.objects.exists()


def _die_after(monkeypatch: pytest.MonkeyPatch, deed: str, time: int) -> None:
    """Once the deed was done that many times, everything ends."""
    room = letterbox if hasattr(letterbox, deed) else kept
    real = getattr(room, deed)
    left = [time]

    def do_and_die(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return result

    monkeypatch.setattr(room, deed, do_and_die)


def test_a_case_that_is_forgotten_meanwhile_takes_no_file(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    number = send(b"hello")
    report(number)
    real = kept.add_attachment

    def forget_first(**given: Any) -> Attachment:
        keyring.forget(given["report"].case.uuid)
        return real(**given)

    monkeypatch.setattr(kept, "add_attachment", forget_first)
    hotline.work()
    assert arrived() == {}
    assert not Chunk.objects.exists()
    assert not Letter.objects.exists()


# Files that nobody claims


def test_files_that_no_report_names_go_after_two_days(hotline: Hotline) -> None:
    number = send(b"hello")
    hotline.wait(timedelta(days=1, hours=23))
    hotline.work()
    assert letterbox_queries.chunks_kept(number) == 3
    hotline.wait(timedelta(hours=2))
    hotline.work()
    assert letterbox_queries.chunks_kept(number) == 0


@pytest.mark.parametrize("sent", [True, False])
def test_a_file_whose_letter_still_waits_is_not_swept(hotline: Hotline, *, sent: bool) -> None:
    claimed, other = send(b"hello"), send(b"other")
    report(claimed, sent=sent)
    hotline.wait(timedelta(days=9))
    attachments.sweep(HOTLINE_KEY)
    assert [letterbox_queries.chunks_kept(one) for one in (claimed, other)] == [3, 0]
    hotline.work()
    assert arrived() == {claimed: (b"hello", True)}


def test_a_letter_that_nobody_can_open_holds_up_no_sweep(hotline: Hotline) -> None:
    number = send(b"hello")
    report(number)
    Letter.objects.update(sealed=b"damaged")
    hotline.wait(timedelta(days=3))
    attachments.sweep(HOTLINE_KEY)
    assert letterbox_queries.chunks_kept(number) == 0
