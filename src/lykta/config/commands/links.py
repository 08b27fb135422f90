"""`lykta links`: partners' links, what a partner gets to show, and how often its link was followed."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from lykta.config.commands.people import BY
from lykta.core.refusals import NotUnderstood
from lykta.records.letterbox import links, tallies
from lykta.sites.common import language
from lykta.workflow import partner_links
from lykta.workflow.kits import Kit


def do(given: argparse.Namespace) -> Iterator[str]:
    """What the words after `lykta links` say. Gives the lines to print. Raises Refusal."""
    match given.what:
        case "add":
            link = partner_links.add(by=BY, code=given.code.upper(), name=given.name, framed_on=given.sites)
            yield f"{link.code}\t{link.name}\t{_kit(link.code, '').address}"
        case "frame":
            partner_links.let_frame(by=BY, code=given.code.upper(), framed_on=" ".join(given.sites))
            yield f"{given.code.upper()}: the form may be shown in a frame on {' '.join(given.sites) or 'no page'}."
        case "remove":
            partner_links.take_away(by=BY, code=given.code.upper())
            yield f"{given.code.upper()} is counted no more; it still leads to the start page."
        case "kit":
            yield from kit(given.code, given.folder, given.language)
        case "counts":
            yield from counts()
        case _:
            yield from listed()


def listed() -> Iterator[str]:
    """A line for each link: code, name, address, and where the form may be shown in a frame."""
    for link in links.links():
        yield f"{link.code}\t{link.name}\t{_kit(link.code, '').address}\t{link.origins}"


def counts() -> Iterator[str]:
    """Every count, as CSV with a head."""
    yield "day,code,visits,tips"
    for tally in tallies.counts():
        yield f"{tally.day},{tally.code},{tally.visits},{tally.tips}"


def kit(code: str, folder: Path, chosen: str) -> Iterator[str]:
    """Write what the partner gets to show, and name each file. Raises NotUnderstood for a code or language."""
    link = links.link_with(code)
    if link is None:
        raise NotUnderstood(f"There is no link with the code {code}: `lykta links list` names them.")
    chosen = chosen or language.offered()[0]
    if chosen not in language.offered():
        raise NotUnderstood(f"The pages are not offered in {chosen}: choose from {', '.join(language.offered())}.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _kit(link.code, chosen).files().items():
        (folder / name).write_bytes(content)
        yield str(folder / name)


def _kit(code: str, chosen: str) -> Kit:
    return Kit(settings.HOUSE, code, chosen)
