"""Chat logs and documents of a report: looked at and sealed piece by piece, then kept in the letterbox.

Two ways lead there. Without script a file comes whole, in the form, and is sealed while it streams in (`streaming`).
With script it comes in requests of one piece each, which go on where a bad line broke (`pieces`). Either way nothing of
it is on a disk in clear, and no more than two pieces are in memory. The page then carries a line for each file; which
files belong to a report is said in the sealed report alone.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from lykta.core.attaching import MOST_FILES
from lykta.records.letterbox import queries
from lykta.sites.common.headers import CONTENT_SECURITY_POLICY
from lykta.sites.common.words import Problem
from lykta.sites.report import keeping
from lykta.sites.report.keeping import Kept, forget
from lykta.sites.report.streaming import FIELD, Refused, Sealer

KEPT = "kept"
"""The hidden field with a line for each file that is there already."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of a report, what is wrong with others, and the name of the input for more."""

    kept: tuple[Kept, ...] = ()
    problems: tuple[Problem, ...] = ()
    field: str = FIELD

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Attached":
        """From the lines that a report carries."""
        return cls(kept=tuple(one for one in map(Kept.read, lines) if one)[:MOST_FILES])

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(map(str, self.kept))

    @property
    def carried(self) -> str:
        """The value of the hidden field."""
        return "\n".join(self.lines)

    @property
    def most(self) -> int:
        return MOST_FILES

    @property
    def limit(self) -> int:
        """Bytes of one file."""
        found: int = settings.ENVIRONMENT.attachment_bytes
        return found

    def without(self, number: str) -> "Attached":
        """The reporter takes one of them away: it is thrown away at once."""
        gone = [one for one in self.kept if one.number.hex == number]
        forget(one.number for one in gone)
        return replace(self, kept=tuple(one for one in self.kept if one not in gone))


def accept(request: HttpRequest) -> None:
    """Let this request bring files, where the hotline takes any; before its fields are first read."""
    if settings.ENVIRONMENT.attachment_topics:
        request.upload_handlers = [Sealer(request)]


def read(request: HttpRequest) -> Attached:
    """What is there now: what the page carried, if it still is in the letterbox, and what came with this request."""
    carried = Attached.of(request.POST.get(KEPT, "").splitlines()).kept
    came: list[Any] = [one for name in request.FILES for one in request.FILES.getlist(name)]
    there = [*filter(_is_there, carried), *(one for one in came if isinstance(one, Kept))]
    refused = [one for one in came if isinstance(one, Refused)]
    problems = [one.why for one in refused]
    if len(there) < len(carried) + len(came) - len(refused):
        problems.append(gettext("One of the files is not here any more. Choose it again."))
    if len(there) > MOST_FILES:
        forget(one.number for one in there[MOST_FILES:])
        problems.append(keeping.too_many())
    attached = Attached(
        kept=tuple(dict.fromkeys(there[:MOST_FILES])),
        problems=tuple(Problem(FIELD, why) for why in dict.fromkeys(problems)),
        field=next((one.field for one in refused if one.field != FIELD), FIELD),
    )
    _carry_on(request, attached)
    return attached


def let_script_send(response: HttpResponse) -> None:
    """Let the script of this page, and of no other, send to this face."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"


def _carry_on(request: HttpRequest, attached: Attached) -> None:
    """The page that asks to wait carries the fields of this request: what came with it has to be among them."""
    fields = request.POST.copy()
    fields[KEPT] = attached.carried
    request.POST = fields  # type: ignore[assignment]


def _is_there(kept: Kept) -> bool:
    try:
        return queries.chunks_kept(kept.number) > 1
    except Error:
        logger.exception("The letterbox could not be asked for a file.")
        return True
