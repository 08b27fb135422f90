"""What leaves the sandbox: facts about a body, and looks, as lines of JSON. Whatever does not fit is refused.

The decoder reads hostile bytes, so its answers are read as if it had been taken over: every field has its type and its
bound.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lykta.connectors.contract import Hop, Look
from lykta.core.vocabulary import Outcome

LONGEST_TITLE = 200
LONGEST_LINE = 60_000
"""Bytes of one line between the processes; asyncio reads lines of up to 64 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the decoder says of a body; `hostile` is why it was not read, or ""."""

    sha256: str = ""
    length: int = 0
    title: str = ""
    media: int = 0
    asks_password: bool = False
    says_gone: bool = False
    hostile: str = ""


def write_facts(facts: Facts) -> bytes:
    return json.dumps(asdict(facts)).encode() + b"\n"


def read_facts(line: bytes) -> Facts:
    """Raises ValueError for anything that is not exactly the facts of one body."""
    given = _object(line)
    if set(given) != set(Facts.__dataclass_fields__):
        raise ValueError("not the facts of a body")
    return Facts(
        sha256=_text(given["sha256"], 64),
        length=_count(given["length"]),
        title=_text(given["title"], LONGEST_TITLE),
        media=_count(given["media"]),
        asks_password=given["asks_password"] is True,
        says_gone=given["says_gone"] is True,
        hostile=_text(given["hostile"], 200),
    )


def write_look(number: int, look: Look) -> bytes:
    return json.dumps({"id": number, "look": asdict(look)}).encode() + b"\n"


def read_look(line: bytes) -> tuple[int, Look]:
    """The number of a question and its answer. Raises ValueError."""
    given = _object(line)
    look = given.get("look")
    if not isinstance(look, dict):
        raise ValueError("no look")  # noqa: TRY004 — one kind of error for all that does not fit
    try:
        hops = tuple(Hop(**hop) for hop in look["hops"])
        return _count(given.get("id")), Look(**{**look, "outcome": Outcome(look["outcome"]), "hops": hops})
    except (KeyError, TypeError) as error:
        raise ValueError("not a look") from error


def _object(line: bytes) -> Mapping[str, Any]:
    given = json.loads(line)
    if not isinstance(given, dict):
        raise ValueError("not an object")  # noqa: TRY004
    return given


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("not a short text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value
