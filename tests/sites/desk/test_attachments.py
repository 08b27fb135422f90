"""Files at the desk: listed by name, opened with a reason that is noted, never drawn and never run."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from tests.sites.desk.scenes import ADDRESS, DEFANGED, page, report, words

from lykta.core.attaching import FileKind
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries
from lykta.records.cases.actions import attachments, forgetting, judging
from lykta.records.cases.models import Attachment, Report
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
CHAT = f"anna: hi <script>alert(1)</script>\nbo: see {ADDRESS}\n".encode()
DOCUMENT = b"%PDF-1.7\n" + bytes(range(256)) * 3000
REASON = {"reason": "assess"}


def attached(
    *pieces: bytes,
    name: str = "chat.txt",
    kind: FileKind = FileKind.TEXT,
    complete: bool = True,
    to: Report | None = None,
) -> Attachment:
    made = attachments.add_attachment(report=to or report(), number=uuid4(), name=name, kind=kind, now=now())
    for index, piece in enumerate(pieces, 1):
        attachments.add_piece(attachment=made, index=index, data=piece)
    size = sum(map(len, pieces))
    attachments.end_attachment(by="worker", attachment=made, size=size, sha256="", complete=complete)
    return made


def openings() -> list[dict[str, object]]:
    found = Entry.objects.filter(word=AuditWord.ATTACHMENT_OPENED).order_by("number")
    return [{"by": entry.by, **json.loads(entry.facts)} for entry in found]


def said_on_case(client: Client, file: Attachment) -> str:
    return words(page(client, f"/cases/{file.report.case_id}/"))


def test_the_page_of_the_case_lists_what_came_along(desk: Client) -> None:
    came = report()
    file = attached(CHAT, name="<b>chat</b>.txt", to=came)
    attached(DOCUMENT, name="letter.pdf", kind=FileKind.PDF, complete=False, to=came)
    said = said_on_case(desk, file)
    assert f"<b>chat</b>.txt plain text, {len(CHAT)}\xa0bytes".replace("\xa0", " ") in said.replace("\xa0", " ")
    assert "letter.pdf PDF document, 750.0 KB incomplete" in said.replace("\xa0", " ")
    assert said.count("Read it here") == 1
    assert openings() == []


def test_a_report_without_files_has_no_list(desk: Client) -> None:
    came = report()
    assert "Download" not in words(page(desk, f"/cases/{came.case_id}/"))


def test_a_download_is_the_file_bit_for_bit_and_of_no_kind(desk: Client) -> None:
    file = attached(DOCUMENT[:5000], DOCUMENT[5000:], name="letter.pdf", kind=FileKind.PDF)
    answer = desk.post(f"/files/{file.pk}/", REASON)
    assert b"".join(answer.streaming_content) == DOCUMENT  # type: ignore[attr-defined]
    assert {name: answer.headers[name] for name in answer.headers if name.startswith(("Content-", "X-Content"))} | {
        "Content-Language": "en"
    } == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="letter.pdf"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(len(DOCUMENT)),
        "Content-Language": "en",
        "X-Content-Type-Options": "nosniff",
    }


def test_a_file_is_streamed_piece_by_piece(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    file = attached(b"one", b"two", b"three")
    answer = desk.post(f"/files/{file.pk}/", REASON)
    assert list(answer.streaming_content) == [b"one", b"two", b"three"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("chat.html", FileKind.TEXT, 'attachment; filename="chat.html.txt"'),
        ("CHAT.TXT", FileKind.TEXT, 'attachment; filename="CHAT.TXT"'),
        ("run.exe", FileKind.PDF, 'attachment; filename="run.exe.pdf"'),
        ('a"b\\c.txt', FileKind.TEXT, 'attachment; filename="a\\"b\\\\c.txt"'),
        ("samtal å.txt", FileKind.TEXT, "attachment; filename*=utf-8''samtal%20%C3%A5.txt"),
    ],
)
def test_it_is_saved_under_a_name_that_nothing_runs(desk: Client, name: str, kind: FileKind, saved: str) -> None:
    answer = desk.post(f"/files/{attached(CHAT, name=name, kind=kind).pk}/", REASON)
    assert answer.headers["Content-Disposition"] == saved


def test_what_is_incomplete_can_be_taken_as_far_as_it_came(desk: Client) -> None:
    answer = desk.post(f"/files/{attached(b'half', complete=False).pk}/", REASON)
    assert b"".join(answer.streaming_content) == b"half"  # type: ignore[attr-defined]
    assert "Content-Length" not in answer.headers


def test_a_short_text_is_read_here_escaped_and_without_a_live_address(desk: Client) -> None:
    file = attached(CHAT)
    answer = desk.post(f"/files/{file.pk}/read/", REASON)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "anna: hi &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert DEFANGED in html
    assert ADDRESS not in html
    assert openings() == [{"by": "staff:anna", "attachment": file.pk, "reason": "assess"}]


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.TEXT])
def test_a_document_and_a_long_text_are_never_a_page(desk: Client, kind: FileKind) -> None:
    file = attached(b"%PDF-" + b"x" * queries.READ_HERE_BYTES, kind=kind)
    assert "Read it here" not in said_on_case(desk, file)
    answer = desk.post(f"/files/{file.pk}/read/", REASON, follow=True)
    assert "Only a short text can be read here: download the file." in words(answer.content.decode())
    assert openings() == []


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "curious"}])
@pytest.mark.parametrize("deed", ["", "read/"])
def test_without_a_reason_nothing_is_opened(desk: Client, deed: str, given: dict[str, str]) -> None:
    file = attached(CHAT)
    answer = desk.post(f"/files/{file.pk}/{deed}", given, follow=True)
    said = words(answer.content.decode())
    assert "Say why you open the file: choose a reason." in said
    assert "alert" not in said
    assert openings() == []


def test_a_file_of_a_colleagues_case_stays_closed(desk: Client, lena: Staff) -> None:
    file = attached(CHAT)
    judging.claim(by=lena, case=file.report.case, now=now())
    answer = desk.post(f"/files/{file.pk}/", REASON, follow=True)
    assert "A colleague has this case in hand." in words(answer.content.decode())
    assert openings() == []


def test_each_opening_stands_in_the_history_of_the_case(desk: Client) -> None:
    file = attached(CHAT)
    for _ in range(2):
        desk.post(f"/files/{file.pk}/", REASON)
    assert len(openings()) == 2
    assert said_on_case(desk, file).count("A member of staff opened a file that came with a report.") == 2


def test_a_forgotten_file_can_be_read_by_nobody(desk: Client) -> None:
    file = attached(CHAT)
    forgetting.forget(by="test", case_number=file.report.case_id, now=now())
    assert "Forgotten: the key to this file has been destroyed." in said_on_case(desk, file)
    answer = desk.post(f"/files/{file.pk}/", REASON, follow=True)
    assert "This case has been forgotten: nobody can open its files any more." in words(answer.content.decode())


def test_a_link_opens_nothing(desk: Client) -> None:
    file = attached(CHAT)
    assert [desk.get(f"/files/{file.pk}/{deed}").status_code for deed in ("", "read/")] == [405, 405]
    assert desk.post(f"/files/{file.pk + 1}/", REASON).status_code == 404
