"""What a CyberTipline client reads: XML with a response code. NCMEC's documentation of November 2025, appendix D."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from http import HTTPStatus
from secrets import token_hex
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

from lykta.core.refusals import Refusal
from lykta.sites.partners.basic import CHALLENGE


class Response(IntEnum):
    """NCMEC's response codes, as two independent clients list them. Clients try again after 1xxx only."""

    SUCCESS = 0
    SERVER_ERROR = 1000
    SAVE_FAILED = 1100
    FILE_UPLOAD_FAILED = 1111
    RESOURCE_NOT_FOUND = 1210
    AUTHENTICATION_REQUIRED = 2000
    NOT_AUTHORIZED = 3000
    INVALID_REQUEST = 4000
    VALIDATION_FAILED = 4100
    MALFORMED_XML = 4110
    MALFORMED_FILE = 4200
    NO_SUCH_REPORT = 5001
    NO_SUCH_FILE = 5002
    ALREADY_RETRACTED = 5101
    ALREADY_FINISHED = 5102


_HTTP = {
    Response.SERVER_ERROR: HTTPStatus.SERVICE_UNAVAILABLE,
    Response.SAVE_FAILED: HTTPStatus.SERVICE_UNAVAILABLE,
    Response.RESOURCE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    Response.AUTHENTICATION_REQUIRED: HTTPStatus.UNAUTHORIZED,
    Response.NOT_AUTHORIZED: HTTPStatus.FORBIDDEN,
}
"""Where a client that looks at the status alone must not take it for a success; all else says so in its body."""


class Failed(Refusal):
    """A request is not carried out; `report` is the number that it named, 0 where it named none.

    `wait`: seconds after which it is worth sending again, 0 where it is not.
    """

    def __init__(self, response: Response, message: str, *, report: int = 0, wait: int = 0) -> None:
        super().__init__(message)
        self.response = response
        self.report = report
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one request. `files` makes it a reportDoneResponse, which lists them and has no description.

    `request`: a random number, under which the hotline's log names a fault. `wait`: as in Failed.
    """

    response: Response = Response.SUCCESS
    description: str = "Success"
    report: int | None = None
    file: str = ""
    md5: str = ""
    files: Iterable[str] | None = None
    wait: int = 0
    request: str = field(default_factory=lambda: token_hex(16))

    def http(self) -> HttpResponse:
        """As XML in UTF-8."""
        done = self.files is not None
        root = Element("reportDoneResponse" if done else "reportResponse")
        _add(root, "responseCode", str(int(self.response)))
        if not done:
            _add(root, "responseDescription", self.description)
        if self.report is not None:
            _add(root, "reportId", str(self.report))
        for name, text in (("fileId", self.file), ("hash", self.md5)):
            if text:
                _add(root, name, text)
        if self.files is not None:
            listed = SubElement(root, "files")
            for file in self.files:
                _add(listed, "fileId", file)
        xml = tostring(root, encoding="UTF-8", xml_declaration=True)
        status = _HTTP.get(self.response, HTTPStatus.OK)
        answer = HttpResponse(xml, content_type="text/xml; charset=utf-8", status=status)
        answer.headers["Request-ID"] = self.request
        answer.headers["Content-Language"] = "en"
        if self.wait:
            answer.headers["Retry-After"] = str(self.wait)
        if status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = CHALLENGE
        return answer


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
