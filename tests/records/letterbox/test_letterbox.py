"""The letterbox: sealed in, sealed out, found by nobody but the holder of a code."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox import actions, queries
from lykta.records.letterbox.models import Box, Letter, Parcel

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOTLINE = sealing.new_private_key()
SECRET = "a word that must never be readable"


def post(now: datetime = NOW) -> actions.Post:
    return actions.Post(
        hotline_key=sealing.public_key(HOTLINE), language="sv", now=now, expires_at=NOW + timedelta(days=30)
    )


def drop(code: Code, **content: Any) -> Letter:
    actions.drop_report(content=content or {"text": SECRET}, code=code, post=post())
    return letters_of(code)[-1]


def keep(code: Code, words: str, *, minutes: int = 0) -> None:
    actions.keep_part(content={"text": words}, code=code, post=post(NOW + timedelta(minutes=minutes)))


def letters_of(code: Code) -> list[Letter]:
    letters = Letter.objects.using("letterbox").select_related("box")
    return list(letters.filter(box__lookup=codes.lookup(code)).order_by("pk"))


def said_in(letter: Letter) -> str:
    return str(sealing.unseal(bytes(letter.sealed), private_key=HOTLINE)["text"])


def drop_more(code: Code) -> Letter:
    box = queries.box_for(code, now=NOW)
    assert box is not None
    key = sealing.public_key(HOTLINE)
    return actions.drop_reply(box=box, code=code, content={"text": SECRET}, hotline_key=key, now=NOW)


def everything_stored() -> bytes:
    """Every value of every row that the public side can reach, as bytes."""
    found = b""
    for model in (Box, Letter, Parcel):
        for row in model.objects.using("letterbox").values_list():
            found += b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
    return found


def test_a_report_can_be_opened_by_the_hotline_alone() -> None:
    letter = drop(codes.new())
    assert sealing.unseal(bytes(letter.sealed), private_key=HOTLINE)["text"] == SECRET
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(bytes(letter.sealed), private_key=sealing.new_private_key())


def test_neither_the_words_nor_the_code_are_anywhere() -> None:
    code = codes.new()
    drop(code)
    stored = everything_stored()
    assert SECRET.encode() not in stored
    assert code.encode() not in stored
    assert codes.spell(code).encode() not in stored
    assert codes.key_seed(code) not in stored
    assert codes.lookup(code) in stored


def test_a_letter_carries_the_proof_that_its_writer_held_the_code() -> None:
    code = codes.new()
    letter = drop(code)
    assert sealing.unseal(bytes(letter.sealed), private_key=HOTLINE)["proof"] == codes.proof(code).hex()
    assert codes.proof(code) not in everything_stored()


def test_a_receipt_is_durable_before_it_is_given() -> None:
    drop(codes.new())
    assert not connections["letterbox"].in_atomic_block
    with connections["letterbox"].cursor() as cursor:
        if connections["letterbox"].vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == 2
        else:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone()[0] == "on"


def test_a_report_and_its_box_are_written_both_or_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(sealing, "seal", broken)
    with pytest.raises(OSError, match="disk full"):
        drop(codes.new())
    assert Box.objects.using("letterbox").count() == 0


def test_a_code_finds_its_box_until_its_date() -> None:
    code = codes.new()
    drop(code)
    assert queries.box_for(code, now=NOW) is not None
    assert queries.box_for(code, now=NOW + timedelta(days=31)) is None
    assert queries.box_for(codes.new(), now=NOW) is None


def test_what_is_delivered_is_read_with_the_code_only() -> None:
    code = codes.new()
    drop(code)
    assert actions.deliver(lookup=codes.lookup(code), number=uuid4(), content={"text": SECRET}, now=NOW)
    assert SECRET.encode() not in everything_stored()
    box = queries.box_for(code, now=NOW)
    assert box is not None
    assert [one.content for one in queries.delivered_to(box, code)] == [{"text": SECRET}]
    with pytest.raises(sealing.CannotOpen):
        queries.delivered_to(box, codes.new())


def test_delivering_twice_leaves_one() -> None:
    code, number = codes.new(), uuid4()
    drop(code)
    for _ in range(2):
        assert actions.deliver(lookup=codes.lookup(code), number=number, content={"text": "x"}, now=NOW)
    assert Parcel.objects.using("letterbox").count() == 1


def test_delivering_to_a_box_that_has_gone_is_no_failure() -> None:
    assert not actions.deliver(lookup=b"0" * 16, number=uuid4(), content={}, now=NOW)


@pytest.mark.parametrize("kind", list(BoxKind))
def test_what_comes_back_is_of_the_boxs_kind(kind: BoxKind) -> None:
    code = codes.new()
    box = actions.open_box(code=code, kind=kind, language="en", now=NOW, days=1)
    key = sealing.public_key(HOTLINE)
    letter = actions.drop_reply(box=box, code=code, content={"text": SECRET}, hotline_key=key, now=NOW)
    assert letter.kind == (LetterKind.MORE if kind is BoxKind.REPORTER else LetterKind.REPLY)
    assert SECRET.encode() not in everything_stored()


def close(code: Code) -> None:
    box = queries.box_for(code, now=NOW)
    assert box is not None
    actions.close_box(box=box, code=code, hotline_key=sealing.public_key(HOTLINE), now=NOW)


def test_a_closed_mailbox_is_empty_and_opens_no_more() -> None:
    code, other = codes.new(), codes.new()
    for one in (code, other):
        drop(one)
        actions.deliver(lookup=codes.lookup(one), number=uuid4(), content={"text": SECRET}, now=NOW)
    close(code)
    assert queries.box_for(code, now=NOW) is None
    box = queries.box_for(other, now=NOW)
    assert box is not None
    assert [parcel.box_id for parcel in Parcel.objects.using("letterbox").all()] == [box.pk]


def test_closing_takes_back_what_nobody_has_opened_and_says_so_with_proof() -> None:
    code, other = codes.new(), codes.new()
    kept = drop(other)
    for opened in (drop(code), drop_more(code)):
        actions.set_aside(opened, now=NOW)
    drop_more(code)
    close(code)
    first, letter = queries.waiting_letters(9)
    assert first == kept
    assert letter.kind == LetterKind.DELETE
    content = sealing.unseal(bytes(letter.sealed), private_key=HOTLINE)
    assert content == {"proof": codes.proof(code).hex()}
    assert Letter.objects.using("letterbox").count() == 2


def test_once_the_worker_has_read_it_nothing_is_left_of_a_closed_mailbox() -> None:
    code = codes.new()
    drop(code)
    close(code)
    (letter,) = queries.waiting_letters(9)
    actions.empty_expired(now=NOW + actions.LOCKED_FOR)
    assert Box.objects.using("letterbox").count() == 1
    actions.discard(letter)
    actions.empty_expired(now=NOW + actions.LOCKED_FOR)
    assert everything_stored() == b""


def test_a_page_that_lies_open_does_not_open_a_thrown_away_report_again() -> None:
    code = codes.new()
    keep(code, "half")
    close(code)
    for letter in letters_of(code):
        actions.discard(letter)
    actions.empty_expired(now=NOW + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        keep(code, "more", minutes=90)


def test_a_mailbox_is_closed_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk full")

    code = codes.new()
    letter = drop(code)
    monkeypatch.setattr(sealing, "seal", broken)
    with pytest.raises(OSError, match="disk full"):
        close(code)
    assert queries.waiting_letters(9) == [letter]
    assert queries.box_for(code, now=NOW) is not None


def test_each_part_takes_the_place_of_the_one_before_until_the_report_is_sent() -> None:
    code = codes.new()
    keep(code, "one")
    keep(code, "one and two", minutes=1)
    (part,) = letters_of(code)
    assert (part.kind, said_in(part)) == (LetterKind.PART, "one and two")
    drop(code, text="all of it")
    (letter,) = letters_of(code)
    assert (letter.kind, said_in(letter)) == (LetterKind.REPORT, "all of it")


def test_a_report_that_is_sent_twice_is_one_letter() -> None:
    code = codes.new()
    drop(code, text="once")
    drop(code, text="twice")
    assert [said_in(letter) for letter in letters_of(code)] == ["twice"]


def test_a_part_does_not_take_the_place_of_a_report_that_was_sent() -> None:
    code = codes.new()
    drop(code, text="sent")
    keep(code, "and changed afterwards", minutes=1)
    assert [letter.kind for letter in letters_of(code)] == [LetterKind.REPORT, LetterKind.PART]


def test_a_part_waits_for_its_writer_and_then_counts_as_abandoned() -> None:
    code = codes.new()
    keep(code, "half")
    assert queries.waiting_letters(9) == []
    assert queries.abandoned_parts(9, before=NOW) == []
    assert queries.abandoned_parts(9, before=NOW + timedelta(minutes=1)) == letters_of(code)


def test_a_part_that_grew_while_the_worker_read_it_is_not_discarded() -> None:
    code = codes.new()
    keep(code, "half")
    (read,) = letters_of(code)
    keep(code, "half and more", minutes=1)
    actions.discard(read)
    assert [said_in(letter) for letter in letters_of(code)] == ["half and more"]


def test_a_letter_that_was_set_aside_is_not_written_over() -> None:
    code = codes.new()
    actions.set_aside(drop(code, text="unreadable"), now=NOW)
    drop(code, text="again")
    assert [said_in(letter) for letter in letters_of(code)] == ["unreadable", "again"]


def test_what_was_thrown_away_takes_nothing_more() -> None:
    code = codes.new()
    keep(code, "half")
    close(code)
    with pytest.raises(NotAllowed):
        keep(code, "more", minutes=1)
    assert [letter.kind for letter in letters_of(code)] == [LetterKind.DELETE]


def test_letters_wait_in_order_until_they_are_taken_in() -> None:
    letters = [drop(codes.new(), text=str(number)) for number in range(3)]
    keep(codes.new(), "half")
    assert queries.waiting_letters(2) == letters[:2]
    assert queries.count_waiting_letters() == 3
    actions.discard(letters[0])
    actions.set_aside(letters[1], now=NOW)
    assert queries.waiting_letters(9) == letters[2:]
    assert queries.count_waiting_letters() == 1


def test_an_expired_box_goes_with_what_is_in_it_but_never_an_unread_letter() -> None:
    kept, gone = codes.new(), codes.new()
    drop(kept)
    letter = drop(gone)
    actions.deliver(lookup=codes.lookup(gone), number=uuid4(), content={}, now=NOW)
    actions.discard(letter)
    actions.empty_expired(now=NOW + timedelta(days=30))
    assert Parcel.objects.using("letterbox").count() == 0
    actions.empty_expired(now=NOW + timedelta(days=31))
    assert Letter.objects.using("letterbox").count() == 1
    assert Parcel.objects.using("letterbox").count() == 0
    assert Box.objects.using("letterbox").count() == 1
