"""What a CyberTipline client sends becomes a case, also when it stops in the middle, comes back, or takes it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings
from tests.workflow.conftest import HOTLINE_KEY, SWEDISH, Hotline

from lykta.core.clocks import ABANDONED_AFTER
from lykta.core.vocabulary import Asked, Source
from lykta.lib import sealing
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Report
from lykta.records.letterbox import partners
from lykta.records.letterbox.models import Box, Chunk, Letter
from lykta.sites.partners.ispws import reports
from lykta.sites.partners.ispws.documents import Details, Reported
from lykta.sites.partners.ispws.files import Fingerprints
from lykta.sites.partners.ispws.reports import Sender

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
REPORTED = Reported({str(Asked.WHERE): SWEDISH, str(Asked.WORDS): "incidentSummary"}, "Test Reporter")
FILE = Fingerprints(sha256="a" * 64, sha1="b" * 40, md5="c" * 32, size=7, name="a.png")


@pytest.fixture
def sender(hotline: Hotline, settings: Settings) -> Sender:
    settings.HOTLINE_PUBLIC_KEY = sealing.public_key(HOTLINE_KEY)
    token = partners.add_partner(slug="social", name="Example Social", scopes={"cybertip"}, now=hotline.time)
    return Sender("social", token)


def test_a_finished_report_is_a_case_of_that_partner(hotline: Hotline, sender: Sender) -> None:
    number = reports.submit(sender, REPORTED)
    file = reports.add_file(sender, number, FILE)
    reports.add_details(sender, Details(number, file, "locationOfFile: https://cdn.example/a.png"))
    hotline.work()
    assert not Report.objects.exists()
    reports.finish(sender, number)
    hotline.work()
    report = Report.objects.get()
    assert (report.source, report.complete, report.danger) == (Source.PARTNER, True, False)
    assert set(Item.objects.values_list("address", flat=True)) == {SWEDISH, "https://cdn.example/a.png"}
    words = cases.words_of(report)[0].content
    assert words is not None
    assert words["contact"] == f"Example Social (social): {number} · Test Reporter"
    assert words["answers"]["fingerprints"] == f"sha256:{FILE.sha256}"
    assert not Letter.objects.using("letterbox").exists()


def test_what_nobody_finished_counts_as_incomplete_and_grows_when_its_sender_goes_on(
    hotline: Hotline, sender: Sender
) -> None:
    number = reports.submit(sender, REPORTED)
    hotline.wait(ABANDONED_AFTER - timedelta(minutes=1))
    reports.add_file(sender, number, FILE)
    hotline.wait(timedelta(minutes=2))
    hotline.work()
    assert not Report.objects.exists()
    hotline.wait(ABANDONED_AFTER)
    hotline.work()
    assert not Report.objects.get().complete
    other = replace(FILE, sha256="d" * 64)
    reports.add_file(sender, number, other)
    assert len(reports.finish(sender, number)) == 2
    hotline.work()
    report = Report.objects.get()
    assert report.complete
    assert other.sha256 in str(cases.words_of(report)[-1].content)


def test_what_is_taken_back_is_never_read_or_forgotten(hotline: Hotline, sender: Sender) -> None:
    reports.retract(sender, reports.submit(sender, REPORTED))
    hotline.work()
    assert not Report.objects.exists()
    number = reports.submit(sender, REPORTED)
    hotline.wait(ABANDONED_AFTER + timedelta(minutes=1))
    hotline.work()
    reports.retract(sender, number)
    hotline.work()
    assert Case.objects.get().forgotten_at


def test_nothing_of_an_unfinished_report_stays_in_the_letterbox(hotline: Hotline, sender: Sender) -> None:
    reports.submit(sender, REPORTED)
    hotline.wait(reports.OPEN_FOR + timedelta(days=1, hours=1))
    hotline.work()
    left = [model.objects.using("letterbox").count() for model in (Chunk, Letter, Box)]
    assert left == [0, 0, 0]
    assert not Report.objects.get().complete
