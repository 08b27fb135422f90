"""Files in the letterbox: sealed piece by piece, in a row, found by their number alone, swept when nobody wants them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from lykta.lib import codes, sealing
from lykta.records.letterbox import actions, queries
from lykta.records.letterbox.models import Chunk

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOTLINE = sealing.new_private_key()
KEY = sealing.public_key(HOTLINE)
HEADER = {"name": "kim.txt", "type": "text/plain"}


def keep(upload: UUID, index: int, content: bytes | dict[str, Any], *, now: datetime = NOW) -> int:
    return actions.keep_chunk(upload=upload, index=index, content=content, hotline_key=KEY, now=now)


def keep_file(*, now: datetime = NOW) -> UUID:
    upload = uuid4()
    contents: list[bytes | dict[str, Any]] = [HEADER, b"one", b"two", {"end": True, "size": 6, "sha256": ""}]
    for index, content in enumerate(contents):
        keep(upload, index, content, now=now)
    return upload


def test_pieces_come_back_in_order_with_the_hotlines_key_alone() -> None:
    first, *data, last = queries.chunks_of(keep_file())
    assert sealing.unseal(first, private_key=HOTLINE) == HEADER
    assert [sealing.unseal_bytes(piece, private_key=HOTLINE) for piece in data] == [b"one", b"two"]
    assert sealing.unseal(last, private_key=HOTLINE)["end"] is True
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(first, private_key=sealing.new_private_key())


def test_neither_name_nor_type_nor_content_can_be_read() -> None:
    keep_file()
    stored = b"".join(bytes(chunk.sealed) for chunk in Chunk.objects.using("letterbox").all())
    assert [word for word in (b"kim", b"text", b"one", b"end") if word in stored] == []


def test_the_number_says_which_piece_is_next() -> None:
    upload = uuid4()
    assert queries.chunks_kept(upload) == 0
    assert [keep(upload, 0, HEADER), keep(upload, 1, b"one")] == [1, 2]
    assert queries.chunks_kept(upload) == 2
    assert queries.chunks_kept(uuid4()) == 0


def test_the_same_piece_twice_is_one_and_the_first_one_stays() -> None:
    upload = uuid4()
    keep(upload, 0, HEADER)
    assert [keep(upload, 1, b"first"), keep(upload, 1, b"other")] == [2, 2]
    _, piece = queries.chunks_of(upload)
    assert sealing.unseal_bytes(piece, private_key=HOTLINE) == b"first"


def test_a_piece_that_comes_too_early_is_not_kept() -> None:
    upload = uuid4()
    assert keep(upload, 1, b"one") == 0
    keep(upload, 0, HEADER)
    assert keep(upload, 5, b"five") == 1
    assert Chunk.objects.using("letterbox").count() == 1


def test_who_names_a_file_throws_it_away_and_no_other() -> None:
    mine, other = keep_file(), keep_file()
    for _ in range(2):
        actions.drop_uploads([mine])
    assert [queries.chunks_kept(mine), queries.chunks_kept(other)] == [0, 4]


def test_files_to_which_nothing_is_added_are_swept_unless_a_letter_names_them() -> None:
    old = NOW - timedelta(days=3)
    abandoned, claimed, fresh, going_on = keep_file(now=old), keep_file(now=old), keep_file(), keep_file(now=old)
    keep(going_on, 4, b"more")
    before = NOW - timedelta(days=2)
    assert queries.silent_uploads(before=before) == {abandoned, claimed}
    assert actions.sweep_uploads(before=before, claimed={claimed}) == 1
    left = set(Chunk.objects.using("letterbox").values_list("upload", flat=True))
    assert left == {claimed, fresh, going_on}


def test_every_letter_that_may_name_files_is_looked_at_whoever_wrote_it_last() -> None:
    post = actions.Post(hotline_key=KEY, language="en", now=NOW, expires_at=NOW + timedelta(days=30))
    sent = codes.new()
    actions.keep_part(content={"files": ["a"]}, code=codes.new(), post=post)
    actions.drop_report(content={"files": ["b"]}, code=sent, post=post)
    box = queries.box_for(sent, now=NOW)
    assert box is not None
    actions.drop_reply(box=box, code=sent, content={"text": "more"}, hotline_key=KEY, now=NOW)
    assert sorted(letter.kind for letter in queries.letters_with_files()) == ["part", "report"]


def test_words_have_room_when_files_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "disk_usage", lambda _folder: SimpleNamespace(free=queries.ROOM_FOR_WORDS + 1))
    assert queries.has_room()
    monkeypatch.setattr(queries, "disk_usage", lambda _folder: SimpleNamespace(free=queries.ROOM_FOR_WORDS))
    assert queries.has_room() is (connections["letterbox"].vendor != "sqlite")
