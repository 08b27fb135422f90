"""What Lykta asks of the outside world, in its own words.

Each outside system has a folder beside this file: `client.py` speaks its words, `connector.py` ours. Everything
that is handed over is a plain frozen dataclass; a record never crosses this line. A call either answers or raises:

    ConnectorError
    ├── Transient     may work later: time-out, 429, 5xx, connection refused. The step is tried again.
    └── Final         will not work by waiting: no such mailbox, key expired. A person is shown it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from lykta.core.vocabulary import Outcome, Source


class ConnectorError(Exception):
    """An outside system did not do what was asked; the message is fit to be shown to staff."""


class Transient(ConnectorError):
    """Trying again later may help. `retry_after` is in seconds where the other side named it.

    `uncertain`: nobody can tell whether the other side has done it, as when a connection breaks after the last byte.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, uncertain: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.uncertain = uncertain


class Final(ConnectorError):
    """Trying again will not help."""


class Dnssec(StrEnum):
    """What a validating name server says of an answer's signatures; we do not check them ourselves (RFC 4035)."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    BOGUS = "bogus"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Who runs the zone that a name lies in (SOA, RFC 1035 3.3.13): its main server, and a mailbox for its faults."""

    name: str
    primary: str
    mailbox: str
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAnswer:
    """What the name service says of one host name, and which server said so (`resolver`, as settings write it).

    `chain` holds the names followed through CNAME records, without the first; `addresses` IPv4 and IPv6 in text
    form, sorted; `exists` is False where the name does not exist (NXDOMAIN). `nameservers`, `mail_servers` (best
    first) and `zone` are those of the registrable domain. `ttl` in seconds; `ttls` by kind of record, A to SOA.
    `absent` names the kinds that are not there, each with the seconds for which the zone lets that be believed
    (RFC 2308), None where it does not say; `unanswered` those of which nobody can tell.

    `dnssec` is the word of `resolver`: as good as that server and the way to it. Of a BOGUS name no address is given.
    """

    name: str
    exists: bool
    chain: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()
    ttl: int | None = None
    resolver: str = ""
    mail_servers: tuple[str, ...] = ()
    zone: Zone | None = None
    ttls: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, int | None] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    dnssec: Dnssec = Dnssec.NOT_KNOWN


class NameService(Protocol):
    """DNS. An NXDOMAIN is an answer; SERVFAIL and time-outs are `Transient`."""

    def resolve(self, name: str) -> NameAnswer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseContact:
    """An e-mail address for complaints, with the way it was found; a lower `rank` is better (1 to 4).

    1 role "abuse" · 2 a mailbox named abuse@ · 3 a remark that speaks of abuse · 4 technical contact.
    """

    email: str
    rank: int
    found_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a registry says of a network, a domain or an AS number (RDAP, RFC 9083), or of a domain by WHOIS.

    `holder` is the registrant. `country` is where it was registered to: of a network or AS number what the registry
    says, of a domain the registrant's, ISO 3166-1 alpha-2, "" where not given. `redacted` names what the registry
    says that it holds back (RFC 9537). `source` is the address of the answer itself, after all redirects.
    """

    subject: str
    handle: str = ""
    name: str = ""
    holder: str = ""
    country: str = ""
    registrar: str = ""
    contacts: tuple[AbuseContact, ...] = ()
    first_address: str = ""
    last_address: str = ""
    source: str = ""
    first_number: int | None = None
    last_number: int | None = None
    redacted: tuple[str, ...] = ()


class Registry(Protocol):
    """Registries. None where the registry has no such object (404) or no registry is responsible."""

    def network(self, address: str) -> Registration | None: ...

    def domain(self, name: str) -> Registration | None: ...

    def autnum(self, number: int) -> Registration | None: ...


class PlaceKind(StrEnum):
    """What a data file tells of an address."""

    RANGES = "ranges"
    COUNTRY = "country"
    ASN = "asn"
    ANYCAST = "anycast"
    CDN = "cdn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one data file puts an address, or who it says announces it; RANGES says all of it.

    `country` is ISO 3166-1 alpha-2, "" where the file does not say; `holder` who holds the AS number `asn`. `cdn`:
    the address passes on what lies elsewhere, for `holder`; `anycast`: it is in many places at once.
    """

    country: str
    asn: int | None
    holder: str
    cdn: bool
    source: str
    dated: date
    anycast: bool = False
    licence: str = ""
    kind: PlaceKind = PlaceKind.RANGES


class Geography(Protocol):
    """Local data files of address ranges; asks nobody. What each of them says, in the order of the files' names."""

    def look_up(self, address: str) -> tuple[Place, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request on the way: the address asked for, the IP that answered, the HTTP status."""

    address: str
    ip: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture of a film: which one, where one a second is taken; its PDQ hash as 64 hexadecimal digits; quality."""

    number: int
    pdq: str
    quality: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture or a film that was fetched and fingerprinted in memory, without a byte of it.

    `media_type` is what its first bytes show, "" where that is nothing known. The digests are of the whole file, ""
    where only a part came. `pdq` holds eight hashes: as it is, turned by 90, 180 and 270 degrees, flipped over x, over
    y and over both diagonals; of an animated picture those of the first of `frame_count` frames. `quality` is 0 to
    100. `frames` are a film's, one a second. `problem` says in words what could not be learnt, and why.
    """

    address: str
    media_type: str = ""
    length: int | None = None
    sha256: str = ""
    sha1: str = ""
    md5: str = ""
    width: int = 0
    height: int = 0
    frame_count: int = 0
    pdq: tuple[str, ...] = ()
    quality: int = 0
    frames: tuple[Frame, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a web address found, without a byte of what is there.

    `sha256` is the hexadecimal digest of the body as decoded; `length` its bytes; `media` counts the pictures
    and films that a page names, `pictures` and `films` each of them; `fingerprints` are those of the first of them,
    or of the body itself where that is a picture or a film. `language` is the code of the page's language, "" where
    it is not known; `reason` says in words why the outcome is not PRESENT.

    `needs_browser`: the page says and shows nothing until its scripts have run. `rendered`: a browser has run them,
    and the rest is of what they built, so there is no digest; `hosts` are those that the page then asked, and
    `calls_refused` counts what the browser wanted to send on its own account.
    """

    outcome: Outcome
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    media_type: str = ""
    title: str = ""
    length: int | None = None
    sha256: str = ""
    media: int = 0
    pictures: int = 0
    films: int = 0
    language: str = ""
    fingerprints: tuple[Medium, ...] = ()
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    needs_browser: bool = False
    rendered: bool = False
    hosts: tuple[str, ...] = ()
    calls_refused: int = 0


class Looker(Protocol):
    """Looks at a web address from a sandboxed process. Never raises for what the far side does: see `Look`."""

    def look(self, address: str) -> Look: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What to show of one picture or film, in reduced form: of at most `side` pixels, a film as nine such stills.

    `page` names the address and may be told to its host. `sha256`: show nothing but the file with this digest, "" for
    whatever is there. `blur` is a radius in pixels, 0 for none.
    """

    address: str
    page: str
    sha256: str
    side: int
    gray: bool
    blur: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A PNG picture on its way, once: so many bytes, in pieces that nobody has kept.

    `medium` are the fingerprints of the file that it was made of, but a film's frames.
    """

    length: int
    pieces: Iterator[bytes]
    medium: Medium


class Viewer(Protocol):
    """Fetches one picture or film from its address, and shows it in reduced form.

    Final says why nothing can be shown, Transient that the look was broken off.
    """

    def show(self, view: View) -> Shown: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail to send. `key` is the recipient's OpenPGP certificate, armored; without one the mail is only signed.

    `message_id` is chosen by the caller and stays the same when a message is tried again (RFC 5322 3.6.4);
    `repeat` marks a message of which an earlier copy may have arrived.
    """

    to: str
    subject: str
    inner_subject: str
    text: str
    message_id: str
    key: str = ""
    repeat: bool = False
    attachments: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The mail server took the message: its last answer, for the record."""

    response: str


class Post(Protocol):
    """Mail out. 4xx and connection faults are `Transient`; 5xx and unusable keys are `Final`."""

    def send(self, message: Message) -> Sent: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something to tell a partner's system, signed as Standard Webhooks says.

    `number` names it and stays the same however often it is tried. `secrets` are keys of 24 to 64 bytes; each makes
    a signature, so that a new one can replace an old one without a gap. `body` is JSON.
    """

    address: str
    number: str
    body: bytes
    secrets: tuple[bytes, ...] = field(repr=False)


class Caller(Protocol):
    """Webhooks out: the status that the other side answers, 100 to 599, but none of those that ask to wait.

    429, 5xx and connection faults are `Transient`: the whole system is away or busy. What the guard refuses, and an
    address that is not https, is `Final`. Redirects are answers and are not followed.
    """

    def call(self, call: Call) -> int: ...


class Stamper(Protocol):
    """Time stamps (RFC 3161): that these bytes existed at the latest when somebody else's clock says.

    The answer is the whole response (DER), checked against what was asked and against the certificate of the
    service. Silence and a busy service are `Transient`; a refusal, and a stamp that does not hold, are `Final`.
    """

    def stamp(self, data: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A mail that came back: the Message-ID that it was sent with, and why. `handle` names it to its connector."""

    message_id: str
    reason: str
    handle: str


class Returns(Protocol):
    """Mail that comes back. What was collected comes again until it is said to be done."""

    def collect(self) -> tuple[Returned, ...]: ...

    def done(self, returned: Returned) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail that a known sender has signed. `handle` names it to its connector.

    `sender` and `source` say whose signature it is, never what the From line claims; `digest` is that of the signed
    content, in hexadecimal, the same however often the mail is sent on. `text` is what was signed, as words;
    `left_out` counts attachments, which are dropped unread.
    """

    sender: str
    source: Source
    digest: str
    message_id: str
    text: str
    left_out: int
    handle: str


class Inbox(Protocol):
    """Mail in. What was collected comes again until it is said to be taken in. Faults are `Transient` or `Final`."""

    def collect(self) -> tuple[Arrived, ...]: ...

    def taken_in(self, arrived: tuple[Arrived, ...]) -> None: ...
