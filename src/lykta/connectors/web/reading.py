"""Reads a body to a few facts: its digests, what a picture looks like, and of a page what it says and names. Pure.

Runs in the decoder, on hostile bytes: every step has a bound.
"""

import codecs
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urljoin

import numpy as np

from lykta.connectors.web.facts import LONGEST_ADDRESS, LONGEST_NAMED, LONGEST_TITLE, Facts, Picture, clean
from lykta.connectors.web.kinds import HEAD, PICTURES, sniff
from lykta.connectors.web.phrases import asks_login, language_of, says_gone
from lykta.connectors.web.pictures import read_picture, samples

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
LONGEST_PAGE = 512_000
"""Bytes of a page that are parsed; what is written on it stands in the first of them."""
MOST_MEDIA = 10_000
SHORT_PAGE = 1_500
"""Characters of visible text up to which a page may be nothing but a message."""
EMPTY_PAGE = 40
"""Characters up to which the text of a page with scripts is no more than “Loading”."""
FEW_MEDIA = 2
"""Pictures that a page may show, such as a logo, and still be only a message or a log-in."""

CHARSETS = (
    "utf-8",
    "utf-16",
    "ascii",
    "latin-1",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "iso8859-2",
    "iso8859-5",
    "iso8859-9",
    "iso8859-15",
    "koi8-r",
    "koi8-u",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "gbk",
    "big5",
    "euc_kr",
    "cp874",
)
"""Loaded before the decoder gives up opening files; any other charset is read as UTF-8."""

_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)(?:[?#]|$)", re.IGNORECASE)
_FILM_NAME = re.compile(r"\.(?:mp4|m4v|webm|mov|avi|mkv|mpe?g|wmv|flv)(?:[?#]|$)", re.IGNORECASE)
_LINKING = {"embed": "src", "object": "data", "a": "href"}
"""Tags that name a picture or a film only if the name ends like one."""
_PICTURE_META = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image"})
_FILM_META = frozenset({"og:video", "og:video:url", "og:video:secure_url", "twitter:player:stream"})
_HIDDEN = frozenset({"script", "style", "template", "noscript"})


class HostileError(Exception):
    """The body is not read; the message says why."""


def rehearse() -> None:
    """Read a page and a picture of every format: what packages load at first use could not be opened later."""
    for name in CHARSETS:
        codecs.lookup(name)
    for body in (b"<title>A page</title><img src=a.png>&amp; the words", *samples()):
        read_body(body, content_type="text/html", encoding="", complete=True, limit=len(body), address="http://a.test/")


def read_body(
    body: bytes,
    *,
    content_type: str,
    encoding: str,
    complete: bool,
    limit: int,
    address: str = "",
    opaque: bool = False,
) -> Facts:
    """The facts of a body. `limit` bounds the bytes after decompression; half a body has no digest.

    `address` is where it came from, to which the addresses that a page names are relative. `opaque`: nothing but the
    digests, for a body that a decoder has already died of.
    """
    try:
        decoded, whole = inflate(body, encoding, limit=limit)
    except HostileError as error:
        return Facts(hostile=str(error))
    facts = Facts(length=len(decoded), kind=sniff(decoded[:HEAD]))
    if complete and whole:
        facts = _with_digests(facts, decoded)
    if opaque:
        return facts
    if facts.kind in PICTURES:
        # Half a picture has a hash, but not that of the picture.
        part = Picture(problem="only a part of it came")
        facts = replace(facts, picture=read_picture(decoded, PICTURES[facts.kind]) if facts.sha256 else part)
    if content_type.partition(";")[0].strip().lower() not in PAGE_TYPES:
        return facts
    return _read_page(facts, _text(decoded[:LONGEST_PAGE], content_type), address)


def _with_digests(facts: Facts, decoded: bytes) -> Facts:
    """SHA-256 for us; SHA-1 and MD5 since lists of known material are kept by them."""
    return replace(
        facts,
        sha256=hashlib.sha256(decoded).hexdigest(),
        sha1=hashlib.sha1(decoded, usedforsecurity=False).hexdigest(),
        md5=hashlib.md5(decoded, usedforsecurity=False).hexdigest(),
    )


def _read_page(facts: Facts, markup: str, address: str) -> Facts:
    page = _Page()
    page.feed(markup)
    title, said = clean(page.title), clean(page.text, longest=4 * SHORT_PAGE)
    text = said[: SHORT_PAGE + 1].lower()
    short, few = len(text) <= SHORT_PAGE, len(page.pictures) + len(page.films) <= FEW_MEDIA
    return replace(
        facts,
        title=title,
        language=language_of(page.language, said),
        media=len(page.pictures) + len(page.films),
        pictures=len(page.pictures),
        films=len(page.films),
        named=tuple(_named([*page.films, *page.pictures], urljoin(address, page.base))),
        likeness=likeness(said),
        asks_password=few and (page.asks_password or (short and asks_login(text))),
        says_gone=few and (says_gone(title.lower()) or (short and says_gone(text))),
        scripted=page.has_script and len(said) <= EMPTY_PAGE and not page.pictures and not page.films,
    )


def _named(media: Iterable[str], base: str) -> Iterator[str]:
    """Whole web addresses, each once, as many as fit."""
    room = LONGEST_NAMED
    seen: set[str] = set()
    for one in media:
        try:
            address = urljoin(base, one).partition("#")[0]
        except ValueError:
            continue
        if len(address) > LONGEST_ADDRESS or not address.startswith(("http://", "https://")) or address in seen:
            continue
        seen.add(address)
        room -= len(json.dumps(address, ensure_ascii=False).encode("utf-8", "replace"))
        if room < 0:
            return
        yield address


def likeness(text: str) -> str:
    """64 bits of a text's words (simhash), as hexadecimal digits: few of them differ where little of the text does."""
    words = [hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest() for word in text.lower().split()]
    if not words:
        return ""
    bits = np.unpackbits(np.frombuffer(b"".join(words), np.uint8).reshape(-1, 8), axis=1)
    return np.packbits(bits.sum(axis=0) * 2 > len(words)).tobytes().hex()


def inflate(body: bytes, encoding: str, *, limit: int) -> tuple[bytes, bool]:
    """The body without its Content-Encoding, and whether it came to its end. Raises HostileError."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body, True
    if encoding in {"gzip", "x-gzip"}:
        window = 31
    elif encoding == "deflate":
        # RFC 9110 8.4.1.2 means zlib's wrapping; some servers send the bare stream.
        window = 15 if body[:1] == b"\x78" else -15
    else:
        raise HostileError("sent in an encoding that was not asked for")
    stream = zlib.decompressobj(window)
    try:
        decoded = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise HostileError("cannot be decompressed") from error
    if len(decoded) > limit:
        raise HostileError(f"decompresses to more than {limit} bytes")
    return decoded, stream.eof


def _text(body: bytes, content_type: str) -> str:
    named = _CHARSET.search(content_type.encode("ascii", "ignore")) or _CHARSET.search(body[:1024])
    name = named[1].decode().lower() if named else "utf-8"
    aliases = {codecs.lookup(known).name for known in CHARSETS}
    try:
        name = codecs.lookup(name).name
    except LookupError:
        name = "utf-8"
    return body.decode(name if name in aliases else "utf-8", "replace")


class _Page(HTMLParser):
    """Collects the title, the visible text, the pictures and films that are named, and whether a password is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.text = ""
        self.language = ""
        self.base = ""
        self.pictures: dict[str, None] = {}
        self.films: dict[str, None] = {}
        self.asks_password = False
        self.has_script = False
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title" or tag in _HIDDEN:
            self._inside = tag
        if tag == "input" and given.get("type", "").strip().lower() == "password":
            self.asks_password = True
        if tag == "script":
            self.has_script = True
        if tag == "html":
            self.language = given.get("lang", "") or given.get("xml:lang", "")
        if tag == "base" and not self.base:
            self.base = given.get("href", "")[:LONGEST_ADDRESS]
        self._collect(tag, given)

    def _collect(self, tag: str, given: dict[str, str]) -> None:
        source = given.get("src", "")
        if tag == "meta":
            name = given.get("property") or given.get("name") or ""
            if name in _PICTURE_META:
                self._name(self.pictures, given.get("content", ""))
            elif name in _FILM_META:
                self._name(self.films, given.get("content", ""))
        elif tag == "img":
            # Pages that load pictures late keep the address in `data-src`, and a placeholder or nothing in `src`.
            self._name(self.pictures, given.get("data-src") or source or given.get("srcset", "").partition(" ")[0])
        elif tag in {"video", "source"}:
            self._name(self.films, source)
            self._name(self.pictures, given.get("poster", ""))
        elif tag in _LINKING:
            link = given.get(_LINKING[tag], "")
            if _PICTURE_NAME.search(link[:LONGEST_ADDRESS]):
                self._name(self.pictures, link)
            elif _FILM_NAME.search(link[:LONGEST_ADDRESS]):
                self._name(self.films, link)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data[: 4 * LONGEST_TITLE - len(self.title)]
        elif not self._inside and len(self.text) < 4 * SHORT_PAGE:
            self.text += data + " "

    def _name(self, media: dict[str, None], address: str) -> None:
        plain = address.strip()[:LONGEST_ADDRESS]
        if plain and not plain.startswith("data:") and len(media) < MOST_MEDIA:
            media[plain] = None
