"""Files that came with a report: taken to the analyst's own device, or a short text read here. Never drawn.

Each opening says why, and is noted. What is sent is bytes of no kind, in a sandbox, under a name that ends as text or
PDF: no browser runs or shows it by itself.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from lykta.core import attaching
from lykta.core.attaching import FileKind, OpeningReason
from lykta.core.refusals import NotUnderstood, Refusal
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.access import access_attachment
from lykta.records.cases.actions import attachments
from lykta.records.cases.models import Attachment
from lykta.records.cases.queries import File
from lykta.records.people.models import Staff
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.verbs import answers

_ENDINGS = {FileKind.PDF: ".pdf", FileKind.TEXT: ".txt"}


@answers("POST")
def download(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """The file as it came, bit for bit."""
    attachment = access_attachment(by, number)
    try:
        _note(request, by, attachment)
    except Refusal as refusal:
        return _back(request, attachment, refusal)
    response = StreamingHttpResponse(cases.pieces_of(attachment), content_type="application/octet-stream")
    name = safe_name(cases.file_of(attachment))
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if attachment.complete:
        response.headers["Content-Length"] = str(attachment.size)
    return response


@answers("POST")
def read_here(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """A short text as a page, escaped, with its addresses defanged."""
    attachment = access_attachment(by, number)
    file = cases.file_of(attachment)
    try:
        if not file.may_read_here:
            raise NotUnderstood("Only a short text can be read here: download the file.")
        _note(request, by, attachment)
    except Refusal as refusal:
        return _back(request, attachment, refusal)
    text = attaching.read(b"".join(cases.pieces_of(attachment)))
    return render(request, "file.html", {"file": file, "case": attachment.report.case, "text": text})


def safe_name(file: File) -> str:
    """The file's name with the ending of what it is: nothing that a device would run or draw."""
    ending = _ENDINGS[FileKind(file.kind)]
    return file.name if file.name.lower().endswith(ending) else f"{file.name}{ending}"


def _note(request: HttpRequest, by: Staff, attachment: Attachment) -> None:
    """Raises NotUnderstood without a reason, NotNow while a colleague has the case in hand."""
    reason = request.POST.get("reason", "")
    if reason not in set(OpeningReason):
        raise NotUnderstood("Say why you open the file: choose a reason.")
    attachments.note_opening(by=by, attachment=attachment, reason=OpeningReason(reason), now=now())


def _back(request: HttpRequest, attachment: Attachment, refusal: Refusal) -> HttpResponse:
    messages.error(request, in_words(str(refusal)))
    return redirect("case", attachment.report.case_id)
