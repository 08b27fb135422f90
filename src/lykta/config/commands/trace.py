"""`lykta trace ADDRESS`: what the worker would learn about an address, told here and kept nowhere.

No case is made and nothing is written. It asks through the worker's own doors: the same guard, exits and manners.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from lykta.config.environment import Environment
from lykta.config.world import open_world
from lykta.core import locators
from lykta.core.refusals import NotUnderstood
from lykta.lib.clock import now
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Trace
from lykta.sites.desk.chain import chain, fingerprinted
from lykta.sites.desk.reading import short
from lykta.workflow.house import Outside
from lykta.workflow.tracing import Tracer

IN_PART = 3
"""Exit status where something could not be learnt: 0 all was learnt, 1 it was refused, 2 not understood."""


def trace(given: Environment, typed: str, *, as_json: bool) -> int:
    """Trace an address and print what came of it. Raises NotUnderstood for what has no server on the open web."""
    item = item_of(typed)
    with open_world(given) as world:
        summary = look(item, world.outside)
    print(as_data(item, summary) if as_json else as_text(item, summary))
    return IN_PART if summary["missing"] else 0


def item_of(typed: str) -> Item:
    """An item that is in no table. Raises NotUnderstood, without what was typed: a log may read it."""
    found = locators.read(typed)
    item = Item(kind=found.kind, address=found.address, key=found.key, host=found.host) if found else None
    if item is None:
        raise NotUnderstood("This names nothing that can be traced: give one web address.")
    if not item.watchable:
        raise NotUnderstood("It has no server that can be looked up: it is not on the open web.")
    return item


def look(item: Item, outside: Outside) -> dict[str, Any]:
    """Fields of `Trace`, asked for now."""
    return {**Tracer(outside).trace(item), "at": now()}


def as_data(item: Item, summary: dict[str, Any]) -> str:
    """Everything as one JSON object, addresses as they are: for programs, not for a chat."""
    return json.dumps({"address": item.address, **summary}, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)


def as_text(item: Item, summary: dict[str, Any]) -> str:
    """The chain as the desk draws it, a link a line, with no address that a terminal makes a link of."""
    found = Trace(item=item, **summary)
    lines = [
        locators.defang(item.address),
        f"  {short(found.outcome, 'outcome')}, traced {found.at:%Y-%m-%d %H:%M} UTC",
    ]
    for link in chain(item, found):
        chip = f" [{link.chip}]" if link.chip else ""
        said_by = f" (according to {link.said_by})" if link.said_by else ""
        lines += [f"  {link.what}: {link.fact}{chip}{said_by}", *(f"      {one}" for one in link.remarks)]
    lines += [f"  Complaints to: {contact['email']} ({contact['found_in']})" for contact in found.contacts]
    lines.append(f"  On it: {found.pictures} pictures, {found.films} films, {len(found.fingerprints)} fingerprints")
    for one in fingerprinted(found):
        lines += [
            f"      {one.address} {one.problem}".rstrip(),
            *(f"        {what}: {said}" for what, said in one.facts),
        ]
    lines += [f"  Not learnt: {one}" for one in found.missing]
    return "\n".join("".join(sign if sign.isprintable() else " " for sign in line) for line in lines)
