"""NCMEC's CyberTipline interface, spoken to a hotline: a company's client reports here when its base address does.

Seven addresses under `/ispws/`, HTTP Basic with the partner's short name and its token, XML both ways.
`docs/cybertipline.md` says what a partner has to know.
"""

import logging
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from lykta.sites.partners.basic import named_partner
from lykta.sites.partners.bodies import measured
from lykta.sites.partners.ispws import documents, files, reports, turns
from lykta.sites.partners.ispws.answers import Answer, Failed, Response
from lykta.sites.partners.ispws.reports import Sender

SCOPE = "cybertip"
LONGEST_FORM = 10_000
"""Bytes of a form that holds no more than a number."""
Step = Callable[[HttpRequest, Sender], Answer]

logger = logging.getLogger(__name__)


def endpoint(method: str, step: Step, *, done: bool = False) -> Callable[[HttpRequest], HttpResponse]:
    """A view of one address. Every answer is XML that its clients can read; those of `finish` have a form of their own.

    Who asks is known before anything of a body is read.
    """

    def view(request: HttpRequest) -> HttpResponse:
        try:
            answer = _answer(request, method, step)
        except Failed as failed:
            answer = _told(failed, done=done)
        except Error:
            answer = _told(
                Failed(Response.SAVE_FAILED, "Nothing was stored. Try again in a minute.", wait=60), done=done
            )
            logger.exception("The letterbox did not answer request %s; the partner was told so.", answer.request)
        return answer.http()

    return view


def _answer(request: HttpRequest, method: str, step: Step) -> Answer:
    sender = _sender(request)
    turns.spend(sender.slug)
    if request.method != method:
        raise Failed(Response.INVALID_REQUEST, f"Use {method} at this address.")
    return step(request, sender)


def _told(failed: Failed, *, done: bool) -> Answer:
    """Some clients look for a report's number in every answer, even where there is none."""
    return Answer(
        response=failed.response,
        description=str(failed),
        report=failed.report,
        files=() if done else None,
        wait=failed.wait,
    )


def _sender(request: HttpRequest) -> Sender:
    """Raises Failed; the same for a wrong name and a wrong token."""
    found = named_partner(request)
    if found is None:
        raise Failed(
            Response.AUTHENTICATION_REQUIRED,
            "Log in (HTTP Basic) with your short name and the token that the hotline gave you.",
        )
    partner, token = found
    if not partner.is_good_for(SCOPE):
        raise Failed(Response.NOT_AUTHORIZED, "Your token is not good for this interface. Ask the hotline.")
    return Sender(partner.slug, token)


def status(_request: HttpRequest, sender: Sender) -> Answer:
    """Unlike NCMEC's, it does not repeat the address that the client comes from."""
    return Answer(description=f"Remote User : {sender.slug}")


def xsd(_request: HttpRequest, _sender: Sender) -> Answer:
    raise Failed(
        Response.RESOURCE_NOT_FOUND,
        "The schema is NCMEC's, and no licence to pass it on is known: take it from "
        "https://report.cybertip.org/ispws/xsd. This interface accepts what it describes.",
    )


def submit(request: HttpRequest, sender: Sender) -> Answer:
    return Answer(report=reports.submit(sender, documents.read_report(_body(request))))


def upload(request: HttpRequest, sender: Sender) -> Answer:
    with turns.UPLOADING.one(sender.slug):
        typed, found = files.receive(request)
    number = documents.report_number(typed)
    file = reports.add_file(sender, number, found)
    said = "Success: the fingerprints of the file were kept, the file was not."
    return Answer(description=said, report=number, file=file, md5=found.md5)


def fileinfo(request: HttpRequest, sender: Sender) -> Answer:
    details = documents.read_details(_body(request))
    reports.add_details(sender, details)
    return Answer(report=details.report)


def finish(request: HttpRequest, sender: Sender) -> Answer:
    number = _number(request)
    return Answer(report=number, files=reports.finish(sender, number))


def retract(request: HttpRequest, sender: Sender) -> Answer:
    number = _number(request)
    reports.retract(sender, number)
    return Answer(report=number)


def unknown_address(_request: HttpRequest, _sender: Sender) -> Answer:
    raise Failed(Response.RESOURCE_NOT_FOUND, "There is no such address.")


def _body(request: HttpRequest) -> bytes:
    """A document, whatever its type is called: clients send it as plain text, too."""
    try:
        return files.Source(request).read(documents.MOST_BYTES + 1)
    except OSError as error:
        raise Failed(Response.INVALID_REQUEST, "The document did not arrive whole.") from error


def _number(request: HttpRequest) -> int:
    """From a form of either kind."""
    try:
        return documents.report_number(measured(request, LONGEST_FORM).POST.get("id", ""))
    except (SuspiciousOperation, MultiPartParserError, OSError) as error:
        raise Failed(Response.INVALID_REQUEST, "Send a form with the field id.") from error
