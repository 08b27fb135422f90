"""`lykta recipients load FILE`: whom the hotline tells.

The file holds a `[[recipient]]` table for each: `kind` police or hotline, `country` (ISO 3166-1 alpha-2), `name`,
`email`, and `key`, the path of the OpenPGP certificate beside the file; "" for signed mail in the clear.
"""

import re
import tomllib
from pathlib import Path

from lykta.config.commands.people import BY
from lykta.connectors.contract import Final
from lykta.connectors.mail.openpgp import read_certificate
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import RecipientKind
from lykta.lib.clock import now

_FIELDS = {"kind", "country", "name", "email", "key"}
_KINDS = (RecipientKind.POLICE, RecipientKind.HOTLINE)


def load_recipients(path: Path) -> int:
    """Add or change every recipient of the file. Returns how many were new or different.

    The whole file is read before anything is changed. Raises NotUnderstood, naming the recipient.
    """
    from lykta.records.referrals import actions, queries

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("recipient", [])
    except (OSError, ValueError) as error:
        raise NotUnderstood(f"{path} cannot be read: {error}") from error
    wanted = [_checked(table, path) for table in tables]
    known = {(one.kind, one.country, one.name, one.email, one.key) for one in queries.recipients()}
    changed = [one for one in wanted if tuple(one.values()) not in known]
    for one in changed:
        kind = RecipientKind(one.pop("kind"))
        actions.load_recipient(by=BY, kind=kind, **one, now=now())
    return len(changed)


def _checked(table: dict[str, object], path: Path) -> dict[str, str]:
    """The five fields in order, with the certificate in place of its path."""
    name = table.get("name", "?")
    if set(table) != _FIELDS or not all(isinstance(value, str) for value in table.values()):
        raise NotUnderstood(f"{path}: {name}: give exactly {', '.join(sorted(_FIELDS))}, each as text.")
    one = {field: str(table[field]) for field in ("kind", "country", "name", "email", "key")}
    if one["kind"] not in _KINDS:
        raise NotUnderstood(f"{path}: {name}: kind is one of {', '.join(_KINDS)}.")
    if not re.fullmatch("[A-Z]{2}", one["country"]):
        raise NotUnderstood(f"{path}: {name}: country is two capital letters.")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", one["email"]):
        raise NotUnderstood(f"{path}: {name}: email is not an address.")
    if one["key"]:
        try:
            one["key"] = (path.parent / one["key"]).read_text(encoding="utf-8")
            read_certificate(one["key"], now=now())
        except (OSError, ValueError, Final) as error:
            raise NotUnderstood(f"{path}: {name}: {error}") from error
    return one
