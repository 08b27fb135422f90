"""`python -m tests.support.fonts FOLDER…`: make `src/lykta/fonts` anew from the Noto fonts in these folders.

Letters of whole alphabets, so that a translator may change every word; of Chinese, what its catalogue uses anywhere. `src/lykta/fonts/README.md` names where the fonts come from.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

import lykta

TARGET = Path(lykta.__file__).parent / "fonts"
WEIGHTS = ("Regular", "Bold")
ASCII = range(0x20, 0x7F)
PUNCTUATION = "，。、；：？！“”‘’（）《》—…·"
JOINERS = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x25CC)

LATIN_AND_CYRILLIC = (
    *ASCII,
    *range(0xA0, 0x180),  # Latin-1 and Extended-A
    *range(0x1A0, 0x1B1),  # the horned letters of Vietnamese
    *range(0x218, 0x21C),  # Romanian
    *range(0x300, 0x30D),
    0x323,
    *range(0x400, 0x460),
    0x490,
    0x491,
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2027),
    0x20AC,
    *JOINERS,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A font to make: `source` without its weight, and what stays of it."""

    source: str
    letters: tuple[int, ...]


def chinese() -> set[int]:
    """Every character of the Chinese catalogue, a thousand or so, and the punctuation of the script.

    The 3,755 characters of level 1 of GB/T 2312-1980 would take 1.5 MB for each weight.
    """
    with (TARGET.parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        written = "".join(str(message.string) for message in read_po(file))
    return {ord(sign) for sign in written + PUNCTUATION if ord(sign) >= 0x2000}


def wanted() -> dict[str, Wanted]:
    """What stands in the folder, by the name of the file without its weight."""
    return {
        "NotoSans": Wanted("NotoSans", LATIN_AND_CYRILLIC),
        "NotoNaskhArabic": Wanted(
            "NotoNaskhArabic", (*range(0x600, 0x700), *range(0xFB50, 0xFC00), *range(0xFE70, 0xFF00), *JOINERS, 0x20)
        ),
        "NotoSansEthiopic": Wanted("NotoSansEthiopic", (*range(0x1200, 0x13A0), 0x20)),
        "NotoSansThai": Wanted("NotoSansThai", (*range(0xE00, 0xE80), *JOINERS, 0x20)),
        "NotoSansKhmer": Wanted("NotoSansKhmer", (*range(0x1780, 0x1800), *JOINERS, 0x20)),
        "NotoSansMyanmar": Wanted("NotoSansMyanmar", (*range(0x1000, 0x1050), *JOINERS, 0x20)),
        "NotoSansSC": Wanted("NotoSansCJK", (*chinese(), 0x20)),
    }


def make(folders: list[Path]) -> None:
    """Write every font."""
    for name, font in wanted().items():
        for weight in WEIGHTS:
            opened = opened_font(folders, f"{font.source}-{weight}")
            target = TARGET / f"{name}-{weight}{'.otf' if 'CFF ' in opened else '.ttf'}"
            reduce(opened, font.letters, target)


def opened_font(folders: list[Path], name: str) -> TTFont:
    """A font of that name; of a collection, the one for simplified Chinese."""
    for path in (path for folder in folders for path in sorted(folder.rglob(f"{name}.tt[fc]"))):
        if path.suffix == ".ttf":
            return TTFont(path)
        return next(one for one in TTCollection(path) if one["name"].getDebugName(1) == "Noto Sans CJK SC")
    raise SystemExit(f"{name} is in none of the folders.")


def reduce(font: TTFont, letters: Iterable[int], target: Path) -> None:
    """Keep these letters and what shapes them; leave out hints for screens."""
    options = subset.Options(
        layout_features=["*"], hinting=False, desubroutinize=False, notdef_outline=True, glyph_names=False
    )
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=[*letters])
    worker.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    make([Path(folder) for folder in sys.argv[1:]])
