"""A partner's poster and small cards as PDF, in any language: black on white, with the fonts that Lykta brings.

Letters are joined and placed by HarfBuzz; from right to left by the Unicode bidirectional algorithm, both in fpdf2.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, Self

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont
from fpdf.line_break import Fragment

from lykta.lib import lines, qr
from lykta.lib.poster_words import Poster
from lykta.lib.qr import Square

WIDTH, HEIGHT = 210.0, 297.0
"""A4 in millimetres (ISO 216)."""
MARGIN = 18.0
COLUMNS, ROWS = 2, 4
"""Cards on a sheet, 105 by 74 mm each (ISO 216 A7)."""
_CARD_WIDTH, _CARD_HEIGHT, _CARD_MARGIN = WIDTH / COLUMNS, HEIGHT / ROWS, 5.0
_SQUARE = 105.0
"""Side of a poster's QR code with its white edge."""
_GAPS, _LEAST_GAP, _WIDEST_GAP = 5, 6.0, 14.0
_SCALES = [1 - step / 25 for step in range(16)]
"""How much smaller a poster may be written, tried in this order."""

LATIN = "NotoSans"
FONTS = {
    "ar": "NotoNaskhArabic",
    "fa": "NotoNaskhArabic",
    "fa-af": "NotoNaskhArabic",
    "ti": "NotoSansEthiopic",
    "th": "NotoSansThai",
    "km": "NotoSansKhmer",
    "my": "NotoSansMyanmar",
    "zh-hans": "NotoSansSC",
}
"""The font of a language; of every other, and for every letter that it has not, `LATIN`."""
SPACED = {
    "NotoNaskhArabic": 1.65,
    "NotoSansKhmer": 1.75,
    "NotoSansMyanmar": 1.75,
    "NotoSansThai": 1.55,
    "NotoSansSC": 1.5,
}
"""From one line to the next, in sizes of the letters: what stands above and below them differs by script."""
_SPACED = 1.32
_POINT = 25.4 / 72

Weight = Literal["", "B"]


Make = Callable[[Poster], bytes]
"""Makes a PDF."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The texts of a poster."""

    title: "_Block"
    lead: "_Block"
    address: "_Block"
    note: "_Block"
    hotline: "_Block"


@dataclass(frozen=True, slots=True)
class _Block:
    """A text in lines, and how it is written."""

    lines: list[str]
    size: float
    weight: Weight
    step: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.step


def poster(words: Poster) -> bytes:
    """One sheet of A4: what it is about, the QR code, the address. Written smaller where much has to be said."""
    with _Sheet(words) as sheet:
        fitting = (scale for scale in _SCALES if _room(sheet.parts(scale)) >= _SQUARE * scale + _GAPS * _LEAST_GAP)
        scale = next(fitting, _SCALES[-1])
        parts = sheet.parts(scale)
        side = _SQUARE * scale
        gap = min(_WIDEST_GAP, (_room(parts) - side) / _GAPS)
        top = sheet.write(parts.title, MARGIN) + gap
        top = sheet.write(parts.lead, top) + gap / 2
        sheet.square(qr.of(words.address), (WIDTH - side) / 2, top, side)
        top = sheet.write(parts.address, top + side) + gap
        sheet.write(parts.note, top)
        foot = HEIGHT - MARGIN - parts.hotline.height
        sheet.line((MARGIN, foot - 4), (WIDTH - MARGIN, foot - 4), thick=0.4)
        sheet.write(parts.hotline, foot)
        return sheet.done()


def cards(words: Poster) -> bytes:
    """A sheet of A4 with cards to cut out."""
    with _Sheet(words) as sheet:
        for number in range(COLUMNS * ROWS):
            _card(sheet, words, number % COLUMNS * _CARD_WIDTH, number // COLUMNS * _CARD_HEIGHT)
        for row in range(1, ROWS):
            sheet.line((0, row * _CARD_HEIGHT), (WIDTH, row * _CARD_HEIGHT), thick=0.1)
        for column in range(1, COLUMNS):
            sheet.line((column * _CARD_WIDTH, 0), (column * _CARD_WIDTH, HEIGHT), thick=0.1)
        return sheet.done()


def missing(words: Poster) -> set[str]:
    """The signs of its texts that none of its fonts has; where one is missing, a box stands for it."""
    with _Sheet(words) as sheet:
        return sheet.missing(words.title + words.lead + words.note + words.hotline + words.short)


def _room(parts: "_Parts") -> float:
    """What the texts leave of the height."""
    texts = (parts.title, parts.lead, parts.address, parts.note, parts.hotline)
    return HEIGHT - 2 * MARGIN - sum(text.height for text in texts)


def _card(sheet: "_Sheet", words: Poster, x: float, y: float) -> None:
    """The title, the code and the address; the hotline's name below."""
    inner = _CARD_WIDTH - 2 * _CARD_MARGIN
    title = sheet.heading(words.title, 16, inner)
    address = sheet.one_line(words.short, 9, inner)
    name = sheet.block(words.hotline, 8, inner)
    texts = title.height + address.height + name.height
    side = min(40.0, _CARD_HEIGHT - 2 * _CARD_MARGIN - texts)
    left, top = x + _CARD_MARGIN, y + _CARD_MARGIN
    top = sheet.write(title, top, left, inner)
    sheet.square(qr.of(words.address), x + (_CARD_WIDTH - side) / 2, top, side)
    top = sheet.write(address, top + side, left, inner)
    sheet.write(name, top, left, inner)


class _Page(FPDF):
    """fpdf2 2.8.9 cuts a text before and after each mark of the Unicode script Inherited, and shapes the parts alone.

    Then the Arabic letters around a vowel sign are not joined, and it stands anywhere. Here the parts stay together.
    """

    def _parse_chars(self, text: str, markdown: bool, **rest: Any) -> Iterator[Fragment]:  # noqa: FBT001
        kept: list[Fragment] = []
        for part in super()._parse_chars(text, markdown, **rest):
            inherited = kept and (_is_mark(part.characters[0]) or _is_mark(kept[-1].characters[-1]))
            if inherited and part.font is kept[-1].font:
                kept[-1].characters += part.characters
            else:
                kept.append(part)
        yield from kept


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn" or sign in "\u200c\u200d"


class _Sheet:
    """A page in the making, with the fonts of one language."""

    def __init__(self, words: Poster) -> None:
        self.words = words
        self.font = FONTS.get(words.language, LATIN)
        self.spaced = SPACED.get(self.font, _SPACED)
        self.page = _Page(format="A4")
        self.page.set_auto_page_break(auto=False)
        self.page.set_margin(0)
        self.page.c_margin = 0
        self.page.set_title(words.title.replace(lines.MARK, ""))
        self.page.set_lang(words.language)
        self.page.set_creator("Lykta")
        for name in {self.font, LATIN}:
            for weight, style in (("Regular", ""), ("Bold", "B")):
                self.page.add_font(name, style, font_file(name, weight))
        if self.font != LATIN:
            self.page.set_fallback_fonts([LATIN])
        self.page.add_page()
        self.direction = TextDirection.RTL if words.direction == "rtl" else TextDirection.LTR

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """fpdf2 leaves the files of its fonts open."""
        for font in self.page.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def parts(self, scale: float) -> _Parts:
        """The texts of a poster in lines; `scale` 1 is the size that most languages have room for."""
        room = WIDTH - 2 * MARGIN
        return _Parts(
            title=self.heading(self.words.title, 44 * scale, room),
            lead=self.block(self.words.lead, 18 * scale, room),
            address=self.one_line(self.words.short, 24 * scale, room),
            note=self.block(self.words.note, 15 * scale, room),
            hotline=self.block(self.words.hotline, 15 * scale, room, weight="B"),
        )

    def block(self, text: str, size: float, width: float, *, weight: Weight = "") -> _Block:
        """A text in lines of that width, at a size in points."""
        self._write_with(size, weight)
        found = lines.balanced(text, width=width, measure=self.page.get_string_width)
        return _Block(found, size, weight, size * _POINT * self.spaced)

    def heading(self, text: str, size: float, width: float) -> _Block:
        """Bold, each sentence on a line of its own; smaller, to two thirds, where that makes it fit."""
        self._write_with(size, "B")
        parts = lines.sentences(text)
        widest = max(self.page.get_string_width(part.replace(lines.MARK, "")) for part in parts)
        size *= max(2 / 3, min(1.0, width / widest))
        blocks = [self.block(part, size, width, weight="B") for part in parts]
        return _Block([line for block in blocks for line in block.lines], size, "B", blocks[0].step)

    def one_line(self, text: str, size: float, width: float) -> _Block:
        """A bold text on one line, smaller where it would not fit: an address is never broken."""
        self._write_with(size, "B")
        size *= min(1.0, width / self.page.get_string_width(text))
        return _Block([text], size, "B", size * _POINT * 1.5)

    def write(self, block: _Block, top: float, x: float = MARGIN, width: float = WIDTH - 2 * MARGIN) -> float:
        """Centred, from `top` down. Returns where it ends."""
        self._write_with(block.size, block.weight)
        for line in block.lines:
            self.page.set_xy(x, top)
            self.page.cell(width, block.step, line, align="C")
            top += block.step
        return top

    def square(self, code: Square, x: float, y: float, side: float) -> None:
        """A QR code, its white edge within `side`."""
        module = side / code.side
        self.page.set_fill_color(0)
        for column, row, length in code.runs():
            self.page.rect(x + column * module, y + row * module, length * module, module, style="F")

    def line(self, start: tuple[float, float], end: tuple[float, float], *, thick: float) -> None:
        self.page.set_line_width(thick)
        self.page.line(*start, *end)

    def missing(self, text: str) -> set[str]:
        """The signs that neither the language's own font nor the Latin one has, in both weights."""
        fonts = [font for font in self.page.fonts.values() if isinstance(font, TTFFont)]
        known = [{ord(sign) for sign in text} & {*font.cmap} for font in fonts if not font.fontkey.endswith("B")]
        bold = [{ord(sign) for sign in text} & {*font.cmap} for font in fonts if font.fontkey.endswith("B")]
        drawn = set[int]().union(*known) & set[int]().union(*bold)
        return {sign for sign in text if ord(sign) not in drawn and sign != lines.MARK}

    def done(self) -> bytes:
        return bytes(self.page.output())

    def _write_with(self, size: float, weight: Weight) -> None:
        self.page.set_font(self.font, weight, size)
        self.page.set_text_shaping(use_shaping_engine=True, direction=self.direction)


def font_file(name: str, weight: str) -> str:
    folder = resources.files("lykta") / "fonts"
    return str(next(one for one in folder.iterdir() if one.name.rpartition(".")[0] == f"{name}-{weight}"))
