"""`lykta data import` and `list`: the files that say where an address is, and who announces it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from lykta.config.environment import Environment, home
from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.connector import bring_in, bring_in_debians, open_source, source_files
from lykta.connectors.geo.ranges import BadRanges, Ranges


def do(words: argparse.Namespace, given: Environment) -> Iterator[str]:
    """Do what the words say; yields lines for whoever typed them. Raises RuntimeError, BadRanges or OSError."""
    folder = home() / given.geography
    if words.what == "list":
        yield from listed(folder)
    else:
        yield from imported(words, folder)


def listed(folder: Path) -> Iterator[str]:
    """A line for each source; a file that cannot be used is named with the reason."""
    files = source_files(folder)
    for path in files:
        try:
            yield _line(path, open_source(path))
        except BadRanges as error:
            yield f"{path.name}: cannot be used: {error}"
    if not files:
        yield f"There is nothing in {folder}. Run `lykta data import`."


def imported(words: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The named files, or Debian's where none is named. Raises RuntimeError where there is nothing to import."""
    if words.files:
        kind = PlaceKind(words.kind) if words.kind else None
        path: Path | None = bring_in(
            words.files, folder, source=words.source, licence=words.licence, dated=words.dated, kind=kind
        )
    else:
        path = bring_in_debians(folder)
    if path is None:
        raise RuntimeError("Debian's package tor-geoipdb is not installed, or not newer than what is there.")
    yield _line(path, open_source(path))
    yield "The worker reads it when it starts."


def _line(path: Path, source: Ranges) -> str:
    about = source.about
    return f"{path.name}: {about.kind}, {source.count:,} ranges, {about.source} of {about.dated}, {about.licence}"
