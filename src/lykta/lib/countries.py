"""Country files: what the hotline knows about a country, from `lykta/countries/<name>.toml`.

Every table with a `number` is a contact with `source`, `checked` (a date) and `verified`. Other tables belong to
other readers and are left alone here. `emergency.toml` has such a table for each country of which no more is known
than what to dial in danger.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lykta.core.refusals import NotUnderstood

FOLDER = Path(__file__).resolve().parents[1] / "countries"


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number, where it was read and when, and whether it was really found there.

    `name` is what its people call themselves, `police` a second number that reaches the police (the tourist police
    in some countries), `always_open` whether somebody answers around the clock; empty or False where not known.
    """

    number: str
    source: str
    checked: date
    verified: bool
    name: str = ""
    police: str = ""
    always_open: bool = False

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
        return _if_verified(self.contacts.get(contact))


def choice(folder: Path = FOLDER) -> str:
    """What somebody does whose country has no file in this folder."""
    named = ", ".join(sorted(path.stem for path in folder.glob("??.toml")))
    return f"Set country to one of: {named}; or write one, see “A country file” in CONTRIBUTING.md."


@cache
def country(name: str, folder: Path = FOLDER) -> Country:
    """The country file of that name. Raises NotUnderstood where there is none."""
    try:
        tables = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotUnderstood(f"There is no country file {folder / name}.toml. {choice(folder)}") from error
    return Country(tables["country"]["code"], _contacts(tables))


@cache
def emergency_numbers(folder: Path = FOLDER) -> dict[str, Contact]:
    """Every row of `emergency.toml` by country code (ISO 3166-1 alpha-2), those that nobody verified included."""
    return _contacts(tomllib.loads((folder / "emergency.toml").read_text(encoding="utf-8")))


def emergency_of(code: str, folder: Path = FOLDER) -> Contact | None:
    """What to dial in danger in the country of that code (ISO 3166-1 alpha-2, any case).

    From `emergency.toml`, else from the `[emergency]` of the country's own file. None where nobody has verified a
    number: the page then tells people to call the number that they know.
    """
    found = _if_verified(emergency_numbers(folder).get(code.upper()))
    own = folder / f"{code.lower()}.toml"
    if found is None and len(code) == 2 and own.exists():
        return country(code.lower(), folder).verified("emergency")
    return found


def _contacts(tables: dict[str, Any]) -> dict[str, Contact]:
    return {
        table: Contact(
            number=str(body["number"]),
            source=body["source"],
            checked=body["checked"],
            verified=body["verified"] is True,
            name=body.get("name", ""),
            police=str(body.get("police", "")),
            always_open=body.get("always_open") is True,
        )
        for table, body in tables.items()
        if isinstance(body, dict) and "number" in body
    }


def _if_verified(contact: Contact | None) -> Contact | None:
    return contact if contact is not None and contact.verified else None
