"""A file that comes whole, in the form, as browsers without script send it: sealed while it streams in."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import Error
from django.http import HttpRequest
from django.utils.translation import ngettext

from lykta.core.attaching import MOST_FILES, PIECE_BYTES, FileKind
from lykta.core.refusals import Refusal
from lykta.sites.common import floods
from lykta.sites.report import keeping
from lykta.sites.report.keeping import Kept

FIELD = "files"
"""The file input. When its sender was asked to wait, its name goes on with the ticket: `files-<number>-<ticket>`."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept: why, and the name of the input through which it may come again."""

    why: str
    field: str = FIELD

    def close(self) -> None:
        """Django closes what is in `request.FILES`."""


class _Incoming:
    """One file while it streams in."""

    def __init__(self, name: str) -> None:
        self.number = uuid4()
        self._name = name
        self._kind: FileKind | None = None
        self._pieces = 0
        self._size = 0
        self._digest = hashlib.sha256()
        self._waiting = bytearray()

    def add(self, data: bytes) -> None:
        """Seal what makes a whole piece. Raises Refusal and django.db.Error."""
        keeping.measure(self._size + len(self._waiting) + len(data))
        self._waiting += data
        while len(self._waiting) >= PIECE_BYTES:
            self._keep(bytes(self._waiting[:PIECE_BYTES]))
            del self._waiting[:PIECE_BYTES]

    def end(self) -> Kept:
        """Seal the rest and the mark of the end."""
        if self._waiting or not self._pieces:
            self._keep(bytes(self._waiting))
        end = {"end": True, "size": self._size, "sha256": self._digest.hexdigest()}
        keeping.put(self.number, self._pieces + 1, end)
        return Kept(self.number, self._size, self._name)

    def _keep(self, piece: bytes) -> None:
        self._kind, new = keeping.look_at(piece, begun=self._kind), self._kind is None
        if new:
            keeping.put(self.number, 0, {"name": self._name, "type": str(self._kind)})
        self._pieces += 1
        self._size += len(piece)
        self._digest.update(piece)
        keeping.put(self.number, self._pieces, piece)


class Sealer(FileUploadHandler):
    """Django's way to take a file while the request still comes in. What is refused is read past, its fields count."""

    chunk_size = PIECE_BYTES

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._files = 0
        self._incoming: _Incoming | None = None
        self._refused: Refused | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """More than all files together may have is not even read. Raises RequestDataTooBig."""
        del input_data, META, boundary, encoding
        if content_length > MOST_FILES * settings.ENVIRONMENT.attachment_bytes + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("more than all files of a report")

    def new_file(self, field_name: str, file_name: str, *_rest: Any, **_more: Any) -> None:
        name, _, carried = field_name.partition("-")
        if name != FIELD:
            raise SkipFile
        self._files += 1
        self._incoming, self._refused = _Incoming(keeping.clean_name(file_name)), self._refuse_at_once(carried)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        if self._incoming is not None and self._refused is None:
            self._try(lambda incoming: incoming.add(raw_data))

    def file_complete(self, file_size: int) -> Any:
        """What the view finds in `request.FILES`."""
        del file_size
        kept = None if self._refused else self._try(lambda incoming: incoming.end())
        if kept is not None and self.request is not None:
            floods.count(self.request, floods.FILES)
        return kept or self._refused

    def upload_interrupted(self) -> None:
        """The line broke in the middle: nobody could go on with the rest."""
        self._refuse(Refused(keeping.fault()))

    def _try(self, deed: Any) -> Any:
        try:
            return deed(self._incoming)
        except Refusal as refusal:
            self._refuse(Refused(str(refusal)))
        except Error:
            logger.exception("A file could not be stored; the reporter was told so.")
            self._refuse(Refused(keeping.fault()))
        return None

    def _refuse(self, refused: Refused) -> None:
        self._refused = refused
        if self._incoming is not None:
            keeping.forget([self._incoming.number])

    def _refuse_at_once(self, carried: str) -> Refused | None:
        """Beyond what a report or a network may send; `carried` is the ticket of who has waited."""
        if self._files > MOST_FILES:
            return Refused(keeping.too_many())
        number, _, ticket = carried.partition("-")
        number = number or uuid4().hex
        delay = floods.delay(self.request, floods.FILES, number, ticket) if self.request else None
        if delay is None:
            return None
        advice = ngettext(
            "Very many files come from your network just now. Wait %(count)d second, then choose yours again.",
            "Very many files come from your network just now. Wait %(count)d seconds, then choose yours again.",
            delay.seconds,
        )
        return Refused(advice % {"count": delay.seconds}, f"{FIELD}-{number}-{delay.ticket}")
