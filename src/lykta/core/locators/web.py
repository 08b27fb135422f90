"""Web addresses and onion services: what a browser would open, its canonical key, and a form that is safe to print."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import can_ada
from publicsuffixlist import PSLFILE

from lykta.core.locators.model import Locator
from lykta.core.vocabulary import ItemKind

LONGEST_ADDRESS = 8000
"""Characters; RFC 9110 section 4.1 asks everybody to support at least this many."""

_LONGEST_LOG_IN = 190
_TRACKING = re.compile(
    r"utm_\w{1,40}|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_ga|_gl"
)
_HOST = re.compile(r"[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63}){1,126}")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTENT = frozenset({"ipfs", "ipns"})
_RESERVED_NAMES = frozenset({"test", "example", "onion"})
_PUNCTUATION = ".,:;!?'’*`|…，：；！？"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【"}
_MAY_FOLLOW = frozenset(_PUNCTUATION) | _BRACKETS.keys()


def parse(address: str) -> can_ada.URL | None:
    """The address as a browser reads it, or None. What follows an address in a sentence is not part of it."""
    if len(address) > LONGEST_ADDRESS:
        return None
    try:
        url = can_ada.parse(address)
    except ValueError:
        return None
    if url.href[-1] not in _MAY_FOLLOW:
        return url
    # Resolving `..` can bring a bracket to the end, so what was trimmed once is trimmed again.
    tail = url.pathname + url.search + url.hash
    surplus = len(tail) - len(without_punctuation(tail))
    return parse(url.href[:-surplus]) if surplus else url


def locate(address: str, written: str) -> Locator | None:
    """The locator of an address with a scheme. None for what nobody can open from outside."""
    url = parse(address)
    if url is None:
        return None
    href, host = url.href, url.hostname.rstrip(".")
    if len(href) > LONGEST_ADDRESS or not _is_host(host):
        return None
    if "@" in href and len(url.username) + len(url.password) > _LONGEST_LOG_IN:
        return None
    kind = ItemKind.WEB
    if host.endswith(".onion"):
        if not is_onion(host):
            return None
        kind = ItemKind.ONION
    return Locator(kind, written, href, key_of(url, host), host)


def ascii_host(name: str) -> str:
    """The host that a browser would ask for, "" where it would refuse."""
    url = parse(f"http://{name}")
    return url.hostname if url and _is_host(url.hostname) else ""


def key_of(url: can_ada.URL, host: str) -> str:
    """`host[:port]/path[?query][#!fragment]`. http and https are the same place; ftp is not."""
    href = url.href
    scheme = "ftp://" if href.startswith("ftp:") else ""
    rest = href.partition("://")[2]
    if "?" not in rest and "#" not in rest and "@" not in rest and rest.startswith((f"{host}/", f"{host}:")):
        return scheme + plain_escapes(rest)
    port = f":{url.port}" if url.port else ""
    query = "&".join(part for part in url.search[1:].split("&") if not _is_tracking(part))
    fragment = url.hash if url.hash.startswith("#!") else ""
    rest = url.pathname + ("?" + query if query else "") + fragment
    return scheme + host + port + plain_escapes(rest)


def plain_escapes(rest: str) -> str:
    """A path or query in which only what needs an escape has one, in upper case."""
    return _ESCAPE.sub(_plain_escape, rest) if "%" in rest else rest


def is_top(last: str) -> bool:
    """Whether names on the internet end so, in lower case and ASCII; `test`, `example` and `onion` count."""
    return last in _tops()


def is_onion(host: str) -> bool:
    """Whether a host is an onion service of version 3 (Tor rend-spec-v3 section 6: key, checksum, version)."""
    name = host.removesuffix(".onion").rpartition(".")[2]
    try:
        raw = base64.b32decode(name.upper())
    except ValueError:
        return False
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    wanted = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return version == b"\x03" and checksum == wanted


def defang(address: str) -> str:
    """A form that no mail program or browser makes a link of, and that `find` reads back."""
    scheme, separator, rest = address.partition("://")
    if separator:
        scheme = f"{scheme}[:]//" if scheme in _CONTENT else scheme.replace("t", "x") + separator
        return scheme + rest.replace(".", "[.]")
    if address.startswith("magnet:"):
        return address.replace(":", "[:]", 1)
    name, at, host = address.rpartition("@")
    return f"{name}[@]{host.replace('.', '[.]')}" if at else address


def without_punctuation(tail: str) -> str:
    """The tail of an address without the punctuation, quotes and unopened brackets that follow it in a sentence."""
    tail = tail.rstrip(_PUNCTUATION)
    if not tail or tail[-1] not in _BRACKETS:
        return tail
    surplus = {closing: tail.count(closing) - tail.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(tail)
    while end:
        last = tail[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return tail[:end]


def _is_host(host: str) -> bool:
    """Whether a host is an IPv6 address or of two labels or more that a name server can hold (RFC 1035 2.3.4)."""
    return host.startswith("[") or (len(host) <= 253 and _HOST.fullmatch(host) is not None)


def _is_tracking(parameter: str) -> bool:
    return _TRACKING.fullmatch(parameter.partition("=")[0].lower()) is not None


def _plain_escape(match: re.Match[str]) -> str:
    character = chr(int(match[0][1:], 16))
    return character if character in _UNRESERVED else match[0].upper()


@cache
def _tops() -> frozenset[str]:
    """How names on the internet end, in ASCII: the last label of every rule of the list inside `publicsuffixlist`."""
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    found = {line.rpartition(".")[2] for line in lines if line and not line.startswith("//")}
    plain = {label if label.isascii() else ascii_host(f"name.{label}").rpartition(".")[2] for label in found}
    return frozenset(plain | _RESERVED_NAMES)
