"""A company's CyberTipline client reports to the hotline: the whole way, what is refused, and what is left of a file."""

import base64
import hashlib
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from tests.sites import letters
from tests.sites.partners.company import MARK, MATERIAL, SLUG, Company, failed, read, report_xml, streamed
from tests.sites.partners.sending import BrokenLine, new_partner

from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import clock, codes
from lykta.records.letterbox import drafts
from lykta.records.letterbox import partners as registry
from lykta.records.letterbox.models import Box, Chunk, Letter
from lykta.sites.partners.ispws import documents, reports, views
from lykta.sites.partners.ispws.answers import Response
from lykta.sites.partners.ispws.reports import LARGEST_NUMBER, Sender

pytestmark = pytest.mark.django_db(databases=["letterbox"])


# The way of a report


def test_a_client_learns_that_it_is_logged_in(company: Company) -> None:
    answer = read(company.get("status"))
    assert answer == {
        "root": "reportResponse",
        "status": 200,
        "responseCode": 0,
        "responseDescription": f"Remote User : {SLUG}",
    }


def test_the_whole_way_of_a_report_ends_in_one_sealed_letter(company: Company) -> None:
    number = company.submit()
    uploaded = company.upload(number)
    said = "<locationOfFile>https://cdn.example/a.png</locationOfFile><fileAnnotations><viral/></fileAnnotations>"
    assert company.describe(number, uploaded["fileId"], said)["responseCode"] == 0
    done = company.form("finish", id=number)
    assert done == {
        "root": "reportDoneResponse",
        "status": 200,
        "responseCode": 0,
        "reportId": number,
        "files": [uploaded["fileId"]],
    }
    assert letters.kinds() == [LetterKind.PARTNER]
    [letter] = letters.opened()
    assert (letter["partner"], letter["id"]) == (SLUG, str(number))
    assert letter["reference"] == f"{number} · Test Reporter abuse@social.example https://social.example/terms"
    answers = letter["answers"]
    assert answers["topic"] == "web"
    assert answers["where"] == "https://pictures.example/a?x=1&y=2\nhttps://pictures.example/b"
    assert answers["seen"] == "2026-01-02T03:04:00Z"
    assert answers["fingerprints"] == f"sha256:{hashlib.sha256(MARK).hexdigest()}"
    for text in ("https://cdn.example/a.png", "viral", hashlib.sha1(MARK).hexdigest(), hashlib.md5(MARK).hexdigest()):  # noqa: S324
        assert text in answers["words"]


def test_the_answer_to_a_file_is_its_md5_and_that_it_was_not_kept(company: Company) -> None:
    answer = company.upload(company.submit())
    assert answer["hash"] == hashlib.md5(MARK).hexdigest()  # noqa: S324 - what the protocol wants
    assert "the file was not" in answer["responseDescription"]
    assert answer["fileId"][0] in "abcdef"
    assert len(bytes.fromhex(answer["fileId"])) == 16


def test_the_addresses_of_who_reports_are_not_among_what_is_reported(company: Company) -> None:
    company.submit()
    [letter] = letters.opened()
    assert "social.example" not in str(letter["answers"])
    assert "report.cybertip.org" not in str(letter)


def test_from_the_first_request_on_the_hotline_has_what_came(company: Company) -> None:
    number = company.submit()
    assert letters.kinds() == [LetterKind.PART]
    company.upload(number)
    assert letters.kinds() == [LetterKind.PART]
    assert "fingerprints" in letters.opened()[0]["answers"]
    assert Box.objects.using("letterbox").get().kind == BoxKind.PARTNER


def test_what_is_said_about_a_file_twice_counts_once(company: Company) -> None:
    number = company.submit()
    file = company.upload(number)["fileId"]
    company.describe(number, file, "<additionalInfo>first words</additionalInfo>")
    company.describe(number, file, "<additionalInfo>second words</additionalInfo>")
    text = letters.opened()[0]["answers"]["words"]
    assert "second words" in text
    assert "first words" not in text


@pytest.mark.parametrize("kind", ["text/plain;charset=UTF-8", "application/xml", "text/xml; charset=utf-8", "a/b"])
def test_a_document_is_read_whatever_its_type_is_called(company: Company, kind: str) -> None:
    assert company.xml("submit", report_xml(), kind)["responseCode"] == 0


def test_a_number_of_a_report_comes_in_a_form_of_either_kind(company: Company) -> None:
    for path in ("finish", "retract"):
        assert company.form(path, id=company.submit())["responseCode"] == 0
        plain = f"id={company.submit()}"
        assert company.xml(path, plain, "application/x-www-form-urlencoded")["responseCode"] == 0


def test_a_form_in_chunks_without_a_length_is_read(company: Company) -> None:
    number = company.submit()
    form = f'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n--x--\r\n'.encode()
    for step, code in ((views.finish, 0), (views.retract, Response.ALREADY_FINISHED)):
        assert read(views.endpoint("POST", step)(streamed(company, BytesIO(form))))["responseCode"] == code


def test_numbers_of_reports_are_exact_in_every_language(company: Company) -> None:
    assert 0 < company.submit() <= LARGEST_NUMBER < 2**53


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        (MATERIAL, "web"),
        ("Online Enticement of Children for Sexual Acts", "contact"),
        ("Online Enticement of Children for Sexual Act", "contact"),
        ("Unsolicited Obscene Material Sent to a Child", "contact"),
        ("Child Sex Tourism", "travel"),
        ("Child Sex Trafficking", "trade"),
        ("Misleading Domain Name", "web"),
        ("Child Sexual Molestation", "other"),
        ("Something that a later schema adds", "other"),
    ],
)
def test_each_kind_of_incident_becomes_a_topic(company: Company, kind: str, topic: str) -> None:
    company.submit(report_xml(kind=kind))
    assert letters.opened()[0]["answers"]["topic"] == topic


@pytest.mark.parametrize(
    ("summary", "danger"),
    [
        ("<escalateToHighPriority>A meeting is planned.</escalateToHighPriority>", "yes"),
        ("<escalateToHighPriority/>", None),
    ],
)
def test_what_a_company_calls_urgent_is_urgent(company: Company, summary: str, danger: str | None) -> None:
    company.submit(report_xml(summary=summary))
    assert letters.opened()[0]["answers"].get("danger") == danger


def test_what_the_schema_does_not_know_is_read_all_the_same(company: Company) -> None:
    company.submit(report_xml(more="<victim age='9'><later>new words &#8212; här</later>tail</victim>"))
    text = letters.opened()[0]["answers"]["words"]
    assert "victim [age: 9]" in text
    assert "later: new words — här" in text
    assert "tail" in text


def test_an_address_with_a_bare_ampersand_loses_no_report(company: Company) -> None:
    """The npm client writes one so."""
    company.submit(report_xml().replace("&amp;", "&").replace("/b<", "/c?one=1&two=2&#233;&lt;<"))
    assert letters.opened()[0]["answers"]["where"] == (
        "https://pictures.example/a?x=1&y=2\nhttps://pictures.example/c?one=1&two=2é<"
    )


# States


def test_a_finished_report_takes_nothing_more(company: Company) -> None:
    number = company.submit()
    file = company.upload(number)["fileId"]
    company.form("finish", id=number)
    answers = [
        company.upload(number),
        company.describe(number, file),
        company.form("finish", id=number),
        company.form("retract", id=number),
    ]
    assert [failed(answer) for answer in answers] == [Response.ALREADY_FINISHED] * 4
    assert letters.kinds() == [LetterKind.PARTNER]


def test_a_finished_report_is_known_longer_than_its_draft(company: Company) -> None:
    number = company.submit()
    company.form("finish", id=number)
    Chunk.objects.using("letterbox").all().delete()
    assert failed(company.form("retract", id=number)) == Response.ALREADY_FINISHED


def test_a_retracted_report_is_taken_out_of_the_letterbox(company: Company) -> None:
    number = company.submit()
    company.upload(number)
    assert company.form("retract", id=number)["responseCode"] == 0
    assert letters.kinds() == [LetterKind.DELETE]
    again = [company.form("retract", id=number), company.upload(number), company.form("finish", id=number)]
    assert [failed(answer) for answer in again] == [Response.ALREADY_RETRACTED] * 3
    assert letters.kinds() == [LetterKind.DELETE]


def test_a_retraction_that_died_half_way_is_completed_by_the_next(company: Company) -> None:
    number = company.submit()
    with letters.failing('DELETE FROM "letterbox_letter"'):
        assert failed(company.form("retract", id=number)) == Response.SAVE_FAILED
    assert letters.kinds() == [LetterKind.PART]
    assert failed(company.form("retract", id=number)) == Response.ALREADY_RETRACTED
    assert letters.kinds() == [LetterKind.DELETE]


def test_a_report_that_nobody_finished_is_unknown_in_the_end(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    number = company.submit()
    Chunk.objects.using("letterbox").all().delete()  # as the sweep does after two days
    later = clock.now() + reports.OPEN_FOR + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert failed(company.form("finish", id=number)) == Response.NO_SUCH_REPORT


def test_what_comes_after_the_hotline_has_read_a_part_is_sent_whole(company: Company) -> None:
    number = company.submit()
    Letter.objects.using("letterbox").all().delete()  # the worker took the part in
    company.upload(number)
    assert company.form("finish", id=number)["responseCode"] == 0
    assert letters.kinds() == [LetterKind.PARTNER]
    assert {"where", "fingerprints"} <= set(letters.opened()[0]["answers"])


@pytest.mark.parametrize("path", ["upload", "finish", "retract"])
@pytest.mark.parametrize("number", ["1", str(2**63 - 1)])
def test_a_report_that_never_was_does_not_exist(company: Company, path: str, number: str) -> None:
    answer = company.form(path, id=number, file=SimpleUploadedFile("a", b"x"))
    assert failed(answer) == Response.NO_SUCH_REPORT
    assert answer["reportId"] == int(number)


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "٣", "9" * 20])
def test_a_number_that_is_none_is_refused(company: Company, number: str) -> None:
    for path in ("upload", "finish", "retract"):
        answer = company.form(path, id=number, file=SimpleUploadedFile("a", b"x"))
        assert failed(answer) == Response.INVALID_REQUEST


def test_details_of_a_file_that_is_not_there_are_refused(company: Company) -> None:
    number = company.submit()
    elsewhere = company.upload(company.submit())["fileId"]
    assert failed(company.describe(number, "f" * 32)) == Response.NO_SUCH_FILE
    assert failed(company.describe(number, elsewhere)) == Response.NO_SUCH_FILE
    assert failed(company.describe(number, "")) == Response.VALIDATION_FAILED


def test_a_report_has_a_limit_of_files(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_FILES", 2)
    number = company.submit()
    codes_given = [company.upload(number)["responseCode"] for _ in range(3)]
    assert codes_given == [0, 0, Response.INVALID_REQUEST]


def test_what_is_said_about_files_has_a_limit(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_CHARACTERS", 100)
    number = company.submit()
    first, second = (company.upload(number)["fileId"] for _ in range(2))
    said = f"<additionalInfo>{'x' * 50}</additionalInfo>"
    assert company.describe(number, first, said)["responseCode"] == 0
    assert company.describe(number, first, said)["responseCode"] == 0
    assert failed(company.describe(number, second, said)) == Response.INVALID_REQUEST


# Who may


def test_no_partner_reaches_the_report_of_another(company: Company) -> None:
    number = company.submit()
    other = Company(company.client, new_partner("other", "cybertip"), "other")
    for path in ("finish", "retract"):
        assert failed(other.form(path, id=number)) == Response.NO_SUCH_REPORT
    assert letters.kinds() == [LetterKind.PART]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Basic " + base64.b64encode(SLUG.encode()).decode(),
        "Basic " + base64.b64encode(f"{SLUG}:lykta_wrong".encode()).decode(),
        "Bearer lykta_wrong",
    ],
)
@pytest.mark.parametrize("path", ["status", "submit", "upload", "fileinfo", "finish", "retract", "xsd", "nowhere"])
def test_who_is_not_logged_in_is_told_so(company: Company, path: str, header: str) -> None:
    response = company.client.post(f"/ispws/{path}", {"id": "1"}, headers={"authorization": header})
    assert response.headers["WWW-Authenticate"].startswith("Basic ")
    answer = read(response)
    assert (answer["status"], failed(answer)) == (401, Response.AUTHENTICATION_REQUIRED)


def test_a_token_goes_with_its_own_name_only(company: Company) -> None:
    other = Company(company.client, company.token, "another")
    assert failed(read(other.get("status"))) == Response.AUTHENTICATION_REQUIRED


def test_a_token_for_something_else_is_not_good_here(partners: Client) -> None:
    answer = read(Company(partners, new_partner(scopes="reports")).get("status"))
    assert (answer["status"], failed(answer)) == (403, Response.NOT_AUTHORIZED)


def test_a_revoked_token_is_refused_at_once(company: Company) -> None:
    registry.revoke(slug=SLUG, now=clock.now())
    assert failed(read(company.get("status"))) == Response.AUTHENTICATION_REQUIRED


def test_a_file_of_a_stranger_is_not_read(company: Company) -> None:
    class Untouchable(BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

    request = RequestFactory().post("/ispws/upload", {"file": SimpleUploadedFile("a", b"x" * 1000)})
    request.META["wsgi.input"] = Untouchable()
    request._stream = Untouchable()
    assert views.endpoint("POST", views.upload)(request).status_code == 401


# What is refused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", Response.MALFORMED_XML),
        ("no xml", Response.MALFORMED_XML),
        ("<report>", Response.MALFORMED_XML),
        ("<report></report><report/>", Response.MALFORMED_XML),
        (b"<report>\xff</report>", Response.MALFORMED_XML),
        ('<?xml version="1.0" encoding="nonsense"?><report/>', Response.MALFORMED_XML),
        ("<report/>", Response.VALIDATION_FAILED),
        ("<fileDetails/>", Response.VALIDATION_FAILED),
        (report_xml(kind=""), Response.VALIDATION_FAILED),
        (report_xml(when=""), Response.VALIDATION_FAILED),
        (report_xml(when="yesterday"), Response.VALIDATION_FAILED),
        (report_xml(when="2026-01-02T03:04:00"), Response.VALIDATION_FAILED),
        (report_xml(more="x" * documents.MOST_BYTES), Response.INVALID_REQUEST),
        (report_xml(more="<a/>" * documents.MOST_ELEMENTS), Response.INVALID_REQUEST),
        (report_xml(more="<a>" * 5_000 + "</a>" * 5_000), Response.INVALID_REQUEST),
    ],
)
def test_a_document_that_cannot_be_taken_is_refused(company: Company, body: str | bytes, code: Response) -> None:
    answer = company.xml("submit", body)
    assert (answer["status"], failed(answer)) == (200, code)
    assert letters.kinds() == []


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE report [<!ENTITY a0 "ha">{BOMB}]>',
        f'<!DOCTYPE report [<!ENTITY a11 "{"h" * 100_000}">]>',
        '<!DOCTYPE report [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE report SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE report [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    ],
)
def test_no_document_type_is_read_so_no_entity_grows_or_fetches(company: Company, declared: str) -> None:
    body = f"{declared}<report><incidentSummary><incidentType>&a11;</incidentType></incidentSummary></report>"
    answer = company.xml("submit", body)
    assert failed(answer) == Response.MALFORMED_XML
    assert "document type" in answer["responseDescription"]


def test_a_huge_document_is_not_read_to_its_end(company: Company) -> None:
    class Endless(BytesIO):
        total = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= documents.MOST_BYTES + 1
            self.total += size
            return b" " * size

    stream = Endless()
    answer = read(views.endpoint("POST", views.submit)(streamed(company, stream)))
    assert failed(answer) == Response.INVALID_REQUEST
    assert stream.total == documents.MOST_BYTES + 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, Response.MALFORMED_FILE),
        ({"file": "words, no file"}, Response.MALFORMED_FILE),
        ({"file": SimpleUploadedFile("a.png", b"")}, Response.MALFORMED_FILE),
        ({"other": SimpleUploadedFile("a.png", b"x")}, Response.MALFORMED_FILE),
    ],
)
def test_a_form_without_a_file_is_refused(company: Company, fields: dict[str, Any], code: Response) -> None:
    assert failed(company.form("upload", id=company.submit(), **fields)) == code


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data", "multipart/form-data; boundary=x"])
def test_what_is_no_form_is_no_file(company: Company, kind: str) -> None:
    assert failed(company.xml("upload", "nothing of the sort", kind)) in {
        Response.INVALID_REQUEST,
        Response.MALFORMED_FILE,
    }


@pytest.mark.parametrize(("path", "method"), [("status", "POST"), ("submit", "GET"), ("finish", "PUT")])
def test_another_method_is_refused(company: Company, path: str, method: str) -> None:
    response = company.client.generic(method, f"/ispws/{path}", headers=company.headers)
    assert failed(read(response)) == Response.INVALID_REQUEST


@pytest.mark.parametrize("path", ["", "nowhere", "submit/"])
def test_there_is_nothing_at_other_addresses(company: Company, path: str) -> None:
    answer = read(company.get(path))
    assert (answer["status"], failed(answer)) == (404, Response.RESOURCE_NOT_FOUND)


def test_the_schema_is_where_its_owner_has_it(company: Company) -> None:
    answer = read(company.get("xsd"))
    assert (answer["status"], failed(answer)) == (404, Response.RESOURCE_NOT_FOUND)
    assert "https://report.cybertip.org/ispws/xsd" in answer["responseDescription"]


@pytest.mark.parametrize("word", ["INSERT", "SELECT"])
def test_a_letterbox_that_fails_is_the_only_reason_to_send_again(company: Company, word: str) -> None:
    with letters.failing(word):
        answer = company.xml("submit", report_xml())
    assert (answer["status"], failed(answer)) == (503, Response.SAVE_FAILED)
    assert letters.kinds() == []


# What is left of a file


@pytest.fixture
def no_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)


@pytest.mark.usefixtures("no_temporary_file")
def test_nothing_of_a_file_is_kept_but_its_fingerprints(company: Company) -> None:
    number = company.submit()
    company.upload(number, MARK * 100_000)
    sealed = [bytes(row.sealed) for model in (Letter, Chunk) for row in model.objects.using("letterbox").all()]
    assert len(sealed) == 2
    assert sum(map(len, sealed)) < 10_000
    draft = drafts.draft_of(Sender(SLUG, company.token).code(number))
    assert hashlib.sha256(MARK * 100_000).hexdigest() in str(draft)
    assert MARK.decode() not in f"{draft}{letters.opened()}"


class Slowly:
    """The body of a form with a large file, made while it is read: what was read before is gone."""

    BLOCK = b"z" * 4_096

    def __init__(self, number: int, blocks: int) -> None:
        self._parts = self._made(number, blocks)

    def _made(self, number: int, blocks: int) -> Iterator[bytes]:
        yield f'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'.encode()
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        for _ in range(blocks):
            yield self.BLOCK
        yield b"\r\n--x--\r\n"

    def read(self, size: int | None = None) -> bytes:
        assert size is not None
        part = next(self._parts, b"")
        assert len(part) <= size
        return part


@pytest.mark.usefixtures("no_temporary_file")
def test_a_large_file_that_is_streamed_in_chunks_is_never_whole_in_memory(company: Company) -> None:
    number = company.submit()
    request = streamed(company, Slowly(number, 3_072))
    tracemalloc.start()
    try:
        answer = read(views.endpoint("POST", views.upload)(request))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer["hash"] == hashlib.md5(Slowly.BLOCK * 3_072).hexdigest()  # noqa: S324
    assert peak < 4 * 2**20


def test_a_file_whose_line_broke_is_not_taken_for_a_whole_one(company: Company) -> None:
    number = company.submit()
    whole = RequestFactory().post("/ispws/upload", {"id": number, "file": SimpleUploadedFile("a", MARK * 1000)})
    body = whole.read()
    kind = whole.META["CONTENT_TYPE"]
    request = RequestFactory().generic("POST", "/ispws/upload", body, content_type=kind, headers=company.headers)
    request._stream = BytesIO(body[:-5000])
    answer = read(views.endpoint("POST", views.upload)(request))
    assert failed(answer) == Response.FILE_UPLOAD_FAILED
    assert company.form("finish", id=number)["files"] == []


@pytest.mark.parametrize("missing", [1, 10, 5000])
def test_chunks_that_break_off_are_not_taken_for_a_whole_file(missing: int, company: Company) -> None:
    """The server ends such a body as if that were all."""
    number = company.submit()
    head = b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n' + str(number).encode()
    file = b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + MARK * 1000
    whole = head + file + b"\r\n--x--"
    answer = read(views.endpoint("POST", views.upload)(streamed(company, BytesIO(whole[:-missing]))))
    assert failed(answer) == Response.FILE_UPLOAD_FAILED
    assert read(views.endpoint("POST", views.upload)(streamed(company, BytesIO(whole))))["responseCode"] == 0


def test_a_line_that_breaks_with_an_error_is_answered(company: Company) -> None:
    for step, code in ((views.upload, Response.FILE_UPLOAD_FAILED), (views.submit, Response.INVALID_REQUEST)):
        assert failed(read(views.endpoint("POST", step)(streamed(company, BrokenLine())))) == code


def test_the_code_of_a_report_is_the_same_in_every_process_and_for_one_token_only() -> None:
    code = Sender(SLUG, "lykta_" + "a" * 43).code(7)
    assert codes.read(code) == code
    assert code == Sender(SLUG, "lykta_" + "a" * 43).code(7)
    assert code != Sender(SLUG, "lykta_" + "b" * 43).code(7)
    assert code != Sender(SLUG, "lykta_" + "a" * 43).code(8)
