"""What somebody looks for in the casebook, recognised by its form, and the cases that have it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from lykta.core import correlation, locators
from lykta.core.locators import Locator
from lykta.core.vocabulary import IdentifierKind, ItemKind
from lykta.records.cases import queries as cases
from lykta.records.cases import relating
from lykta.records.cases.models import Case
from lykta.records.tracing import hosts

_NUMBER = re.compile(r"(?:\d{4}-)?0*(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Sought:
    """What was looked for, by its `kind` ("" for what nobody can tell), and what was found.

    `host` is set where items are on it; its page has them. `refused`: it names a person, and that is not allowed.
    """

    kind: str
    cases: list[Case] = field(default_factory=list)
    host: str = ""
    refused: bool = False


def seek(typed: str, *, people_search: bool, left_out: Collection[str] = ()) -> Sought:
    """Look for what was typed. A person is looked for only where `people_search` says so.

    `left_out`: topics that whoever asks is not to be shown; a case by its number is found all the same.
    """
    found = _seek(typed, people_search=people_search)
    shown = [one for one in found.cases if found.kind == "case" or one.topic not in left_out]
    return replace(found, cases=shown)


def _seek(typed: str, *, people_search: bool) -> Sought:
    if number := _NUMBER.fullmatch(typed):
        return Sought("case", list(Case.objects.filter(pk=int(number[1]))))
    identifier = correlation.read(typed)
    if identifier is not None and identifier.kind.is_personal:
        if not people_search:
            return Sought(str(identifier.kind), refused=True)
        return Sought(str(identifier.kind), relating.cases_with(identifier))
    if identifier is not None:
        return Sought(str(identifier.kind), relating.cases_with(identifier))
    locator = locators.read(typed)
    return _place(locator) if locator else Sought("")


def _place(locator: Locator) -> Sought:
    """An address, with the cases that name it; else its host."""
    item = cases.item_of(locator)
    if item is not None:
        return Sought(str(IdentifierKind.ADDRESS), relating.cases_with_item(item))
    if locator.kind in {ItemKind.WEB, ItemKind.ONION} and hosts.of_host(locator.host, limit=1):
        return Sought(str(IdentifierKind.HOST), host=locator.host)
    return Sought(str(IdentifierKind.ADDRESS))
