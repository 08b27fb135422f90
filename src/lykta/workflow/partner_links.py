"""Partners' links are changed by staff, and the record says who did."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from lykta.lib import origins
from lykta.lib.clock import now
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.letterbox import links
from lykta.records.letterbox.models import Link


def add(*, by: str, code: str, name: str, framed_on: str = "") -> Link:
    """A new link. `framed_on`: sites, as people write them. Raises NotUnderstood or NotNow."""
    sites = origins.read(framed_on)
    with _noted(by, code, "added"):
        return links.add_link(code=code, name=name, origins=sites, now=now())


def let_frame(*, by: str, code: str, framed_on: str) -> None:
    """Only these sites may show the form in a frame. Raises NotUnderstood, or NotNow where there is no such link."""
    sites = origins.read(framed_on)
    with _noted(by, code, "sites", count=len(sites)):
        links.let_frame(code=code, origins=sites)


def take_away(*, by: str, code: str) -> None:
    """The end of a link. Raises NotNow where there is none."""
    with _noted(by, code, "taken away"):
        links.take_away(code=code, now=now())


@contextmanager
def _noted(by: str, code: str, what: str, **facts: int) -> Iterator[None]:
    """The entry is written first: where the deed fails, it goes too, and no deed is without an entry."""
    with transaction.atomic():
        audit.write(by=by, word=AuditWord.LINK_CHANGED, subject=f"link:{code}", facts={"what": what, **facts})
        yield
