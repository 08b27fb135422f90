"""The main job end to end: real processes, a real browser, real name service, real mail."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.tour import Tour, chromium
from tests.support.installation import installation

pytestmark = pytest.mark.journey


def no_picture(page: Page, name: str) -> None:
    """The test needs no pictures."""


def test_from_a_tip_to_a_counted_outcome(tmp_path: Path) -> None:
    with installation(tmp_path / "home", LYKTA_LOOK_AGAIN_SECONDS="1") as running, chromium() as browser:
        tour = Tour(running, browser, no_picture)
        tour.report()
        assert "Nobody has read it yet" in tour.mailbox() or "working on your report" in tour.mailbox()
        tour.log_in()
        tour.assess()

        letter = tour.police_letter()
        assert "The server is in our country" in letter
        assert "pictures.example" in letter
        assert not tour._mails("abuse@nordhost.test")
        tour.police_release(letter)

        notice = tour.host_letter()
        assert "Article 16" in notice
        tour.host_answers(notice)
        tour.take_down("album.example/summer")

        tour.wait(tour.closed, 90)
        said = tour.mailbox()
        assert "it has been removed" in said
        assert "finished" in said
        tour.wait(lambda: "SE" in tour.figures() or "Sweden" in tour.figures(), 30)
        assert running.run("audit", "verify").returncode == 0
