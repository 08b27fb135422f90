"""What leaves the sandbox: facts about a body, and looks, as lines of JSON. Whatever does not fit is refused.

The decoder reads hostile bytes, so its answers are read as if it had been taken over: every field has its type and its
bound.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lykta.connectors.contract import Frame, Hop, Look, Medium
from lykta.core.vocabulary import Outcome

LONGEST_TITLE = 200
LONGEST_LINE = 60_000
"""Bytes of one line between the processes; asyncio reads lines of up to 64 KiB."""
LONGEST_NAMED = 30_000
"""Characters, as written in JSON, of all addresses of pictures and films that leave the decoder for one page."""
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture looks like: `hashes` and `quality` as in `lib.fingerprints`; `problem` says why not, or ""."""

    width: int = 0
    height: int = 0
    frames: int = 0
    hashes: tuple[str, ...] = ()
    quality: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the decoder says of a body; `hostile` is why it was not read, or "".

    `kind` is the media type that its first bytes show, `picture` what it looks like if it is one. Of a page: `named`
    are whole addresses of the pictures and films on it, films first, as many as leave the decoder; `media`, `pictures`
    and `films` count all of them; `likeness` are 64 bits of its words, alike for pages that say nearly the same;
    `scripted` is True for one that says and shows nothing until its scripts have run.
    """

    sha256: str = ""
    sha1: str = ""
    md5: str = ""
    length: int = 0
    kind: str = ""
    picture: Picture | None = None
    title: str = ""
    language: str = ""
    media: int = 0
    pictures: int = 0
    films: int = 0
    named: tuple[str, ...] = ()
    likeness: str = ""
    asks_password: bool = False
    says_gone: bool = False
    scripted: bool = False
    hostile: str = ""


def write_facts(facts: Facts) -> bytes:
    return json.dumps(asdict(facts), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def read_facts(line: bytes) -> Facts:
    """Raises ValueError for anything that is not exactly the facts of one body."""
    given = _object(line)
    if set(given) != set(Facts.__dataclass_fields__):
        raise ValueError("not the facts of a body")
    return Facts(
        sha256=_digits(given["sha256"], 64),
        sha1=_digits(given["sha1"], 40),
        md5=_digits(given["md5"], 32),
        length=_count(given["length"]),
        kind=_text(given["kind"], 40),
        picture=_picture(given["picture"]),
        title=_text(given["title"], LONGEST_TITLE),
        language=_text(given["language"], 3),
        media=_count(given["media"]),
        pictures=_count(given["pictures"]),
        films=_count(given["films"]),
        named=tuple(_text(one, LONGEST_ADDRESS) for one in _list(given["named"], LONGEST_NAMED)),
        likeness=_digits(given["likeness"], 16),
        asks_password=given["asks_password"] is True,
        says_gone=given["says_gone"] is True,
        scripted=given["scripted"] is True,
        hostile=_text(given["hostile"], 200),
    )


def telling(facts: Facts) -> dict[str, Any]:
    """What tells a file from others: its kind, digests, and what it looks like."""
    picture = facts.picture or Picture()
    return {
        "kind": facts.kind,
        "sha256": facts.sha256,
        "sha1": facts.sha1,
        "md5": facts.md5,
        "hashes": list(picture.hashes),
        "quality": picture.quality,
    }


def read_telling(given: Any, *, address: str) -> Medium:
    """The same as the medium at an address. Raises ValueError, KeyError or TypeError for anything else."""
    return Medium(
        address=address,
        media_type=_text(given["kind"], 40),
        sha256=_digits(given["sha256"], 64),
        sha1=_digits(given["sha1"], 40),
        md5=_digits(given["md5"], 32),
        pdq=tuple(_digits(one, 64) for one in _list(given["hashes"], 8)),
        quality=_count(given["quality"]),
    )


def _picture(given: Any) -> Picture | None:
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != set(Picture.__dataclass_fields__):
        raise ValueError("not what a picture looks like")
    return Picture(
        width=_count(given["width"]),
        height=_count(given["height"]),
        frames=_count(given["frames"]),
        hashes=tuple(_digits(one, 64) for one in _list(given["hashes"], 8)),
        quality=_count(given["quality"]),
        problem=_text(given["problem"], 200),
    )


def clean(text: str, *, longest: int = LONGEST_TITLE) -> str:
    """One line without control, bidi and other invisible characters, cut to `longest`."""
    visible = "".join(" " if unicodedata.category(c)[0] == "Z" or c in "\t\n\r" else c for c in text[: 4 * longest])
    return " ".join("".join(c for c in visible if unicodedata.category(c)[0] != "C").split())[:longest]


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
        media = tuple(_medium(one) for one in look.get("fingerprints", ()))
        hosts = tuple(look.get("hosts", ()))
        ours = {**look, "outcome": Outcome(look["outcome"]), "hops": hops, "fingerprints": media, "hosts": hosts}
        return _count(given.get("id")), Look(**ours)
    except (KeyError, TypeError) as error:
        raise ValueError("not a look") from error


def _medium(given: Mapping[str, Any]) -> Medium:
    frames = tuple(Frame(**frame) for frame in given["frames"])
    return Medium(**{**given, "pdq": tuple(given["pdq"]), "frames": frames})


def _object(line: bytes) -> Mapping[str, Any]:
    given = json.loads(line)
    if not isinstance(given, dict):
        raise ValueError("not an object")  # noqa: TRY004
    return given


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("not a short text")
    return value


def _digits(value: Any, length: int) -> str:
    """So many hexadecimal digits, or none."""
    text = _text(value, length)
    if text and (len(text) != length or not set(text) <= set("0123456789abcdef")):
        raise ValueError("not a digest")
    return text


def _list(value: Any, longest: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > longest:
        raise ValueError("not a short list")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value
