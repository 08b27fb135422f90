"""A file for a list of hashes: uploaded, looked at, mapped, tried, and then read into the list by the worker."""

import logging
import shutil
from collections.abc import Mapping
from typing import Any, Never

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.lib.clock import now
from lykta.lib.hashlists.cells import Field
from lykta.lib.hashlists.preview import Preview, preview
from lykta.records.matching import queries, uploads
from lykta.records.matching.access import access_list, access_upload, may_see_lists
from lykta.records.matching.models import HashList, Upload
from lykta.records.matching.uploads import Incoming
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import answers

FIELD = "file"
EVERY_SECONDS = 5
"""How often the page of a file that is being read loads itself again."""
SHOWN = 10
"""Refused rows on the page of a file; another page has more."""
_ROOM = 2
"""So many times the file has to fit on the disk: it, and what it becomes in the database."""

logger = logging.getLogger(__name__)


class ToList(FileUploadHandler):
    """Django's way to take a file while it comes in: onto the disk, where lists wait, and never into memory or /tmp."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.problem = ""
        self._incoming: Incoming | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """What is too long is told before it is read."""
        del input_data, META, boundary, encoding
        most: int = settings.ENVIRONMENT.list_bytes
        if content_length > most:
            size = {"most": f"{most / 1e6:,.0f}"}
            self.problem = gettext("The file is larger than %(most)s MB: split it, or read it in by command.") % size
        elif shutil.disk_usage(settings.HASH_LISTS.parent).free < _ROOM * content_length:
            self.problem = gettext("There is not enough room on the disk of the server for this file.")

    def new_file(self, field_name: str, file_name: str, *_rest: Any, **_more: Any) -> None:
        if field_name != FIELD or self._incoming is not None or self.problem:
            raise SkipFile
        try:
            self._incoming = Incoming(clean_line(file_name)[:120])
        except OSError as error:
            self._fail(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        try:
            if self._incoming is not None:
                self._incoming.add(raw_data)
        except OSError as error:
            self._fail(error)

    def file_complete(self, file_size: int) -> Any:
        """What the view finds in `request.FILES`."""
        del file_size
        try:
            return self._incoming.end() if self._incoming is not None else None
        except OSError as error:
            self._fail(error)

    def upload_interrupted(self) -> None:
        """The line broke in the middle."""
        if self._incoming is not None:
            self._incoming.throw_away()

    def _fail(self, error: OSError) -> Never:
        """Raises StopUpload, past the rest of what comes."""
        logger.error("A file for a list could not be stored: %s", error)
        self.upload_interrupted()
        self.problem = gettext("The file could not be stored. Whoever looks after the server finds why in its log.")
        raise StopUpload(connection_reset=False)


@csrf_exempt  # until the handler is chosen: to check the form is to read it
@answers("GET", "POST")
def upload(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """Choose a file; by POST, take it in."""
    found = access_list(by, number)
    if request.method == "GET":
        return _choose(request, found)
    handler = ToList(request)
    request.upload_handlers = [handler]
    return csrf_protect(_take_in)(request, by, found, handler)


def _take_in(request: HttpRequest, by: Staff, found: HashList, handler: ToList) -> HttpResponse:
    incoming: object = request.FILES.get(FIELD)
    if not isinstance(incoming, Incoming):
        return _choose(request, found, handler.problem or gettext("Please choose a file."))
    try:
        mapping = preview(incoming.path).guessed
    except NotUnderstood as refusal:
        incoming.throw_away()
        return _choose(request, found, in_words(str(refusal)))
    kept = uploads.keep(by=by.actor, found=found, incoming=incoming, mapping=mapping, now=now())
    return redirect("list-file", kept.pk)


@answers("GET", "POST")
def waiting(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """What the file is, with its first rows and what each column is; by POST try it, read it in, or throw it away."""
    found = access_upload(by, number)
    if request.method == "GET":
        return _show(request, found)
    match request.POST.get("deed"):
        case "throw-away":
            if found.asked_at is None:
                uploads.throw_away(by=by.actor, upload=found)
                messages.success(request, gettext("The file is gone. Nothing was read from it into the list."))
            return redirect("hash-list", found.list_id)
        case "import":
            may_see_lists(by)
            return prove_first(request, by) or _ask(request, by, found, keeps=True)
        case _:
            return _ask(request, by, found, keeps=False)


def _ask(request: HttpRequest, by: Staff, found: Upload, *, keeps: bool) -> HttpResponse:
    try:
        mapping = _mapping(request, found)
        replaces = "replaces" in request.POST
        uploads.ask(by=by.actor, upload=found, mapping=mapping, replaces=replaces, keeps=keeps, now=now())
    except (NotNow, NotUnderstood) as refusal:
        found.refresh_from_db()
        return _show(request, found, problem=in_words(str(refusal)))
    return redirect("hash-list", found.list_id) if keeps else redirect("list-file", found.pk)


def _mapping(request: HttpRequest, found: Upload) -> Mapping[Field, str]:
    """What somebody says of each column. Raises NotUnderstood where two are said to be the same."""
    columns = _preview(found).columns if found.mapping else ()
    said: dict[Field, str] = {}
    for place, column in enumerate(columns):
        word = request.POST.get(f"column-{place}", "")
        if word in set(Field) and column.unique:
            if Field(word) in said:
                raise NotUnderstood("Two columns cannot be the same: choose one of them.")
            said[Field(word)] = column.name
    return {field: said.get(field, "") for field in Field} if columns else {}


def _choose(request: HttpRequest, found: HashList, problem: str = "") -> HttpResponse:
    most = f"{settings.ENVIRONMENT.list_bytes / 1e6:,.0f}"
    context = {"list": found, "problem": problem, "most": most, "field": FIELD}
    return render(request, "list_upload.html", context, status=422 if problem else 200)


def _show(request: HttpRequest, found: Upload, *, problem: str = "") -> HttpResponse:
    seen = _preview(found)
    said = {column: field for field, column in found.mapping.items() if column}
    typed = request.POST if problem else {}
    columns = [
        (place, column, typed.get(f"column-{place}", said.get(column.name, "") if seen.mapped else column.name))
        for place, column in enumerate(seen.columns)
    ]
    codes = {cell for _, column, field in columns if field == Field.CATEGORY for cell in column.cells if cell}
    context = {
        "upload": found,
        "list": found.list,
        "form": seen,
        "columns": columns,
        "fields": list(Field),
        "unexplained": sorted(codes - set(found.list.categories)),
        "problem": problem or in_words(found.problem),
        "refused": queries.refused_in(found.tried, most=SHOWN) if found.tried else [],
        "replaces": "replaces" in typed if problem else found.replaces,
        "seconds": EVERY_SECONDS,
    }
    response = render(request, "list_file.html", context, status=422 if problem else 200)
    if found.asked_at is not None:
        response.headers["Refresh"] = str(EVERY_SECONDS)
    return response


def _preview(found: Upload) -> Preview:
    """Raises NotAllowed where it is gone by now."""
    try:
        return preview(uploads.path_of(found))
    except FileNotFoundError as error:
        raise NotAllowed("There is no such list.") from error
