"""NCMEC's hash sharing, version 2: the XML that `/v2/entries` answers, read as a stream.

Source: the client in ThreatExchange (`NCMECHashAPI`). An entry is named by its member and its number; a deletion says
nothing else.
"""

from collections.abc import Iterator
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists.cells import LONGEST, Entry, Field, Raw, gathered

PART = 1 << 16
_HASHES = {"sha256": Field.SHA256, "sha1": Field.SHA1, "md5": Field.MD5, "pdq": Field.PDQ}
_KINDS = {"image": "image", "deletedImage": "image", "video": "video", "deletedVideo": "video"}


def read(file: BinaryIO) -> Iterator[Raw]:
    """All rows. Raises NotUnderstood where it is no XML, or breaks off."""
    yield from gathered(_entries(file))


def _entries(file: BinaryIO) -> Iterator[Entry]:
    reader = _Reader()
    while data := file.read(PART):
        yield from reader.read(data)
    yield from reader.read(b"", ended=True)


class _Reader:
    """The standard library's expat, which refuses a document type at its first sign: before any entity is read."""

    def __init__(self) -> None:
        self._done: list[Entry] = []
        self._path: list[str] = []
        self._said: dict[str, str] = {}
        self._text = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = _refuse_type

    def read(self, data: bytes, *, ended: bool = False) -> list[Entry]:
        """The entries that end in these bytes. Raises NotUnderstood."""
        try:
            self._parser.Parse(data, ended)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # A LookupError for an encoding that nobody knows.
            raise NotUnderstood(f"The file is broken off, or no XML: {error}") from error
        finally:
            done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """The path begins at the entry: feedback has members and kinds of hashes in it, too."""
        name = name.rpartition(":")[2]
        if self._path or name in _KINDS:
            self._path.append(name)
        if self._path[1:] == ["member"]:
            self._said["member number"] = attributes.get("id", "")
        self._text = ""

    def _data(self, text: str) -> None:
        self._text = (self._text + text)[: LONGEST + 1]

    def _end(self, name: str) -> None:
        if not self._path:
            return
        if self._path[1:-1] in ([], ["fingerprints"]):
            self._said[self._path[-1]] = self._text
        if self._path.pop() in _KINDS and not self._path:
            self._done.append(_entry(name.rpartition(":")[2], self._said))
            self._said = {}


def _entry(kind: str, said: dict[str, str]) -> Entry:
    texts = {field: said[name] for name, field in _HASHES.items() if said.get(name)}
    texts[Field.CATEGORY] = said.get("classification", "")
    texts[Field.REFERENCE] = f"{said.get('member number', '')}/{said.get('id', '').strip()}/{_KINDS[kind]}"
    return Entry(texts, gone=kind.startswith("deleted"))


def _refuse_type(*_: object) -> NoReturn:
    raise NotUnderstood("The file has a document type, which nobody needs and which can be an attack.")
