"""`lykta partners add|rotate|revoke|list`: companies whose systems report. A token is printed once and kept nowhere."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from lykta.config.commands.people import BY
from lykta.lib.clock import now

ONCE = "The token is shown only now; give it to the partner over a line that only the partner reads."


def do(given: argparse.Namespace) -> list[str]:
    """What the words after `lykta partners` say. Returns the lines to print. Raises Refusal."""
    match given.what:
        case "add":
            scopes = {word.strip() for word in given.scopes.split(",") if word.strip()}
            return [f"{given.slug}: {add(given.slug, given.name, scopes)}", ONCE]
        case "rotate":
            return [f"{given.slug}: {rotate(given.slug)}", ONCE]
        case "revoke":
            revoke(given.slug)
            return [f"{given.slug}: its token is refused from now on."]
        case _:
            return listed()


def add(slug: str, name: str, scopes: set[str]) -> str:
    """A new partner; returns its token. Raises NotUnderstood or NotNow."""
    from lykta.records.letterbox import partners

    with _noted(slug, "added", scopes=",".join(sorted(scopes))):
        return partners.add_partner(slug=slug, name=name, scopes=scopes, now=now())


def rotate(slug: str) -> str:
    """A new token for a partner. Raises NotNow where there is none."""
    from lykta.records.letterbox import partners

    with _noted(slug, "rotated"):
        return partners.rotate(slug=slug)


def revoke(slug: str) -> None:
    """The end of a partner's token. Raises NotNow where there is none."""
    from lykta.records.letterbox import partners

    with _noted(slug, "revoked"):
        partners.revoke(slug=slug, now=now())


def listed() -> list[str]:
    """A line for each partner: short name, name, what its token is good for, and since when."""
    from lykta.records.letterbox import partners

    return [
        f"{one.slug}\t{one.name}\t"
        + (f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else f"{one.scopes} since {one.created_at:%Y-%m-%d}")
        for one in partners.partners()
    ]


@contextmanager
def _noted(slug: str, what: str, **facts: str) -> Iterator[None]:
    """The entry is written first: where the deed fails, it goes too, and no deed is without an entry."""
    from django.db import transaction

    from lykta.records.audit import actions as audit
    from lykta.records.audit.words import AuditWord

    with transaction.atomic():
        audit.write(by=BY, word=AuditWord.PARTNER_CHANGED, subject=f"partner:{slug}", facts={"what": what, **facts})
        yield
