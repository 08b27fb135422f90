"""What a text was found to name."""

from dataclasses import dataclass
from typing import NamedTuple

from lykta.core.vocabulary import ItemKind


class Locator(NamedTuple):
    """One thing that a text names. A tuple, because a hostile text makes ten thousand of them.

    `written` is exactly what stood in the text. `address` is the repaired form: for WEB and ONION, and for IPFS behind
    a gateway, what a browser would open (WHATWG href); for other IPFS `ipfs://` or `ipns://` and the name in base 32;
    for MAGNET the link with nothing but its hash; for ACCOUNT and APP `platform:name`; for EMAIL the mailbox with its
    domain in lower case; for PHONE `+` and digits.
    `key` is the same for the same thing and differs for different ones: http and https, log-in data, tracking
    parameters, fragments (but not `#!`), letter case of host or user name, and gateways do not count. `host` is the
    ASCII host of WEB, ONION and a gateway, the domain of EMAIL, the platform of ACCOUNT and APP ("unknown" where the
    text does not say), "ipfs", "ipns" or "bittorrent", the country's code of PHONE.
    """

    kind: ItemKind
    written: str
    address: str
    key: str
    host: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first mention of each key, in order of appearance; `cut` when the text held more than was read."""

    locators: tuple[Locator, ...]
    cut: bool
