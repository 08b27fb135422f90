"""The code to take along: as a small text file, and as a picture for another device's camera."""

import qrcode
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from qrcode.image.svg import SvgPathFillImage

from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.sites.common.mailboxes import OpenBox


def download(opened: OpenBox) -> HttpResponse:
    """The code, where it is typed and until when it works: no word of what it is about, for whoever finds the file."""
    until = gettext("Works until %(day)s.") % {"day": date_format(opened.box.expires_at, "j F Y")}
    address = settings.ENVIRONMENT.url("report") + reverse("mailbox")
    response = HttpResponse(
        f"{codes.spell(opened.code)}\n{address}\n{until}\n", content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="note.txt"'
    return response


def picture(code: Code) -> str:
    """The code alone, spelt as on the page, as the SVG of a QR code (ISO/IEC 18004): dark on white in both schemes."""
    made = qrcode.make(codes.spell(code), image_factory=SvgPathFillImage)
    return str(made.to_string(encoding="unicode"))
