"""The registry of partners' links: who has which code, and on whose pages the form may be shown in a frame."""

import re
from datetime import datetime

from django.db import transaction

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.letterbox.models import DATABASE, Link

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
_LONGEST_NAME = 200


def links() -> list[Link]:
    """Those that work, by their codes."""
    return list(Link.objects.using(DATABASE).filter(ended_at=None).order_by("code"))


def link_with(code: str) -> Link | None:
    """The link of a code, whatever its case; none that was taken away."""
    return Link.objects.using(DATABASE).filter(code=code.upper(), ended_at=None).first()


def origins() -> tuple[str, ...]:
    """Every site that some partner's link lets show the form in a frame, each once, in order."""
    found = Link.objects.using(DATABASE).filter(ended_at=None).exclude(origins="").values_list("origins", flat=True)
    return tuple(sorted({origin for written in found for origin in written.split()}))


def add_link(*, code: str, name: str, origins: tuple[str, ...] = (), now: datetime) -> Link:
    """A new link; or one that was taken away, for the same partner again.

    Raises NotUnderstood for a code or name that cannot be one, NotNow where the code is somebody's, or was.
    """
    if not _CODE.fullmatch(code):
        raise NotUnderstood("A code has up to 32 capital letters, digits and hyphens, and begins with no hyphen.")
    if not 0 < len(name) <= _LONGEST_NAME:
        raise NotUnderstood("Please give a name of at most 200 letters.")
    sites = " ".join(origins)
    with transaction.atomic(using=DATABASE):
        link, new = Link.objects.using(DATABASE).get_or_create(
            code=code, defaults={"name": name, "origins": sites, "created_at": now}
        )
        if new:
            return link
        if link.ended_at is None:
            raise NotNow("There is a link with this code already.")
        if link.name != name:
            raise NotNow("Another partner had this code, and its posters may still hang. Choose another code.")
        link.origins, link.ended_at = sites, None
        link.save(using=DATABASE, update_fields=["origins", "ended_at"])
    return link


def let_frame(*, code: str, origins: tuple[str, ...]) -> None:
    """These sites, and no others, may show the form in a frame for this link. Raises NotNow where there is none."""
    _change(code, origins=" ".join(origins))


def take_away(*, code: str, now: datetime) -> None:
    """The link leads to the start page from now on, and is counted no more. Raises NotNow where there is none."""
    _change(code, ended_at=now)


def _change(code: str, **fields: object) -> None:
    with transaction.atomic(using=DATABASE):
        changed = Link.objects.using(DATABASE).filter(code=code, ended_at=None).update(**fields)
    if not changed:
        raise NotNow("There is no link with this code.")
