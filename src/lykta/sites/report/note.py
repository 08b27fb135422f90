"""The code to take along: as a small text file, and as a picture for another device's camera."""

import qrcode
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from lykta.lib import codes, qr
from lykta.lib.codes import Code
from lykta.sites.common.days import day
from lykta.sites.common.mailboxes import OpenBox

_VERSION, _MASK = 2, 2
"""Version 2 holds 38 letters and digits at level M; a code has 33."""


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
    return qr.square(drawn.modules).svg()
