"""Content in IPFS: one key for the same content, whichever form of its identifier and whichever gateway is written.

Source: the CID and multibase specifications, and the gateways' rules, of the IPFS project (specs.ipfs.tech).
"""

import base64
from typing import NamedTuple

from lykta.core.locators import web
from lykta.core.locators.model import Locator
from lykta.core.vocabulary import ItemKind

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_DAG_PB, _LIBP2P_KEY = 0x70, 0x72
_SHA2_256 = bytes((0x12, 32))
_LONGEST = 128
"""Characters of an identifier; a 64-byte hash in base 16 has 138, one in the base 32 that is usual has 110."""


class Content(NamedTuple):
    """Version 1 of an identifier, taken apart: what the bytes are, and their multihash."""

    codec: int
    multihash: bytes

    def name(self) -> str:
        """The identifier as gateways write it: base 32, in lower case."""
        raw = b"\x01" + _varint(self.codec) + self.multihash
        return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def read_content(text: str, *, codec: int = _DAG_PB) -> Content | None:
    """An identifier of version 0 or 1 in any usual base, None for what is none. `codec`: what version 0 stands for."""
    if not 40 <= len(text) <= _LONGEST:
        return None
    if text.startswith("Qm") and len(text) == 46:
        raw = _number(text, _BASE58)
        return Content(codec, raw) if len(raw) == 34 and raw.startswith(_SHA2_256) else None
    raw = _decoded(text[0], text[1:])
    if not raw.startswith(b"\x01"):
        return None
    codec, at = _read_varint(raw, 1)
    _, length_at = _read_varint(raw, at)
    length, digest_at = _read_varint(raw, length_at)
    return Content(codec, raw[at:]) if 20 <= length == len(raw) - digest_at else None


def locate(space: str, name: str, tail: str, written: str, gateway: Locator | None = None) -> Locator | None:
    """Content under `ipfs`, or a name under `ipns`; None where the name is not one.

    Behind a gateway, address and host stay the gateway's, which can be looked at and told; the key is the content's.
    """
    plain, path = plain_name(space, name), _path(tail)
    if not plain or path is None:
        return None
    place = path if path != "/" else ""
    address = gateway.address if gateway else f"{space}://{plain}{place}"
    key = f"{space}/{plain}{web.plain_escapes(place).rstrip('/')}"
    return Locator(ItemKind.IPFS, written, address, key, gateway.host if gateway else space)


def behind(page: Locator) -> Locator | None:
    """The content that a web address shows, or None: `gateway/ipfs/NAME/…` and `NAME.ipfs.gateway/…`, on any host."""
    if "/ipfs/" not in page.key and "/ipns/" not in page.key and ".ip" not in page.host:
        return None
    path = page.key.partition("/")[2].partition("?")[0]
    space, _, rest = path.partition("/")
    if space in {"ipfs", "ipns"}:
        name, slash, tail = rest.partition("/")
        return locate(space, name, slash + tail, page.written, page)
    name, _, gateway = page.host.partition(".")
    space = gateway.partition(".")[0]
    return locate(space, name, f"/{path}", page.written, page) if space in {"ipfs", "ipns"} else None


def plain_name(space: str, name: str) -> str:
    """The one form of a name under `ipfs` or `ipns`, "" for what is no name there."""
    if space == "ipfs":
        content = read_content(name)
        return content.name() if content else ""
    content = read_content(name, codec=_LIBP2P_KEY)
    if content:
        return content.name()
    host = name if "." in name else name.replace("--", "\0").replace("-", ".").replace("\0", "-")
    return web.ascii_host(host) if web.is_top(host.lower().rpartition(".")[2]) else ""


def _path(tail: str) -> str | None:
    """The path of a tail as a browser reads it; without its query it may end in punctuation, which goes too."""
    whole = web.parse(f"http://path.test{tail or '/'}")
    alone = web.parse(f"http://path.test{whole.pathname}") if whole else None
    return alone.pathname if alone else None


def _decoded(base: str, digits: str) -> bytes:
    """The bytes behind a multibase prefix, empty where there are none."""
    try:
        if base in "bB":
            return base64.b32decode(digits.upper() + "=" * (-len(digits) % 8))
        if base in "fF":
            return bytes.fromhex(digits)
    except ValueError:
        return b""
    if base in "kK":
        return _number(digits.lower(), _BASE36)
    return _number(digits, _BASE58) if base == "z" else b""


def _number(digits: str, alphabet: str) -> bytes:
    value = 0
    for digit in digits:
        place = alphabet.find(digit)
        if place < 0:
            return b""
        value = value * len(alphabet) + place
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and the place behind it."""
    value = 0
    for shift in range(0, 63, 7):
        byte = raw[at] if at < len(raw) else 0
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, at


def _varint(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))
