"""`lykta partners add|rotate|revoke|webhook|list`: companies whose systems report.

A token is printed once and kept nowhere; so is the secret of a webhook, which is kept sealed for the worker.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from lykta.config.commands.people import BY
from lykta.config.environment import environment, secret
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.lib.clock import now

ONCE = "The token is shown only now; give it to the partner over a line that only the partner reads."
ONCE_TOO = "The secret is shown only now; an older one signs as well for 24 hours. Try it: --test."
LONGEST_ADDRESS = 2_000


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
        case "webhook":
            return _webhook(given.slug, given.address, off=given.off, test=given.test)
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
    from lykta.records.cases import webhooks
    from lykta.records.letterbox import partners

    with _noted(slug, "revoked"):
        with suppress(NotNow):
            webhooks.switch_off(slug=slug, now=now())
        partners.revoke(slug=slug, now=now())


def set_webhook(slug: str, address: str) -> str:
    """Where a partner's system is told; returns the secret that signs. Raises NotUnderstood or NotNow."""
    from lykta.records.cases import webhooks
    from lykta.records.letterbox import partners
    from lykta.workflow.webhooks import new_secret

    _require_callable(address)
    partner = partners.partner_named(slug)
    if partner is None or partner.revoked_at:
        raise NotNow(f"There is no partner named {slug} whose token works.")
    spelt, sealed = new_secret(hotline_key=secret("hotline.pub"))
    with _noted(slug, "webhook"):
        webhooks.set_webhook(slug=slug, address=address, sealed=sealed, now=now())
    return spelt


def end_webhook(slug: str) -> None:
    """Tell a partner's system nothing more. Raises NotNow."""
    from lykta.records.cases import webhooks

    with _noted(slug, "webhook off"):
        webhooks.switch_off(slug=slug, now=now())


def try_webhook(slug: str) -> str:
    """What comes of a call that tells nothing. Raises NotNow."""
    from lykta.config.world import open_caller
    from lykta.records.cases import webhooks
    from lykta.workflow.webhooks import ping

    hook = webhooks.webhook_of(slug)
    if hook is None:
        raise NotNow(f"There is no webhook of {slug}.")
    if environment().letter_key == "wrapped":
        raise NotNow("Only the unlocked worker can call it: the partner sees the next change of status.")
    key = secret("hotline.key")
    with open_caller(environment()) as caller:
        return ping(caller, hook, private_key=key)


def listed() -> list[str]:
    """A line for each partner: short name, name, what its token is good for, since when, and its webhook if any."""
    from lykta.records.cases import webhooks
    from lykta.records.letterbox import partners

    hooks = webhooks.webhooks()
    return [
        f"{one.slug}\t{one.name}\t"
        + (f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else f"{one.scopes} since {one.created_at:%Y-%m-%d}")
        + (f"\twebhook {hooks[one.slug].standing}" if one.slug in hooks else "")
        for one in partners.partners()
    ]


def _webhook(slug: str, address: str, *, off: bool, test: bool) -> list[str]:
    if bool(address) + off + test != 1:
        raise NotUnderstood("Give an address, --test or --off.")
    if address:
        return [f"{slug}: {set_webhook(slug, address)}", ONCE_TOO]
    if test:
        return [f"{slug}: {try_webhook(slug)}"]
    end_webhook(slug)
    return [f"{slug}: its system is told nothing more."]


def _require_callable(address: str) -> None:
    """Raises NotUnderstood. Where it leads to is for the guard to judge, at each call."""
    schemes = {"https"} if environment().mode == "production" else {"https", "http"}
    try:
        parts = urlsplit(address)
        good = parts.scheme in schemes and parts.hostname and not parts.username and not parts.fragment
    except ValueError:
        good = False
    if not good or len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        raise NotUnderstood("A webhook's address begins with https://, and holds no user name and no fragment.")


@contextmanager
def _noted(slug: str, what: str, **facts: str) -> Iterator[None]:
    """The entry is written first: where the deed fails, it goes too, and no deed is without an entry."""
    from django.db import transaction

    from lykta.records.audit import actions as audit
    from lykta.records.audit.words import AuditWord

    with transaction.atomic():
        audit.write(by=BY, word=AuditWord.PARTNER_CHANGED, subject=f"partner:{slug}", facts={"what": what, **facts})
        yield
