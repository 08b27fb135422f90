"""Country files: what the hotline knows about a country, from `lykta/countries/<name>.toml`.

Every table with a `number` is a contact with `source`, `checked` (a date) and `verified`. Other tables belong to
other readers and are left alone here.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lykta.core.refusals import NotUnderstood

FOLDER = Path(__file__).resolve().parents[1] / "countries"


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number, where it was read and when, and whether it was really found there."""

    number: str
    source: str
    checked: date
    verified: bool

    @property
    def dial(self) -> str:
        """The number as a telephone link wants it (RFC 3966): digits and a leading plus."""
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True)
class Country:
    """One country file; `contacts` by the name of their table."""

    code: str
    contacts: dict[str, Contact]

    def verified(self, contact: str) -> Contact | None:
        """A contact that may be shown to the public as a fact, or None."""
        found = self.contacts.get(contact)
        return found if found is not None and found.verified else None


@cache
def country(name: str, folder: Path = FOLDER) -> Country:
    """The country file of that name. Raises NotUnderstood where there is none."""
    try:
        tables = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotUnderstood(f"There is no country file named {name}.toml in {folder}.") from error
    contacts = {
        table: Contact(str(body["number"]), body["source"], body["checked"], body["verified"] is True)
        for table, body in tables.items()
        if isinstance(body, dict) and "number" in body
    }
    return Country(tables["country"]["code"], contacts)
