"""The map of the practice world: who runs which network, and which names lead where.

Nothing here exists. Names are reserved ones (RFC 2606 and 6761), addresses loopback or documentation ranges
(RFC 3849), AS numbers are from the range kept for documentation (RFC 5398).
"""

from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address, ip_network


class Contact(Enum):
    """How a network's RDAP entry tells where to complain."""

    ABUSE_ROLE = auto()
    NESTED_ROLE = auto()
    SEVERAL_EMAILS = auto()
    REMARK = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A provider with its addresses (CIDR), its country (ISO 3166-1 alpha-2) and its abuse mailbox, "" for none."""

    name: str
    domain: str
    country: str
    block: str
    asn: int
    contact: Contact
    abuse: str = ""
    cdn: bool = False

    @property
    def first(self) -> str:
        return str(ip_network(self.block)[0])

    @property
    def last(self) -> str:
        return str(ip_network(self.block)[-1])

    def holds(self, address: str) -> bool:
        return ip_address(address) in ip_network(self.block)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Where a second table puts a part of a network; `anycast`: it is in many places at once."""

    first: str
    last: str
    country: str
    anycast: bool = False


class Quirk(Enum):
    """What is wrong with a name."""

    NONE = auto()
    SERVFAIL = auto()
    SILENT = auto()
    SLOW = auto()
    ALTERNATES = auto()
    BOGUS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A host name. `alias` is its CNAME; `origin` the address of a host that hides behind a CDN, in no DNS answer.

    `moves_to` is the address that it gets when somebody moves it. Answers about a `signed` name pass for checked.
    """

    addresses: tuple[str, ...] = ()
    version_six: tuple[str, ...] = ()
    alias: str = ""
    origin: str = ""
    moves_to: str = ""
    signed: bool = False
    quirk: Quirk = Quirk.NONE


NETWORKS = (
    Network(
        name="Nordhost AB",
        domain="nordhost.test",
        country="SE",
        block="127.10.0.0/24",
        asn=64500,
        contact=Contact.NESTED_ROLE,
        abuse="abuse@nordhost.test",
    ),
    Network(
        name="Fjärdnät",
        domain="fjardnat.test",
        country="SE",
        block="127.11.0.0/24",
        asn=64501,
        contact=Contact.SEVERAL_EMAILS,
        abuse="abuse@fjardnat.test",
    ),
    Network(
        name="Polderhost BV",
        domain="polderhost.test",
        country="NL",
        block="127.20.0.0/24",
        asn=64502,
        contact=Contact.REMARK,
        abuse="abuse@polderhost.test",
    ),
    Network(
        name="Lotus Hosting",
        domain="lotus.test",
        country="TH",
        block="127.21.0.0/24",
        asn=64503,
        contact=Contact.NONE,
    ),
    Network(
        name="Prairie Servers",
        domain="prairie.test",
        country="US",
        block="127.22.0.0/24",
        asn=64504,
        contact=Contact.ABUSE_ROLE,
        abuse="abuse@prairie.test",
    ),
    Network(
        name="Veil CDN",
        domain="veil-cdn.test",
        country="US",
        block="127.30.0.0/24",
        asn=64505,
        contact=Contact.ABUSE_ROLE,
        abuse="abuse@veil-cdn.test",
        cdn=True,
    ),
)

SECOND_OPINION = (  # in rising order
    Opinion(first="127.11.0.192", last="127.11.0.207", country="NO"),
    Opinion(first="127.11.0.208", last="127.11.0.223", country="SE", anycast=True),
)

NAMES: dict[str, Name] = {
    # Sweden
    "pictures.example": Name(addresses=("127.10.0.5",), signed=True),
    "www.pictures.example": Name(alias="pictures.example"),
    "old.pictures.example": Name(alias="www.pictures.example"),
    "redirects.example": Name(addresses=("127.10.0.6",)),
    "moving.example": Name(addresses=("127.10.0.8",), moves_to="127.21.0.8"),
    "mirrors.example": Name(addresses=("127.11.0.6", "127.11.0.7")),
    "club.example": Name(addresses=("127.11.0.5",)),
    "six.example": Name(addresses=("127.11.0.8",), version_six=("2001:db8::8",)),
    "border.example": Name(addresses=("127.11.0.200",)),
    "everywhere.example": Name(addresses=("127.11.0.210",)),
    # the Netherlands, Thailand, the United States
    "answers.example": Name(addresses=("127.20.0.5",)),
    "board.example": Name(addresses=("127.21.0.5",)),
    "odd.example": Name(addresses=("127.22.0.5",)),
    "down.example": Name(addresses=("127.22.0.99",)),
    "crowd.example": Name(addresses=tuple(f"127.22.0.{number}" for number in range(120, 180))),
    # behind the CDN
    "album.example": Name(alias="album.example.veil-cdn.test"),
    "album.example.veil-cdn.test": Name(addresses=("127.30.0.7",), origin="127.20.0.7"),
    # what a guard must refuse
    "loopback.example": Name(addresses=("127.0.0.1",)),
    "metadata.example": Name(addresses=("169.254.169.254",)),
    "bait.test": Name(addresses=("127.10.0.9", "127.0.0.1"), quirk=Quirk.ALTERNATES),
    # what a resolver must bear
    "broken.example": Name(quirk=Quirk.SERVFAIL),
    "silent.example": Name(quirk=Quirk.SILENT),
    "forged.example": Name(addresses=("127.22.0.7",), quirk=Quirk.BOGUS),
    "slow.example": Name(addresses=("127.22.0.6",), quirk=Quirk.SLOW),
    "loop.example": Name(alias="loop-back.example"),
    "loop-back.example": Name(alias="loop.example"),
} | {f"ns1.{network.domain}": Name(addresses=(str(ip_network(network.block)[2]),)) for network in NETWORKS}

DOMAINS = frozenset(".".join(name.split(".")[-2:]) for name in NAMES) | {
    "polis.test",
    "polder-hotline.test",
    "lotus-hotline.test",
    "names.test",
}

UNKNOWN = "nowhere.example"
"""A name that does not exist, for examples."""

SLOW_SECONDS = 5.0
"""How long slow servers take: longer than a patient test, shorter than a patient person."""


def network_of(address: str) -> Network | None:
    """The network that an IP address belongs to."""
    return next((network for network in NETWORKS if network.holds(address)), None)


def follow(name: str) -> tuple[str, Name] | None:
    """The name at the end of the CNAME chain, with its own data; None where there is none or the chain is a loop."""
    for _ in range(len(NAMES)):
        here = NAMES.get(name)
        if here is None or not here.alias:
            return (name, here) if here else None
        name = here.alias
    return None


def domain_of(name: str) -> str:
    """The registered domain that a name belongs to, "" when nobody registered it."""
    domain = ".".join(name.lower().rstrip(".").split(".")[-2:])
    return domain if domain in DOMAINS else ""


def public_ranges() -> list[str]:
    """The networks that count as the public internet here: what an outbound guard has to let pass in practice."""
    return [*(network.block for network in NETWORKS), "127.40.0.0/24"]
