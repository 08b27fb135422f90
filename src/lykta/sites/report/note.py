"""The code to take along: as a small text file, and as a picture for another device's camera."""

import re
from typing import Any

import qrcode
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.sites.common.days import day
from lykta.sites.common.mailboxes import OpenBox

_VERSION, _MASK = 2, 2
"""Version 2 holds 38 letters and digits at level M; a code has 33."""
_QUIET = 4
"""Modules of white around it, as the standard asks."""


def download(opened: OpenBox) -> HttpResponse:
    """The code, where it is typed and until when it works: no word of what it is about, for whoever finds the file."""
    until = gettext("Works until %(day)s.") % {"day": day(opened.box.expires_at)}
    address = settings.ENVIRONMENT.url("report") + reverse("mailbox")
    response = HttpResponse(
        f"{codes.spell(opened.code)}\n{address}\n{until}\n", content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="note.txt"'
    return response


def picture(code: Code) -> str:
    """The code alone, spelt as on the page, as the SVG of a QR code (ISO/IEC 18004): dark on white in both schemes.

    Every code has the same length, so the size is fixed; and any mask can be read, so that no machine tries all eight.
    """
    drawn = qrcode.QRCode(version=_VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    drawn.add_data(QRData(codes.spell(code).encode(), mode=MODE_ALPHA_NUM, check_data=False))
    drawn.make(fit=False)
    return as_svg(drawn)


def as_svg(drawn: qrcode.QRCode[Any]) -> str:
    """A QR code as a picture without styles of its own, a millimetre for each module."""
    side = len(drawn.modules) + 2 * _QUIET
    path = "".join(_runs(number, row) for number, row in enumerate(drawn.modules, start=_QUIET))
    return (
        f'<svg width="{side}mm" height="{side}mm" viewBox="0 0 {side} {side}">'
        f'<path fill="white" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def _runs(y: int, row: list[bool | None]) -> str:
    """The dark modules of a row, neighbours drawn as one."""
    signs = "".join("1" if dark else "0" for dark in row)
    runs = [(match.start() + _QUIET, match.end() - match.start()) for match in re.finditer("1+", signs)]
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, length in runs)
