"""`lykta links`: what a partner gets to show, and how often its link was followed."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from lykta.config.environment import environment, home
from lykta.core.refusals import NotUnderstood
from lykta.records.letterbox import tallies
from lykta.sites.common import language
from lykta.sites.report import links

_SNIPPET = (
    '<a href="{address}" rel="noreferrer" style="display: inline-block; padding: .8em 1.6em; border-radius: .6em; '
    'background: #8c4a00; color: #fff; font: 600 1em system-ui, sans-serif; text-decoration: none">{words}</a>'
)
"""A plain link: it loads nothing into the partner's page, and tells us nothing of whoever reads it there."""


def kits(chosen: str) -> Iterator[str]:
    """A paragraph for each link, the QR code as a file beside it. Raises NotUnderstood for a language or list."""
    chosen = chosen or language.offered()[0]
    if chosen not in language.offered():
        raise NotUnderstood(f"The pages are not offered in {chosen}: choose from {', '.join(language.offered())}.")
    found = links.listed(settings.LINKS)
    if not found:
        yield f"No links yet: write them into {settings.LINKS} (docs/safe-report.md)."
    for code, name in found.items():
        yield _kit(code, name, chosen)


def counts() -> Iterator[str]:
    """Every count, as CSV with a head."""
    yield "day,code,visits,tips"
    for tally in tallies.counts():
        yield f"{tally.day},{tally.code},{tally.visits},{tally.tips}"


def _kit(code: str, name: str, chosen: str) -> str:
    address = links.address(code)
    file = home() / "links" / f"{code}.svg"
    _draw(file, address)
    with translation.override(chosen):
        words = gettext("Have you seen something? Tell us.")
    lines = (
        name,
        f"  link     {address}",
        f"  QR code  {file}",
        f"  poster   {environment().url('report')}/{chosen}/poster/{code}/  (print it, or save it as PDF)",
        f"  button   {_SNIPPET.format(address=escape(address), words=escape(words))}",
    )
    return "\n".join(lines)


def _draw(file: Path, address: str) -> None:
    file.parent.mkdir(exist_ok=True)
    svg = links.picture(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    file.write_text(svg, encoding="utf-8")
