"""QR codes (ISO/IEC 18004) as rows of dark modules, for pages and for paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

QUIET = 4
"""Modules of white around it, as the standard asks."""
SVG_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


_DARK = re.compile("1+")


@dataclass(frozen=True, slots=True)
class Square:
    """Modules, row by row: 1 is dark, 0 is light."""

    rows: tuple[str, ...]

    @property
    def side(self) -> int:
        """Modules of a side, the white around it counted."""
        return len(self.rows) + 2 * QUIET

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """The dark modules as (x, y, length), neighbours in a row as one."""
        for y, row in enumerate(self.rows, start=QUIET):
            for found in _DARK.finditer(row):
                yield found.start() + QUIET, y, found.end() - found.start()

    def svg(self, *, alone: bool = False) -> str:
        """A picture without styles of its own, a millimetre for each module; `alone` for a file, not within a page."""
        side = self.side
        lines = "".join([f"M{x} {y}h{length}" for x, y, length in self.runs()])
        return (
            f'<svg{SVG_NAMESPACE if alone else ""} width="{side}mm" height="{side}mm" viewBox="0 0 {side} {side}">'
            f'<path fill="white" d="M0 0h{side}v{side}H0z"/>'
            f'<path stroke="black" transform="translate(0 .5)" d="{lines}"/></svg>'
        )


def of(written: str) -> Square:
    """The code for an address on paper: a quarter of it may be dirty or torn."""
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_Q)
    drawn.add_data(written)
    drawn.make(fit=True)
    return square(drawn.modules)


def square(modules: list[list[bool | None]]) -> Square:
    """What the library has drawn."""
    return Square(tuple(["".join(["1" if dark else "0" for dark in row]) for row in modules]))
