"""A file that a client uploads: read once to compute its fingerprints, and thrown away while it comes in.

No more than one chunk of it is in memory, and nothing of it is ever on a disk. What is left are three digests, its
size and its name.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from lykta.sites.common import words
from lykta.sites.partners.bodies import is_chunked
from lykta.sites.partners.ispws.answers import Failed, Response

FIELD = "file"
NAME_CHARACTERS = 200
_ENDLESS = 2**62
"""What a chunked request is said to have: Django takes 0 for empty, and reads to the end in any case."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What is kept of a file: lower-case hexadecimal digests, bytes, and the name that it was sent with."""

    sha256: str
    sha1: str
    md5: str
    size: int
    name: str


class Source:
    """The body of a request. A line that broke looks like an end: `count` tells how much was read.

    Of a body in chunks only the last line of the form tells that all of it came.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.length = int(request.META.get("CONTENT_LENGTH") or 0)
        self.chunked = is_chunked(request)
        self.count = 0
        self._last_line = f"--{(request.content_params or {}).get('boundary', '')}--".encode()
        self._tail = b""
        self._stream = request.META["wsgi.input"] if self.chunked else request

    def read(self, size: int | None = None, /) -> bytes:
        """Raises OSError."""
        data: bytes = self._stream.read(size)
        self.count += len(data)
        kept = len(self._last_line) + len(b"\r\n")
        self._tail = (self._tail + data[-kept:])[-kept:]
        return data

    @property
    def broke(self) -> bool:
        """Whether less was there than announced."""
        if self.chunked:
            return not self._tail.rstrip().endswith(self._last_line)
        return self.count < self.length


class _Fingerprinter(FileUploadHandler):
    """Django's way to take a file while the request still comes in. The first file counts, others are read past."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Fingerprints | None = None
        self._name = ""
        self._digests = (hashlib.sha256(), hashlib.sha1(usedforsecurity=False), hashlib.md5(usedforsecurity=False))

    def new_file(self, field_name: str, file_name: str, *_rest: Any, **_more: Any) -> None:
        if field_name != FIELD or self._name:
            raise SkipFile
        self._name = words.clean_line(file_name)[:NAME_CHARACTERS] or "-"

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        for digest in self._digests:
            digest.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        sha256, sha1, md5 = (digest.hexdigest() for digest in self._digests)
        self.found = Fingerprints(sha256, sha1, md5, file_size, self._name)


def receive(request: HttpRequest) -> tuple[str, Fingerprints]:
    """The field `id` of a form, and the fingerprints of the file beside it. Raises Failed."""
    source, handler = Source(request), _Fingerprinter()
    meta = {**request.META, "CONTENT_LENGTH": str(_ENDLESS if source.chunked else source.length)}
    try:
        # All that Django's parser asks of a stream is `read`.
        fields, _ = MultiPartParser(meta, cast("Any", source), [handler], request.encoding or "utf-8").parse()
    except OSError as error:
        raise _half() from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Failed(Response.INVALID_REQUEST, "Send a form (multipart/form-data) with id and file.") from error
    if source.broke:
        raise _half()
    if handler.found is None or not handler.found.size:
        raise Failed(Response.MALFORMED_FILE, "There is no file in the field named file, or it is empty.")
    return fields.get("id", ""), handler.found


def _half() -> Failed:
    return Failed(Response.FILE_UPLOAD_FAILED, "The file did not arrive whole. Send it again.")
