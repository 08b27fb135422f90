"""What a text was found to name."""

from dataclasses import dataclass

from lykta.core.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class Locator:
    """One thing that a text names.

    `written` is exactly what stood in the text. `address` is the repaired form: for WEB and ONION what a browser
    would open (WHATWG href), for ACCOUNT `platform:name`, for EMAIL the mailbox with its domain in lower case.
    `key` is the same for the same thing and differs for different ones: http and https, log-in data, tracking
    parameters, fragments (but not `#!`) and letter case of host or user name do not count. `host` is the ASCII host
    of WEB and ONION, the domain of EMAIL, the platform of ACCOUNT ("unknown" where the text does not say).
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
