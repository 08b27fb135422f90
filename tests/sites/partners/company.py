"""A company's CyberTipline client, as the tests of that interface need it."""

import base64
from typing import Any
from xml.etree import ElementTree as ET

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from tests.sites.partners.sending import in_chunks

SLUG = "example-social"
MARK = b"a-pattern-that-is-nowhere-else"
MATERIAL = "Child P" + "ornography (possession, manufacture, and distribution)"
"""NCMEC's term, in two pieces since it is not ours."""
REPORTER = (
    "<reporter><reportingPerson><firstName>Test</firstName><lastName>Reporter</lastName>"
    "<email>abuse@social.example</email></reportingPerson>"
    "<legalURL>https://social.example/terms</legalURL></reporter>"
)


def report_xml(*, kind: str = MATERIAL, when: str = "2026-01-02T03:04:00Z", more: str = "", summary: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd">'
        f"<incidentSummary><incidentType>{kind}</incidentType>{summary}"
        f"<incidentDateTime>{when}</incidentDateTime></incidentSummary>"
        '<internetDetails><webPageIncident thirdPartyHostedContent="true"><url>https://pictures.example/a?x=1&amp;y=2</url>'
        "<url>https://pictures.example/b</url></webPageIncident></internetDetails>"
        f"{REPORTER}{more}</report>"
    )


class Company:
    """A client as others wrote it: HTTP Basic, XML there and back."""

    def __init__(self, client: Client, token: str, slug: str = SLUG) -> None:
        self.client = client
        self.token = token
        self.slug = slug

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(f"{self.slug}:{self.token}".encode()).decode()}

    def get(self, path: str) -> Any:
        return self.client.get(f"/ispws/{path}", headers=self.headers)

    def xml(self, path: str, body: str | bytes, kind: str = "text/xml; charset=utf-8") -> dict[str, Any]:
        sent = body if isinstance(body, bytes) else body.encode()
        return read(self.client.post(f"/ispws/{path}", sent, content_type=kind, headers=self.headers))

    def form(self, path: str, **fields: Any) -> dict[str, Any]:
        return read(self.client.post(f"/ispws/{path}", fields, headers=self.headers))

    def submit(self, xml: str = "") -> int:
        answer = self.xml("submit", xml or report_xml())
        assert answer["responseCode"] == 0, answer
        return int(answer["reportId"])

    def upload(self, number: int, content: bytes = MARK, name: str = "a.png") -> dict[str, Any]:
        return self.form("upload", id=number, file=SimpleUploadedFile(name, content))

    def describe(self, number: int, file: str, said: str = "") -> dict[str, Any]:
        xml = f"<fileDetails><reportId>{number}</reportId><fileId>{file}</fileId>{said}</fileDetails>"
        return self.xml("fileinfo", xml)


def read(response: Any) -> dict[str, Any]:
    """An answer as clients read it: numbers as numbers, the files of a finished report as a list."""
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert len(response.headers["Request-ID"]) == 32
    root = ET.fromstring(response.content)  # noqa: S314 - our own answer
    found: dict[str, Any] = {part.tag: part.text for part in root}
    found |= {name: int(found[name]) for name in ("responseCode", "reportId") if name in found}
    if "files" in found:
        found["files"] = [file.text for file in root.iterfind("files/fileId")]
    return {"root": root.tag, "status": response.status_code, **found}


def streamed(company: Company, body: object) -> HttpRequest:
    """A request that comes in chunks, without a length, as the server hands it on."""
    kind = "multipart/form-data; boundary=x"
    request = RequestFactory().post("/ispws/", b"-", content_type=kind, headers=company.headers)
    request.META |= in_chunks(body)
    return request


def failed(answer: dict[str, Any]) -> int:
    """The code of a failure, which always says something and always names a report, if only 0."""
    assert answer["responseCode"] != 0
    assert answer.get("responseDescription") or answer["root"] == "reportDoneResponse"
    assert answer["reportId"] >= 0
    return int(answer["responseCode"])
