"""Whether something that a partner sent is a report, and the letter that it becomes."""

import re
from datetime import datetime
from typing import Any

from lykta.core.vocabulary import Asked
from lykta.sites.partners.api.description import ITEM
from lykta.sites.partners.api.problems import Mistake

_FIELDS: dict[str, dict[str, Any]] = ITEM["properties"]
_PATTERNS = {name: re.compile(schema["pattern"]) for name, schema in _FIELDS.items()}
MOST_MISTAKES = 10
"""Of one item. Without a bound, a request of many short mistakes would have an answer twenty times as long."""
_ASKED = {"url": Asked.WHERE, "text": Asked.WORDS, "notes": Asked.MORE, "seen_at": Asked.SEEN}


def mistakes_in(item: Any) -> list[Mistake]:
    """What keeps it from being a report, by the schema in the interface's own description; nothing where it is one."""
    if not isinstance(item, dict):
        return [Mistake("#", "A report is an object with at least url or text.")]
    strange = sorted(item.keys() - _FIELDS)[:MOST_MISTAKES]
    unknown = [_at(name, f"There is no such field. There are {', '.join(_FIELDS)}.") for name in strange]
    known = [mistake for name in _FIELDS if name in item for mistake in _mistakes_of(name, item[name])]
    missing = [] if "url" in item or "text" in item else [Mistake("#", "Give url, text or both.")]
    return [*missing, *known, *unknown][:MOST_MISTAKES]


def letter_of(item: dict[str, str], *, partner: str, number: str) -> dict[str, Any]:
    """What the hotline will read; `workflow/partner_letters.py` opens it."""
    return {
        "partner": partner,
        "id": number,
        "reference": item.get("reference", ""),
        "language": item.get("language", "en"),
        "answers": {str(asked): item[name] for name, asked in _ASKED.items() if name in item},
    }


def _mistakes_of(name: str, value: Any) -> list[Mistake]:
    schema = _FIELDS[name]
    if not isinstance(value, str):
        return [_at(name, "This has to be a string.")]
    if len(value) > schema["maxLength"]:
        return [_at(name, f"This is too long: {schema['maxLength']} characters fit.")]
    # `$` alone would let a line end pass that the schema's own does not.
    if not _PATTERNS[name].fullmatch(value) or (name == "seen_at" and not _is_moment(value)):
        return [_at(name, f"This is not as described: {schema['description']} {_hint(schema)}".strip())]
    return []


def _hint(schema: dict[str, Any]) -> str:
    return (
        f"For example {schema['examples'][0]}."
        if "examples" in schema
        else "Not empty, and without control characters."
    )


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _at(name: str, detail: str) -> Mistake:
    """A field by its pointer; names that no one knows may hold any sign (RFC 6901 3, and 6 for fragments)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-._") else "?" for sign in name[:60])
    return Mistake(f"#/{plain}", detail)
