"""A mailbox as the holder of its code meets it: type the code, read what lies there."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.core.vocabulary import BoxKind
from lykta.lib import clock, codes
from lykta.lib.codes import Code
from lykta.records.letterbox import queries
from lykta.records.letterbox.models import Box
from lykta.records.letterbox.queries import Delivered


@dataclass(frozen=True, slots=True)
class OpenBox:
    """A mailbox, the code that opened it, and its parcels, oldest first."""

    box: Box
    code: Code
    parcels: list[Delivered]


def open_with(typed: str, *, kinds: set[BoxKind]) -> OpenBox:
    """The mailbox of a typed code.

    Raises NotUnderstood for what cannot be a code, NotAllowed where it opens none of these kinds: unknown, expired
    and somebody else's are the same answer. Raises django.db.Error where the letterbox cannot be reached.
    """
    try:
        code = codes.read(typed)
    except NotUnderstood as refusal:
        advice = gettext("Check it sign by sign against what you wrote down.")
        raise NotUnderstood(f"{gettext(str(refusal))} {advice}") from refusal
    box = queries.box_for(code, now=clock.now())
    if box is None or box.kind not in kinds:
        raise NotAllowed(
            gettext(
                "This code opens no mailbox here. Check it sign by sign. A code works for %(days)d days; after "
                "that, or if it is lost, the mailbox cannot be opened by anybody."
            )
            % {"days": settings.ENVIRONMENT.box_days}
        )
    return OpenBox(box, code, queries.delivered_to(box, code))
