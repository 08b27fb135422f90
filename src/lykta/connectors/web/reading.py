"""Reads a body to a few facts: its digest, and for a page its title and what sort of page it is. Pure.

Runs in the decoder, on hostile bytes: every step has a bound.
"""

import codecs
import hashlib
import re
import unicodedata
import zlib
from html.parser import HTMLParser

from lykta.connectors.web.facts import LONGEST_TITLE, Facts

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
LONGEST_PAGE = 512_000
"""Bytes of a page that are parsed; what is written on it stands in the first of them."""
MOST_MEDIA = 10_000
SHORT_PAGE = 1_500
"""Characters of visible text up to which a page may be nothing but a message."""
FEW_MEDIA = 2
"""Pictures that a page may show, such as a logo, and still be only a message or a log-in."""

GONE_PHRASES = (
    "404",
    "410",
    "not found",
    "no longer available",
    "no longer exists",
    "does not exist",
    "has been removed",
    "has been deleted",
    "was removed",
    "was deleted",
    "removed",
    "deleted",
    "finns inte",
    "hittades inte",
    "har tagits bort",
    "borttagen",
    "borttaget",
    "raderad",
    "nicht gefunden",
    "gelöscht",
    "introuvable",
    "no encontrada",
    "no encontrado",
    "не найдена",
    "не найдено",
    "удален",
)
"""What a server writes on a page that it sends with 200 although there is nothing (a soft 404)."""

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

_GONE = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in GONE_PHRASES) + r")(?!\w)")
_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.IGNORECASE)
_MEDIA_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|bmp|mp4|m4v|webm|mov|avi|mkv|mpe?g|wmv|flv)(?:[?#]|$)", re.IGNORECASE
)
_MEDIA_TAGS = {"img": "src", "video": "src", "source": "src", "embed": "src", "object": "data", "a": "href"}
_MEDIA_META = frozenset({"og:image", "og:video", "twitter:image", "twitter:player:stream"})
_HIDDEN = frozenset({"script", "style", "template", "noscript"})


class HostileError(Exception):
    """The body is not read; the message says why."""


def load_charsets() -> None:
    """Python finds charsets by opening files, which will not be possible later."""
    for name in CHARSETS:
        codecs.lookup(name)


def read_body(body: bytes, *, content_type: str, encoding: str, complete: bool, limit: int) -> Facts:
    """The facts of a body. `limit` bounds the bytes after decompression; half a body has no digest."""
    try:
        decoded, whole = inflate(body, encoding, limit=limit)
    except HostileError as error:
        return Facts(hostile=str(error))
    digest = hashlib.sha256(decoded).hexdigest() if complete and whole else ""
    if content_type.partition(";")[0].strip().lower() not in PAGE_TYPES:
        return Facts(sha256=digest, length=len(decoded))
    page = _Page()
    page.feed(_text(decoded[:LONGEST_PAGE], content_type))
    title, text = clean(page.title), clean(page.text, longest=SHORT_PAGE + 1).lower()
    few = len(page.media) <= FEW_MEDIA
    gone = _GONE.search(title.lower()) or (len(text) <= SHORT_PAGE and _GONE.search(text))
    return Facts(
        sha256=digest,
        length=len(decoded),
        title=title,
        media=len(page.media),
        asks_password=few and page.asks_password,
        says_gone=few and bool(gone),
    )


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


def clean(text: str, *, longest: int = LONGEST_TITLE) -> str:
    """One line without control, bidi and other invisible characters, cut to `longest`."""
    visible = "".join(" " if unicodedata.category(c)[0] == "Z" or c in "\t\n\r" else c for c in text[: 4 * longest])
    return " ".join("".join(c for c in visible if unicodedata.category(c)[0] != "C").split())[:longest]


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
    """Collects the title, the visible text, the media that are named, and whether a password is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.text = ""
        self.media: set[str] = set()
        self.asks_password = False
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title" or tag in _HIDDEN:
            self._inside = tag
        if tag == "input" and given.get("type", "").strip().lower() == "password":
            self.asks_password = True
        if tag == "meta" and (given.get("property") or given.get("name")) in _MEDIA_META:
            self._name(given.get("content", ""))
        source = given.get(_MEDIA_TAGS.get(tag, ""), "")
        if tag in {"img", "video", "source"} or _MEDIA_NAME.search(source[:2000]):
            self._name(source)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data[: 4 * LONGEST_TITLE - len(self.title)]
        elif not self._inside and len(self.text) < 4 * SHORT_PAGE:
            self.text += data + " "

    def _name(self, address: str) -> None:
        if address and not address.startswith("data:") and len(self.media) < MOST_MEDIA:
            self.media.add(address[:500])
