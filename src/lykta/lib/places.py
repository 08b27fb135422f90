"""Names of countries in many languages, and well-known places of each, for the suggestions in a form.

Nothing is asked of anybody: names of countries come from the Unicode CLDR inside Babel, places from
`lykta/countries/places.csv` (GeoNames, CC BY 4.0; decision 10 tells how it was made).
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

PLACES = Path(__file__).resolve().parents[1] / "countries" / "places.csv"
NOT_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
"""Codes of two letters in the CLDR that are neither in ISO 3166-1 nor, as Kosovo's XK, used as if they were: parts of
countries, unions, and the codes for tests and for the unknown."""

OTHER_NAMES = {
    "america": "US",
    "burma": "MM",
    "czech republic": "CZ",
    "east timor": "TL",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "ivory coast": "CI",
    "macao": "MO",
    "macau": "MO",
    "myanmar": "MM",
    "northern ireland": "GB",
    "palestina": "PS",
    "palestine": "PS",
    "scotland": "GB",
    "skottland": "GB",
    "swaziland": "SZ",
    "turkey": "TR",
    "uk": "GB",
    "vatican": "VA",
    "vitryssland": "BY",
    "wales": "GB",
}
"""What people also call a country, as `_key` writes it; the CLDR has one name for each in a language."""

AFTER_Z = str.maketrans({"å": "{1", "ä": "{2", "ö": "{3"})
"""Swedish has three letters after z, and `{` comes after z in Unicode."""


@cache
def country_names(language: str) -> dict[str, str]:
    """ISO 3166-1 alpha-2 code → name, in the order of the names in that language.

    `language` is a code as Django writes it (`sv`, `zh-hans`). One that the CLDR does not know is answered in English.
    """
    known = _territories(language)
    names = {code: name for code, name in known.items() if re.fullmatch("[A-Z]{2}", code) and code not in NOT_COUNTRIES}
    return dict(sorted(names.items(), key=lambda one: _order(one[1], language)))


def country_code(typed: str, language: str) -> str | None:
    """The code of a country that somebody wrote: its name in that language, English or Swedish, or the code itself.

    Case, accents, punctuation and spaces do not matter. None where it is no country that we know.
    """
    # As it is written first: without its accents, a name of Vietnamese may be the code of another country.
    return _written(language).get(_plain(typed)) or _codes(language).get(_key(typed))


def places_of(code: str, limit: int = 40) -> tuple[str, ...]:
    """Up to `limit` (at most 40) well-known places of a country, most inhabitants first; none for an unknown code."""
    return _places().get(code.upper(), ())[:limit]


def _territories(language: str) -> dict[str, str]:
    """Codes of countries and regions with their names; English where a language lacks one."""
    english = dict(Locale("en").territories.items())
    try:
        return english | dict(Locale.parse(language, sep="-").territories.items())
    except (UnknownLocaleError, ValueError):
        return english


@cache
def _written(language: str) -> dict[str, str]:
    return {_plain(name): code for code, name in country_names(language).items()}


@cache
def _codes(language: str) -> dict[str, str]:
    """Every way to write a country → its code; the reader's own language wins."""
    codes: dict[str, str] = {}
    for written in ("en", "sv", language):
        codes |= {_key(name): code for code, name in country_names(written).items()}
    return OTHER_NAMES | codes | {code.lower(): code for code in country_names("en")}


@cache
def _places() -> dict[str, tuple[str, ...]]:
    with PLACES.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(line for line in lines if not line.startswith("#"))
        return {code: tuple(places) for code, *places in rows}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _order(name: str, language: str) -> str:
    name = name.casefold()
    return _folded(name.translate(AFTER_Z) if language.startswith("sv") else name)


def _key(name: str) -> str:
    """A name without what people write differently: case, accents, punctuation, `&` or `and` or `och`."""
    words = "".join(
        " " if unicodedata.category(sign)[0] in "PSZC" else sign for sign in _folded(name.casefold())
    ).split()
    return " ".join(word for word in words if word not in {"and", "och", "the"})


def _folded(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
