"""Plain pages as PDF: headings, and lines with a label each; for people who read on paper."""

from collections.abc import Iterable

from fpdf import FPDF

from lykta.lib.posters import FONTS, LATIN, font_file

_SIZE, _HEADING, _TITLE = 10, 13, 18
_LINE = 5.0
"""Millimetres from one line to the next."""


Section = tuple[str, tuple[tuple[str, str], ...]]
"""A heading and its lines: (label, text)."""


def pdf(title: str, sections: Iterable[Section], *, languages: Iterable[str] = ()) -> bytes:
    """A4 pages. `languages` of what stands in it: their letters are looked for in the fonts of these languages."""
    paper = FPDF()
    paper.set_auto_page_break(auto=True, margin=18)
    paper.set_margin(18)
    paper.set_title(title)
    others = sorted({FONTS[one] for one in languages if one in FONTS})
    for font in (LATIN, *others):
        for style, weight in (("", "Regular"), ("B", "Bold")):
            paper.add_font(font, style, font_file(font, weight))
    paper.set_fallback_fonts(others, exact_match=False)
    paper.set_text_shaping(bool(others))
    paper.add_page()
    paper.set_font(LATIN, "B", _TITLE)
    _write(paper, title, _LINE * 2)
    for heading, lines in sections:
        paper.set_font(LATIN, "B", _HEADING)
        paper.ln(_LINE)
        _write(paper, heading, _LINE * 1.5)
        for label, text in lines:
            paper.set_font(LATIN, "B", _SIZE)
            _write(paper, label, _LINE)
            paper.set_font(LATIN, "", _SIZE)
            _write(paper, text, _LINE)
    return bytes(paper.output())


def _write(paper: FPDF, text: str, height: float) -> None:
    paper.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")
