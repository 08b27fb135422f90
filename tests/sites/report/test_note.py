"""The code to take along: a file that gives nothing away, and a picture of the code alone."""

import gzip
import re
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import FORM, post, press
from tests.sites.report.reporter import sent

from lykta.config.environment import Environment
from lykta.lib import codes
from lykta.records.letterbox.models import Box
from lykta.sites.common.headers import HEADERS
from lykta.sites.report import note

pytestmark = pytest.mark.django_db(databases=["letterbox"])

SVG = re.compile(r"<svg width.*?</svg>", re.DOTALL)


@pytest.mark.parametrize(("language", "until"), [("en", "Works until"), ("sv", "Gäller till den")])
def test_the_note_holds_the_code_the_address_and_the_day_and_no_other_word(
    report: Client, settings: Settings, language: str, until: str
) -> None:
    settings.ENVIRONMENT = Environment(report_url="https://tips.hotline.test/")
    code = letters.box()
    response = report.post(
        f"/{language}/mailbox/", urlencode({"code": codes.spell(code), "step": "note"}), content_type=FORM
    )
    ends = Box.objects.using("letterbox").get().expires_at
    first, second, third = response.content.decode().splitlines()
    assert first == codes.spell(code)
    assert second == f"https://tips.hotline.test/{language}/mailbox/"
    assert re.fullmatch(rf"{until} {ends.day} \w+ {ends.year}\.", third)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert response["Cache-Control"] == HEADERS["Cache-Control"]


def test_the_receipt_offers_the_note_and_its_button_works(report: Client) -> None:
    receipt = sent(report)
    saved = press(report, "/en/mailbox/", receipt, "note")
    assert saved.source.startswith(codes.spell(codes.read(receipt.fields["code"])))


def test_a_code_that_opens_nothing_gets_no_note(report: Client) -> None:
    page = post(report, "/en/mailbox/", code=codes.new(), step="note")
    assert page.status == 422
    assert "This code opens no mailbox here." in page.text


def test_the_picture_is_drawn_into_the_page_and_the_page_stays_light(report: Client) -> None:
    page = sent(report)
    assert SVG.findall(page.source) == [note.picture(codes.read(page.fields["code"]))]
    assert " style=" not in page.source
    sheets = [report.get(f"/static/{name}").getvalue() for name in ("tokens.css", "public.css", "leave.js")]
    assert sum(len(gzip.compress(part)) for part in (page.source.encode(), *sheets)) <= 14_000


def test_the_picture_is_a_qr_code_of_its_own_for_each_code() -> None:
    code = codes.new()
    drawn = note.picture(code)
    assert drawn == note.picture(code)
    assert drawn != note.picture(codes.new())
    root = ET.fromstring(drawn)  # noqa: S314 - our own picture
    ground, dark = root
    assert ground.attrib["fill"] == "white"
    # The first corner mark of ISO/IEC 18004 begins at the fourth module from the edge, seven modules long.
    assert dark.attrib["d"].startswith("M4 4h7M")
    assert root.attrib["viewBox"] == "0 0 33 33"
