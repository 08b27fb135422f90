"""Files of a report lie under the key of its case: piece by piece, once, and not at all once the key is gone."""

import json
from datetime import datetime
from uuid import UUID

import pytest
from tests.records.conftest import TakeIn

from lykta.core.attaching import FileKind, OpeningReason
from lykta.core.refusals import NotAllowed, NotNow
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, queries
from lykta.records.cases.access import access_attachment
from lykta.records.cases.actions import attachments, forgetting
from lykta.records.cases.models import Attachment, AttachmentChunk, Report
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
NUMBER = UUID(int=7)
SECRET = b"12:01 kim: a word that must never be readable"


def attach(report: Report, now: datetime, *, complete: bool = True) -> Attachment:
    made = attachments.add_attachment(report=report, number=NUMBER, name="kim.txt", kind=FileKind.TEXT, now=now)
    attachments.add_piece(attachment=made, index=1, data=SECRET)
    attachments.add_piece(attachment=made, index=2, data=b"\x00\x80 and more")
    attachments.end_attachment(by="worker", attachment=made, size=55, sha256="ab" * 32, complete=complete)
    return made


def noted(word: AuditWord) -> list[dict[str, object]]:
    return [json.loads(entry.facts) for entry in Entry.objects.filter(word=word).order_by("number")]


def test_a_file_is_read_again_as_it_came(report: TakeIn, now: datetime) -> None:
    came = report()
    made = attach(came, now)
    [file] = queries.files_of(came)
    assert (file.name, file.kind, file.sha256) == ("kim.txt", "text/plain", "ab" * 32)
    assert b"".join(queries.pieces_of(made)) == SECRET + b"\x00\x80 and more"
    assert noted(AuditWord.ATTACHMENT_KEPT) == [{"attachment": made.pk, "bytes": 55, "complete": True}]


def test_neither_name_nor_type_nor_digest_nor_content_is_in_clear(report: TakeIn, now: datetime) -> None:
    made = attach(report(), now)
    rows = [*Attachment.objects.values_list(), *AttachmentChunk.objects.values_list()]
    stored = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for row in rows for v in row)
    assert [word for word in (b"kim", b"text/plain", b"abab", SECRET) if word in stored] == []
    assert str(made.number).encode() in stored


def test_everything_may_be_done_twice_and_the_first_piece_stays(report: TakeIn, now: datetime) -> None:
    came = report()
    made = attach(came, now)
    again = attachments.add_attachment(report=came, number=NUMBER, name="other", kind=FileKind.PDF, now=now)
    attachments.add_piece(attachment=again, index=1, data=b"other")
    assert again == made
    assert queries.file_of(made).name == "kim.txt"
    assert next(queries.pieces_of(made)) == SECRET
    assert AttachmentChunk.objects.count() == 2


def test_pieces_are_in_order_whenever_they_came(report: TakeIn, now: datetime) -> None:
    made = attachments.add_attachment(report=report(), number=NUMBER, name="a", kind=FileKind.TEXT, now=now)
    for index in (3, 1, 2):
        attachments.add_piece(attachment=made, index=index, data=str(index).encode())
    assert b"".join(queries.pieces_of(made)) == b"123"


def test_what_may_not_be_attached_leaves_a_note_and_nothing_else(report: TakeIn, now: datetime) -> None:
    made = attach(report(), now)
    number = made.pk
    attachments.refuse_attachment(by="worker", attachment=made)
    assert not AttachmentChunk.objects.exists()
    assert not Attachment.objects.exists()
    assert noted(AuditWord.ATTACHMENT_REFUSED) == [{"attachment": number}]


def test_forgetting_the_case_forgets_its_files(report: TakeIn, now: datetime) -> None:
    came = report()
    made = attach(came, now)
    other = report("http://other.example/")
    kept = attachments.add_attachment(report=other, number=UUID(int=8), name="b", kind=FileKind.TEXT, now=now)
    attachments.add_piece(attachment=kept, index=1, data=b"b")
    forgetting.forget(by="test", case_number=came.case_id, now=now)
    [file] = queries.files_of(came)
    assert (file.name, file.kind, file.sha256) == ("", "", "")
    assert not file.may_read_here
    assert not made.chunks.exists()
    assert list(queries.pieces_of(kept)) == [b"b"]
    with pytest.raises(keyring.Forgotten):
        attachments.add_attachment(report=came, number=UUID(int=9), name="c", kind=FileKind.TEXT, now=now)


def test_a_backup_of_the_pieces_cannot_be_read_without_the_key(report: TakeIn, now: datetime) -> None:
    made = attach(report(), now)
    keyring.forget(made.report.case.uuid)
    with pytest.raises(keyring.Forgotten):
        list(queries.pieces_of(made))


def test_only_who_has_the_case_in_hand_opens_a_file_and_says_why(
    report: TakeIn, now: datetime, anna: Staff, lena: Staff
) -> None:
    made = attach(report(), now)
    attachments.note_opening(by=anna, attachment=made, reason=OpeningReason.REFER, now=now)
    assert noted(AuditWord.ATTACHMENT_OPENED) == [{"attachment": made.pk, "reason": "refer"}]
    with pytest.raises(NotNow, match="A colleague has this case in hand"):
        attachments.note_opening(by=lena, attachment=made, reason=OpeningReason.ASSESS, now=now)
    assert len(noted(AuditWord.ATTACHMENT_OPENED)) == 1
    made.report.case.refresh_from_db()
    assert made.report.case.claimed_by == anna


def test_a_forgotten_file_is_opened_by_nobody(report: TakeIn, now: datetime, anna: Staff) -> None:
    made = attach(report(), now)
    forgetting.forget(by="test", case_number=made.report.case_id, now=now)
    found = access_attachment(anna, made.pk)
    with pytest.raises(NotNow, match="has been forgotten"):
        attachments.note_opening(by=anna, attachment=found, reason=OpeningReason.ASSESS, now=now)


def test_the_door_is_closed_to_who_sees_no_case_and_to_what_is_not_there(
    report: TakeIn, now: datetime, anna: Staff, adam: Staff
) -> None:
    made = attach(report(), now)
    assert access_attachment(anna, made.pk) == made
    for who, number in ((adam, made.pk), (anna, made.pk + 1)):
        with pytest.raises(NotAllowed, match="There is nothing here for you"):
            access_attachment(who, number)


def test_a_long_text_and_a_document_are_not_read_on_a_page(report: TakeIn, now: datetime) -> None:
    made = attach(report(), now)
    assert queries.file_of(made).may_read_here
    made.size = queries.READ_HERE_BYTES + 1
    assert not queries.file_of(made).may_read_here
