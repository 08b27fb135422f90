"""What staff bring in, typed at the desk or taken from a file or a mail, goes through the same door as all else.

It becomes a sealed letter that says through whom it came. A public face can write letters too; so that none of them
passes for one of these, the staff side vouches for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lykta.core.vocabulary import Asked, Source
from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.records.audit.vouching import is_vouched, vouch
from lykta.records.cases import queries as cases
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.letterbox.actions import Post

SOURCES = (Source.STAFF, Source.PARTNER, Source.HOTLINE)
"""Whose words the staff side brings in: of who called or wrote, of a partner who sent a list, of another hotline."""


@dataclass(frozen=True, slots=True)
class Bringer:
    """Whose words they are, and which actor of the audit brought them."""

    source: Source
    by: str


def bring_in(*, bringer: Bringer, answers: Mapping[Asked, str], code: Code, post: Post) -> None:
    """Seal a report that somebody gave by telephone, by letter or in a file; durable when it returns.

    `answers` are those of the public form. Safe to do twice with the same code. Raises NotAllowed where whoever holds
    the code has thrown the report away.
    """
    content = {
        "answers": {str(asked): said for asked, said in answers.items() if said},
        "language": post.language,
        "source": str(bringer.source),
        "by": bringer.by,
        "voucher": vouch(codes.lookup(code).hex(), bringer.source, bringer.by),
    }
    letterbox.drop_brought(content=content, code=code, post=post)


def was_brought(code: Code, *, at: datetime) -> bool:
    """Whether a report with this code lies in the letterbox or was taken in, even if it is forgotten by now."""
    known = cases.report_of_box(codes.lookup(code)) is not None
    return known or letterbox_queries.box_for(code, now=at) is not None


def bringer_of(content: dict[str, Any], *, lookup: bytes) -> Bringer | None:
    """Who brought an opened letter in; None where nobody on the staff side did, whatever it says."""
    source, by = str(content.get("source", "")), str(content.get("by", ""))
    if source not in SOURCES or not is_vouched(content.get("voucher"), lookup.hex(), source, by):
        return None
    return Bringer(Source(source), by)
