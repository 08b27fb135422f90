"""The days of the record are written by the worker, and stamped by somebody else."""

import logging

import pytest
from django.db import transaction
from tests.workflow.conftest import Hotline, outside_of

from lykta.connectors.console.connector import ConsoleStamper
from lykta.connectors.contract import Transient
from lykta.records.audit import days
from lykta.records.audit.actions import write
from lykta.records.audit.words import AuditWord
from lykta.workflow import stamping

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def worked(hotline: Hotline) -> Hotline:
    """A hotline whose record has an entry, and whose worker has kept its clocks."""
    with transaction.atomic():
        write(by="worker", word=AuditWord.FIGURES_PUBLISHED, subject="figures")
    hotline.worker.keep_clocks()
    return hotline


def test_the_worker_writes_a_file_for_the_day(worked: Hotline) -> None:
    [day] = days.files(stamping.folder_of(worked.world))
    assert days.fault_of(day.parent) == ""


def test_each_day_is_stamped_once(worked: Hotline) -> None:
    [day] = days.files(stamping.folder_of(worked.world))
    stamper = ConsoleStamper()
    with outside_of(worked, stamper=stamper):
        for _ in range(2):
            stamping.stamp_days(worked.worker.world)
    assert stamper.stamped == [day.read_bytes()]
    assert days.stamp_of(day).read_bytes() == b"no stamp"


def test_what_could_not_be_stamped_waits_for_the_next_time(worked: Hotline, caplog: pytest.LogCaptureFixture) -> None:
    folder = stamping.folder_of(worked.world)
    with outside_of(worked, stamper=ConsoleStamper(fault=Transient("busy"))), caplog.at_level(logging.WARNING):
        stamping.stamp_days(worked.worker.world)
    assert "has no time stamp yet: busy" in caplog.text
    assert len(days.unstamped(folder)) == 1


def test_without_a_service_nothing_is_stamped(worked: Hotline) -> None:
    stamping.stamp_days(worked.world)
    assert len(days.unstamped(stamping.folder_of(worked.world))) == 1
