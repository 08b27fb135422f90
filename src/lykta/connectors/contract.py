"""What Lykta asks of the outside world, in its own words.

Each outside system has a folder beside this file: `client.py` speaks its words, `connector.py` ours. Everything
that is handed over is a plain frozen dataclass; a record never crosses this line. A call either answers or raises:

    ConnectorError
    ├── Transient     may work later: time-out, 429, 5xx, connection refused. The step is tried again.
    └── Final         will not work by waiting: no such mailbox, key expired. A person is shown it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAnswer:
    """What the name service says of one host name.

    `chain` holds the names followed through CNAME records, without the first; `addresses` IPv4 and IPv6 in text
    form, sorted; `exists` is False where the name does not exist (NXDOMAIN); `ttl` in seconds.
    """

    name: str
    exists: bool
    chain: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()
    ttl: int | None = None
    resolver: str = ""


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
    """What a registry says of a network, a domain or an AS number (RDAP, RFC 9083)."""

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


class Registry(Protocol):
    """RDAP. None where the registry has no such object (404) or no registry is responsible."""

    def network(self, address: str) -> Registration | None: ...

    def domain(self, name: str) -> Registration | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a local data file puts an address. `country` is ISO 3166-1 alpha-2, "" where the file does not say."""

    country: str
    asn: int | None
    holder: str
    cdn: bool
    source: str
    dated: date


class Geography(Protocol):
    """A local data file of address ranges; asks nobody."""

    def look_up(self, address: str) -> Place | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request on the way: the address asked for, the IP that answered, the HTTP status."""

    address: str
    ip: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a web address found, without a byte of what is there.

    `sha256` is the hexadecimal digest of the body as decoded; `length` its bytes; `media` counts the pictures
    and films that a page names; `reason` says in words why the outcome is not PRESENT.
    """

    outcome: Outcome
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    media_type: str = ""
    title: str = ""
    length: int | None = None
    sha256: str = ""
    media: int = 0
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Looker(Protocol):
    """Looks at a web address from a sandboxed process. Never raises for what the far side does: see `Look`."""

    def look(self, address: str) -> Look: ...


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
