"""The registry of partners: companies whose systems report, each with a token of which only a digest is kept."""

import hashlib
import re
import secrets
from datetime import datetime

from django.db import transaction

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.letterbox.models import DATABASE, Partner

SCOPES = frozenset({"reports", "cybertip", "hashes"})
"""What a token may be good for: the interface of `docs/partners-api.md`, and the two that NCMEC's clients speak, one to
report and one to fetch our list of hashes."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def partner_with(token: str, *, scope: str) -> Partner | None:
    """The partner that holds this token, if it was not revoked and is good for that."""
    partner = partner_of(token)
    return partner if partner is not None and partner.is_good_for(scope) else None


def partner_of(token: str) -> Partner | None:
    """The partner that holds this token, whatever it is good for; none once it was revoked.

    Found by its digest, so that how long the look takes tells nothing about any token that is good.
    """
    partners = Partner.objects.using(DATABASE).filter(revoked_at=None)
    return partners.filter(token_digest=_digest(token)).first()


def partner_named(slug: str) -> Partner | None:
    """A partner by its short name, also one that was revoked: its letters may still be on their way."""
    return Partner.objects.using(DATABASE).filter(slug=slug).first()


def partners() -> list[Partner]:
    """All of them by their short names, the revoked too."""
    return list(Partner.objects.using(DATABASE).order_by("slug"))


def add_partner(*, slug: str, name: str, scopes: set[str], now: datetime) -> str:
    """A new partner. Returns its token, which is kept nowhere. Raises NotUnderstood, or NotNow where the name is taken.

    A token has 256 random bits, so no slow hash is needed (OWASP ASVS 5.0 6.5.2).
    """
    if not _SLUG.fullmatch(slug):
        raise NotUnderstood("A partner's short name has up to 40 small letters, digits and hyphens.")
    if not scopes or scopes - SCOPES:
        raise NotUnderstood(f"A token is good for one or more of: {', '.join(sorted(SCOPES))}.")
    token = _new_token()
    with transaction.atomic(using=DATABASE):
        _, new = Partner.objects.using(DATABASE).get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "token_digest": _digest(token),
                "scopes": ",".join(sorted(scopes)),
                "created_at": now,
            },
        )
    if not new:
        raise NotNow(f"There is a partner named {slug} already.")
    return token


def rotate(*, slug: str) -> str:
    """A new token for a partner; the old one is refused from this moment on. Raises NotNow where there is none."""
    token = _new_token()
    _change(slug, token_digest=_digest(token))
    return token


def revoke(*, slug: str, now: datetime) -> None:
    """Refuse the partner's token from this moment on, for good. Raises NotNow where there is none."""
    _change(slug, revoked_at=now)


def _change(slug: str, **fields: object) -> None:
    with transaction.atomic(using=DATABASE):
        changed = Partner.objects.using(DATABASE).filter(slug=slug, revoked_at=None).update(**fields)
    if not changed:
        raise NotNow(f"There is no partner named {slug} whose token works.")


def _new_token() -> str:
    return f"lykta_{secrets.token_urlsafe(32)}"


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode(errors="replace"), digest_size=32, person=b"lykta-partner").digest()
