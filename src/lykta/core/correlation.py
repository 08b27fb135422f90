"""By what reports can be linked, and how much a link says.

An identifier is found in what somebody wrote, and kept as a keyed tag alone; items are compared as they are. The
weights are Lykta's own: what few people share says much, what many share says little. They order a list that a person
reads, and decide nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lykta.core import fronts, locators, wallets
from lykta.core.vocabulary import Asked, IdentifierKind, ItemKind

WEIGHTS: Mapping[IdentifierKind, int] = {
    IdentifierKind.FINGERPRINT: 10,
    IdentifierKind.ADDRESS: 9,
    IdentifierKind.WALLET: 8,
    IdentifierKind.EMAIL: 7,
    IdentifierKind.ACCOUNT: 7,
    IdentifierKind.PHONE: 7,
    IdentifierKind.PLATE: 5,
    IdentifierKind.HOST: 2,
}
MOST_IDENTIFIERS = 200
"""Tags of one report; a list of thousands of accounts links nothing that a person could read."""
COMMON_HOST_ITEMS = 200
"""A host with more items than this is one that everybody uses: sharing it says nothing."""

_OF_ITEMS = {
    ItemKind.ACCOUNT: IdentifierKind.ACCOUNT,
    ItemKind.EMAIL: IdentifierKind.EMAIL,
    ItemKind.PHONE: IdentifierKind.PHONE,
}
_PLATE = re.compile(r"\b(?:[A-Z]{1,3}[ -]?[0-9]{2,4}[ -]?[A-Z]{0,3}|[0-9]{1,4}[ -]?[A-Z]{1,3}[ -]?[0-9]{1,4})\b")
_SHA256_OR_PDQ = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Identifier:
    """One thing by which reports can be linked, in the one form that it has."""

    kind: IdentifierKind
    value: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another case, by its number, with all that links it; `weight` says how much that tells."""

    case: int
    kinds: tuple[IdentifierKind, ...]
    weight: int


def identify(said: Mapping[str, str]) -> tuple[Identifier, ...]:
    """What a report can be linked by. `said` are its answers by question; free text may stand under any name."""
    found: dict[Identifier, None] = {}
    for asked, text in said.items():
        for one in _in_text(text, is_vehicle=asked == Asked.VEHICLE):
            found.setdefault(one)
    return tuple(found)[:MOST_IDENTIFIERS]


def read(typed: str) -> Identifier | None:
    """What somebody looks for, where it is an identifier and nothing else."""
    text = typed.strip()
    found = [*_in_text(text, is_vehicle=True)]
    return found[0] if len(found) == 1 else None


def is_everybodys(host: str) -> bool:
    """Whether so many use the host that sharing it says nothing: a front, or a platform where people have names."""
    return fronts.is_front(host) or locators.is_platform(host)


def related(links: Iterable[tuple[int, IdentifierKind]]) -> list[Related]:
    """The linked cases, those with most in common first; two things of one kind count as one."""
    kinds: dict[int, set[IdentifierKind]] = {}
    for case, kind in links:
        kinds.setdefault(case, set()).add(kind)
    found = [
        Related(case, tuple(sorted(by, key=lambda one: (-WEIGHTS[one], one))), sum(WEIGHTS[one] for one in by))
        for case, by in kinds.items()
    ]
    return sorted(found, key=lambda one: (-one.weight, one.case))


def _in_text(text: str, *, is_vehicle: bool) -> Iterator[Identifier]:
    for locator in locators.find(text).locators:
        if locator.kind in _OF_ITEMS:
            yield Identifier(_OF_ITEMS[locator.kind], locator.key)
    for wallet in wallets.find(text):
        yield Identifier(IdentifierKind.WALLET, wallet)
    for digest in _SHA256_OR_PDQ.findall(text.lower()):
        yield Identifier(IdentifierKind.FINGERPRINT, digest)
    if is_vehicle:
        for plate in _PLATE.findall(text.upper()):
            bare = re.sub("[ -]", "", plate)
            if 5 <= len(bare) <= 8:
                yield Identifier(IdentifierKind.PLATE, bare)
