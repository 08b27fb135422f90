"""Says where data files place an address; asks nobody.

All files of one folder are read: compact ones (`*.places`), which `lykta data import` writes, and tables in our own
form (`*.csv`, described at the top of `formats.py`), which a hotline may write by hand.
"""

from pathlib import Path

from lykta.connectors.contract import Place, PlaceKind
from lykta.connectors.geo.formats import day, read
from lykta.connectors.geo.ranges import About, BadRanges, Ranges, compact

ENDING = ".places"
DEBIAN = (Path("/usr/share/tor/geoip"), Path("/usr/share/tor/geoip6"))
"""Where Debian's package tor-geoipdb puts its two files."""
DEBIAN_SOURCE = "tor-geoipdb"


class Places:
    """A `Geography` over every file of a folder. Raises BadRanges or OSError, also where the folder has no file."""

    def __init__(self, folder: Path) -> None:
        files = source_files(folder)
        if not files:
            raise FileNotFoundError(2, "There is no file of address ranges", str(folder))
        self.sources = [open_source(path) for path in files]

    def look_up(self, address: str) -> tuple[Place, ...]:
        """What each source says of an address."""
        return tuple(found for source in self.sources if (found := source.find(address)) is not None)


def source_files(folder: Path) -> list[Path]:
    """The files that are read, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in {ENDING, ".csv"})


def open_source(path: Path) -> Ranges:
    """One file of the folder. Raises BadRanges or OSError."""
    if path.suffix == ENDING:
        return Ranges.open(path)
    found = read(path, PlaceKind.RANGES)
    about = _about(path.name, found.facts, PlaceKind.RANGES)
    try:
        return Ranges(compact(about, found.entries), path.name)
    except BadRanges as error:
        named = str(error).startswith(path.name)
        raise BadRanges(str(error) if named else f"{path.name}: {error}") from error


def bring_in(
    files: list[Path],
    folder: Path,
    *,
    source: str = "",
    licence: str = "",
    dated: str = "",
    kind: PlaceKind | None = None,
) -> Path:
    """Make one compact file of the files of one source, which replaces the earlier one whole or not at all.

    What is not given is taken from the files; what stands nowhere is asked for. Raises BadRanges or OSError.
    """
    found = [read(file, kind) for file in files]
    given = {"source": source, "licence": licence, "dated": dated}
    facts = {**found[0].facts, **{name: value for name, value in given.items() if value}}
    about = _about(files[0].name, facts, found[0].kind or PlaceKind.RANGES)
    if any(one.kind is not about.kind for one in found):
        raise BadRanges("the files are of several kinds: import them one by one")
    content = compact(about, (entry for one in found for entry in one.entries))
    path = folder / f"{_slug(about)}{ENDING}"
    folder.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)
    return path


def bring_in_debians(folder: Path, files: tuple[Path, ...] = DEBIAN) -> Path | None:
    """Bring in Debian's files where they are installed and newer than what is there. None where there was no need."""
    there = [path for path in files if path.exists()]
    if not there:
        return None
    known = folder / f"{DEBIAN_SOURCE}-country{ENDING}"
    if known.exists() and Ranges.open(known).about.dated >= day(read(there[0], None).facts.get("dated", "")):
        return None
    return bring_in(there, folder, source=DEBIAN_SOURCE)


def _about(name: str, facts: dict[str, str], kind: PlaceKind) -> About:
    missing = [fact for fact in ("source", "dated", "licence") if not facts.get(fact)]
    if missing:
        raise BadRanges(f"{name}: nothing says: {', '.join(missing)}")
    try:
        dated = day(facts["dated"])
    except BadRanges as error:
        raise BadRanges(f"{name}: {error}") from error
    return About(source=facts["source"], dated=dated, licence=facts["licence"], kind=kind)


def _slug(about: About) -> str:
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in about.source.lower())
    return f"{'-'.join(filter(None, letters.split('-')))[:60]}-{about.kind}"
