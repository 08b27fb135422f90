"""A report that comes in several requests: each change is whole or not at all, and its code alone opens its draft."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.records.letterbox import drafts
from lykta.records.letterbox.actions import Post
from lykta.records.letterbox.drafts import Amended, Draft
from lykta.records.letterbox.models import Box, Chunk, Letter

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOTLINE = sealing.new_private_key()


def post(*, minutes: int = 0, days: int = 2) -> Post:
    now = NOW + timedelta(minutes=minutes)
    key = sealing.public_key(HOTLINE)
    return Post(hotline_key=key, language="en", now=now, expires_at=now + timedelta(days=days))


def count_up(known: Draft | None) -> Amended:
    count = (known or {"count": 0})["count"] + 1
    return Amended({"count": count}, {"said": count})


def waiting() -> list[tuple[str, int]]:
    """The letters that wait, as (kind, what they say)."""
    found = Letter.objects.using("letterbox").order_by("pk")
    return [(one.kind, sealing.unseal(bytes(one.sealed), private_key=HOTLINE)["said"]) for one in found]


def test_a_draft_grows_and_its_letter_with_it() -> None:
    code = codes.new()
    assert drafts.draft_of(code) is None
    for expected in (1, 2):
        assert drafts.amend(code=code, post=post(minutes=expected), change=count_up) == {"count": expected}
        assert waiting() == [(LetterKind.PART, expected)]
    assert drafts.draft_of(code) == {"count": 2}
    box = Box.objects.using("letterbox").get()
    assert (box.kind, bytes(box.lookup)) == (BoxKind.PARTNER, codes.lookup(code))
    letter = Letter.objects.using("letterbox").get()
    assert letter.received_at == NOW + timedelta(minutes=2)
    assert sealing.unseal(bytes(letter.sealed), private_key=HOTLINE)["proof"] == codes.proof(code).hex()


def test_what_ends_a_report_takes_the_place_of_its_part_and_keeps_the_mailbox() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=count_up)
    end = Amended({"state": "finished"}, {"said": 7}, LetterKind.PARTNER)
    drafts.amend(code=code, post=post(days=365), change=lambda _: end)
    assert waiting() == [(LetterKind.PARTNER, 7)]
    assert Box.objects.using("letterbox").get().expires_at == NOW + timedelta(days=365)


def test_a_part_that_was_taken_in_is_followed_by_another_letter() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=count_up)
    Letter.objects.using("letterbox").all().delete()
    drafts.amend(code=code, post=post(), change=count_up)
    assert waiting() == [(LetterKind.PART, 2)]
    assert Box.objects.using("letterbox").count() == 1


def test_without_a_letter_only_the_draft_changes() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=count_up)
    drafts.amend(code=code, post=post(days=9), change=lambda _: Amended({"state": "retracted"}))
    assert drafts.draft_of(code) == {"state": "retracted"}
    assert waiting() == [(LetterKind.PART, 1)]
    assert Box.objects.using("letterbox").get().expires_at == NOW + timedelta(days=2)


def test_a_change_that_refuses_leaves_all_as_it_was() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=count_up)

    def refuse(known: Draft | None) -> Amended:
        raise NotNow(f"no: {known}")

    with pytest.raises(NotNow, match="count"):
        drafts.amend(code=code, post=post(minutes=1), change=refuse)
    assert drafts.draft_of(code) == {"count": 1}
    assert Letter.objects.using("letterbox").get().received_at == NOW


def test_another_code_opens_no_draft_and_the_table_tells_nothing() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=lambda _: Amended({"word": "kittiwake"}, {"said": 1}))
    assert drafts.draft_of(codes.new()) is None
    chunk = Chunk.objects.using("letterbox").get()
    assert b"kittiwake" not in bytes(chunk.sealed)
    with pytest.raises(sealing.CannotOpen):
        sealing.unlock(bytes(chunk.sealed), key=sealing.new_secret_key())
    assert chunk.upload.bytes != codes.lookup(code)


def test_of_changes_at_the_same_time_none_is_lost() -> None:
    code = codes.new()
    drafts.amend(code=code, post=post(), change=count_up)

    def change(_: int) -> None:
        drafts.amend(code=code, post=post(), change=count_up)
        connections["letterbox"].close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(24)))
    assert drafts.draft_of(code) == {"count": 25}
    assert waiting() == [(LetterKind.PART, 25)]


def test_each_report_has_a_draft_of_its_own() -> None:
    mine = [codes.new() for _ in range(3)]
    for times, code in enumerate(mine, 1):
        for _ in range(times):
            drafts.amend(code=code, post=post(), change=count_up)
    assert [drafts.draft_of(code) for code in mine] == [{"count": 1}, {"count": 2}, {"count": 3}]
