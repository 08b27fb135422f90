"""JSON: Project VIC 1.x and 2.0, and what StopNCII's and Project Arachnid's services answer, read as a stream.

Project VIC: https://github.com/VICSDATAMODEL; StopNCII: `hashRecords` of FetchHashes; Arachnid: the results of Shield.
"""

import base64
import binascii
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import ijson

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists.cells import DIGESTS, Entry, Field, Form, Raw, gathered

_HEAD = 4096
_WITHDRAWN = {"Withdrawn", "Deleted"}
_SIGNALS = {"ImagePDQ": Field.PDQ, "VideoMD5": Field.MD5}


def read(file: BinaryIO) -> Iterator[Raw]:
    """All rows. Raises NotUnderstood for another form, and where the JSON breaks off."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(BOM_UTF8):
        file.seek(len(BOM_UTF8))
    _, path, meaning = _form(head)
    yield from gathered(_entries(file, path, meaning))


def form_of(head: bytes) -> Form:
    """Whose JSON begins so. Raises NotUnderstood."""
    return _form(head[:_HEAD])[0]


def _form(head: bytes) -> tuple[Form, str, "Meaning"]:
    if b"#Cases" in head:
        return Form.VICS, "value.item.Media.item", _vics
    if b"#Media" in head or b'"value"' in head:
        return Form.VICS, "value.item", _vics
    if b'"hashRecords"' in head:
        return Form.STOPNCII, "hashRecords.item", _stopncii
    if b"sha256_hex" in head or b"sha1_base32" in head:
        listed = head.lstrip().startswith(b"[")
        return Form.ARACHNID, ("item" if listed else "results.item"), _arachnid
    raise NotUnderstood("This JSON is none of the forms that Lykta knows: Project VIC, StopNCII, Project Arachnid.")


def _entries(file: BinaryIO, path: str, meaning: "Meaning") -> Iterator[Entry]:
    for record in items_at(file, path):
        yield meaning(record) if isinstance(record, dict) else Entry(wrong="This is no record.")


def items_at(file: BinaryIO, path: str) -> Iterator[Any]:
    """What stands at this path of ijson's, one after another. Raises NotUnderstood where the JSON breaks off."""
    found = ijson.items(file, path, use_float=True)
    while True:
        try:
            record = next(found)
        except StopIteration:
            return
        except (ijson.JSONError, ValueError) as error:
            reason = " ".join(str(error).split())[:120]
            raise NotUnderstood(f"The file is broken off, or no JSON: {reason}") from error
        yield record


Meaning = Callable[[Mapping[str, Any]], Entry]


def _vics(record: Mapping[str, Any]) -> Entry:
    """A `Media`. What it says besides its hashes and its category is not trusted for a verdict."""
    texts = _texts(record, {Field.MD5: "MD5", Field.SHA1: "SHA1", Field.SHA256: "SHA256", Field.CATEGORY: "Category"})
    others = record.get("AlternativeHashes")
    for other in others if isinstance(others, list) else []:
        name = _text(other.get("HashName")).lower().replace("-", "") if isinstance(other, dict) else ""
        if name in set(DIGESTS):
            texts.setdefault(Field(name), _text(other.get("HashValue")))
    return Entry(texts)


def _stopncii(record: Mapping[str, Any]) -> Entry:
    field = _SIGNALS.get(_text(record.get("signalType")))
    if field is None:
        return Entry(wrong="It is of a kind that Lykta cannot compare.")
    return Entry({field: _text(record.get("hashValue"))}, gone=_text(record.get("hashStatus")) in _WITHDRAWN)


def _arachnid(record: Mapping[str, Any]) -> Entry:
    texts = _texts(record, {Field.SHA256: "sha256_hex", Field.CATEGORY: "classification"})
    try:
        texts[Field.SHA1] = base64.b32decode(_text(record.get("sha1_base32")), casefold=True).hex()
    except (binascii.Error, ValueError):
        texts[Field.SHA1] = _text(record.get("sha1_base32"))
    return Entry(texts)


def _texts(record: Mapping[str, Any], names: Mapping[Field, str]) -> dict[Field, str]:
    return {field: text for field, name in names.items() if (text := _text(record.get(name)))}


def _text(value: object) -> str:
    """A number or a text as text; all else is nothing."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
