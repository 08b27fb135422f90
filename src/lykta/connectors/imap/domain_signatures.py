"""DKIM (RFC 6376): a domain's mail server has signed. It proves the domain, not the person who wrote.

Only what the signature covers is read, and only for senders of whom the hotline has said that this is enough.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from email.policy import default

import dkim
import dkim.canonicalization
import dkim.util
import dns.exception
import dns.resolver

from lykta.connectors.imap.registrations import NotSigned, Registration
from lykta.lib.domains import organisation
from lykta.lib.resolvers import Resolvers, nameservers

LONGEST_HEAD = 100_000
LONGEST_SIGNATURE = 4_000
"""Bytes. The library takes time with the square of longer headers."""
MOST_LINES = 200_000
MOST_BLANKS = 500_000
MOST_BLANKS_IN_A_ROW = 200
"""… and of blanks in a row, for each of them. Ten megabytes of attachments are 130,000 lines and hold no blanks."""
MOST_SIGNATURES = 3
"""Signatures that are checked of one mail: each asks the sender's name server."""
LEAST_BITS = 1024
"""RFC 8301 3.2: a verifier must not take shorter RSA keys for valid."""
_ALGORITHMS = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}
_SHAPING = (b"content-type", b"content-transfer-encoding")
"""Whoever may change these decides which bytes of the body are words."""
_READ = {b"subject", *_SHAPING}
_SELECTOR = re.compile(rb"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_SILENT = logging.Logger("dkim", level=logging.CRITICAL + 1)  # noqa: LOG001 - one that no configuration reaches
"""The library names domains in what it logs; we name nobody."""

Headers = Sequence[tuple[bytes, bytes]]
Tags = dict[bytes, bytes]


class NoAnswerYet(Exception):
    """Whether a signature holds cannot be found out at the moment. The message is fit for the log."""


class DomainKeys:
    """Asks the hotline's own name servers for the keys of domains."""

    def __init__(self, resolvers: Resolvers, *, timeout: float = 5.0) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = nameservers(resolvers)
        self._resolver.lifetime = timeout

    def record(self, name: bytes, timeout: float = 0) -> bytes | None:
        """The one key record at a name; None where there is none or several. Raises NoAnswerYet."""
        del timeout  # the library's; ours is set
        try:
            found = list(self._resolver.resolve(name.decode(), "TXT", search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except dns.exception.DNSException as error:
            raise NoAnswerYet(f"the sender's name server does not answer: {type(error).__name__}") from None
        text = b"".join(found[0].strings) if len(found) == 1 else b""
        return text if _is_for_mail(text) else None


def _is_for_mail(text: bytes) -> bool:
    """Whether a key record (RFC 6376 3.6.1) is in use, for SHA-256 and for mail."""
    tags = dkim.util.parse_tag_value(text)
    listed = {name: re.split(rb"\s*:\s*", tags[name]) for name in (b"t", b"h", b"s") if name in tags}
    return (
        b"y" not in listed.get(b"t", ())
        and b"sha256" in listed.get(b"h", (b"sha256",))
        and bool({b"*", b"email"} & set(listed.get(b"s", (b"*",))))
    )


def check(
    raw: bytes, known: tuple[Registration, ...], keys: DomainKeys, *, now: datetime
) -> tuple[Registration, bytes]:
    """Whose domain has signed, and what: the headers that are read, and the body, as the signature sees them.

    Raises NotSigned, or NoAnswerYet if a key could not be fetched.
    """
    if not any(one.dkim for one in known):
        raise NotSigned("it is not signed")
    head = raw.partition(b"\r\n\r\n")[0]
    # Another reading of line ends would find other headers than those that were signed.
    if len(head) > LONGEST_HEAD or re.search(rb"\r(?!\n)|(?<!\r)\n", head):
        raise NotSigned("its head is not what a mail program writes")
    if _is_padded(raw):
        raise NotSigned("it is padded with blanks or lines")
    try:
        mail = dkim.DKIM(raw, logger=_SILENT, minkey=LEAST_BITS)
        registration = _claimed(mail.headers, known)
        return registration, _signed_content(mail, registration, keys, now)
    except dkim.DKIMException:
        raise NotSigned("its head is not what a mail program writes") from None


def _is_padded(raw: bytes) -> bool:
    blanks = raw.replace(b"\t", b" ")
    return b" " * MOST_BLANKS_IN_A_ROW in blanks or blanks.count(b" ") > MOST_BLANKS or blanks.count(b"\n") > MOST_LINES


def _claimed(headers: Headers, known: tuple[Registration, ...]) -> Registration:
    """Who the mail says it is from: one From line with one address, which is registered."""
    lines = [value for name, value in headers if name.lower() == b"from"]
    if len(lines) != 1:
        raise NotSigned("it has no From line, or several")
    value = lines[0].replace(b"\r\n", b"").decode("utf-8", "replace").strip()
    addresses = [one.addr_spec.lower() for one in default.header_factory("From", value).addresses]
    for registration in known:
        if registration.dkim and addresses == [registration.address]:
            return registration
    raise NotSigned("it is not signed, and not from an address whose domain may sign")


def _signed_content(mail: dkim.DKIM, registration: Registration, keys: DomainKeys, now: datetime) -> bytes:
    objections: set[str] = set()
    asked = 0
    fields = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    for place, field in enumerate(fields):
        objection = "its domain is another one"
        tags = _tags(field)
        if _is_aligned(tags, registration) and asked < MOST_SIGNATURES:
            objection = _objection(tags, mail.headers, now)
            asked += not objection
        if not objection:
            objection = _outcome(mail, place, tags, keys)
        if not objection:
            return _content(mail, tags)
        objections.add(objection)
    raise NotSigned(f"no DKIM signature counts: {'; '.join(sorted(objections)) or 'there is none'}")


def _tags(field: bytes) -> Tags:
    """The parts of a signature; none of one that is too long or not understood."""
    try:
        tags: Tags = dkim.util.parse_tag_value(field) if len(field) <= LONGEST_SIGNATURE else {}
    except dkim.util.InvalidTagValueList:
        return {}
    return tags


def _is_aligned(tags: Tags, registration: Registration) -> bool:
    """Whether the domain that signs is that of the address, or, if so registered, of the same organisation."""
    signing = tags.get(b"d", b"").decode("ascii", "replace").lower()
    own = registration.address.rpartition("@")[2]
    return signing == own or (registration.organisation and organisation(signing) == organisation(own))


def _objection(tags: Tags, headers: Headers, now: datetime) -> str:
    """Why a signature does not count whatever its key; empty if it may."""
    covered = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    present = [name.lower() for name, _ in headers]
    until = tags.get(b"x")
    if tags.get(b"a") not in _ALGORITHMS:
        return "it is made with an algorithm that does not count"
    if b"l" in tags:
        return "it covers a part of the body only"
    if b"from" not in covered or any(present.count(name) > covered.count(name) for name in _SHAPING):
        return "it does not cover From, Content-Type and Content-Transfer-Encoding"
    if until is not None and (not until.isdigit() or int(until) <= now.timestamp()):
        return "it has expired"
    return "" if _SELECTOR.fullmatch(tags.get(b"s", b"")) else "it names no key"


def _outcome(mail: dkim.DKIM, place: int, tags: Tags, keys: DomainKeys) -> str:
    """Why the signature does not hold; empty if it does. Raises NoAnswerYet."""
    try:
        holds = mail.verify(idx=place, dnsfunc=keys.record) and mail.ktag == _ALGORITHMS[tags[b"a"]]
    except NoAnswerYet:
        raise
    except Exception:  # noqa: BLE001 - whatever the library stumbles over, it is not signed
        holds = False
    return "" if holds else "it does not hold"


def _content(mail: dkim.DKIM, tags: Tags) -> bytes:
    """As canonical as the signature, so that nobody makes another report of it by changing what it does not cover."""
    shape = dkim.canonicalization.CanonicalizationPolicy.from_c_value(tags.get(b"c", b"simple/simple"))
    head = b"".join(name + b":" + value for name, value in mail.signed_headers if name.lower() in _READ)
    return head + b"\r\n" + bytes(shape.canonicalize_body(mail.body))
