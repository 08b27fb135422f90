"""Practice cases: answered once, scored, explained; a lead sees who has done them."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import page, words

from lykta.lib.calibration import calibration
from lykta.lib.labels import label_set
from lykta.records.cases.models import Trial

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
SET = calibration("lykta-2")
COUNT = 12


@pytest.fixture(autouse=True)
def _second_set(settings: Settings, _house: None) -> None:
    settings.HOUSE = replace(settings.HOUSE, label_set=label_set("lykta-2"))


def answer(client: Client, number: int, **changes: str) -> str:
    assert SET is not None
    response = client.post(f"/calibration/{number}/", {**SET.cases[number - 1].expected, **changes})
    return response.headers.get("Location", response.content.decode())


def test_somebody_new_begins_with_the_first_case_and_sees_no_answer(desk: Client) -> None:
    html = page(desk, "/calibration/")
    assert f"You have answered 0 of {COUNT}." in words(html)
    assert 'href="/calibration/1/" data-key="Enter"' in html
    case = page(desk, "/calibration/1/")
    assert f"Practice case 1 of {COUNT}" in words(case)
    assert "A pattern stands where a picture would be." in case
    assert "<rect" in case
    assert "each label is answered as it stands" not in case


def test_each_case_leads_to_the_next_and_counts_once(desk: Client) -> None:
    assert answer(desk, 1) == "/calibration/2/"
    assert answer(desk, 1) == "/calibration/"
    assert Trial.objects.count() == 1
    assert desk.get("/calibration/1/").headers["Location"] == "/calibration/"
    assert desk.get(f"/calibration/{COUNT + 1}/").headers["Location"] == "/calibration/"
    assert "Go on" in page(desk, "/calibration/")


def test_what_is_missing_is_said_and_kept(desk: Client) -> None:
    html = answer(desk, 3, reason_inaccessible="")
    assert "Please answer: Why can it not be opened?" in words(html)
    assert 'value="inaccessible" checked' in html
    assert not Trial.objects.exists()


def test_after_the_last_case_the_score_and_what_was_expected_are_shown(desk: Client, lead: Client) -> None:
    for number in range(1, COUNT):
        answer(desk, number)
    assert answer(desk, COUNT, finding="not_child", reason_not_illegal="nobody") == "/calibration/"
    assert SET is not None
    asked = sum(len(case.expected) for case in SET.cases)
    text = words(page(desk, "/calibration/"))
    assert f"Your score: {asked - 2} of {asked}, 95 %" in text
    assert f"What is it? {COUNT - 1} / {COUNT}" in text
    assert "Why is it not for us? A complaint about a service, or advertising not asked differs" in text
    assert "The youngest child seen and the worst level seen count" in text
    assert "Who has done it" not in text
    assert f"anna {COUNT} / {COUNT} 95 %" in words(page(lead, "/calibration/"))


def test_a_lead_of_people_who_have_not_begun_is_told_so(lead: Client) -> None:
    assert "Nobody has begun yet." in page(lead, "/calibration/")


def test_a_set_without_practice_cases_says_so(settings: Settings, desk: Client) -> None:
    settings.HOUSE = replace(settings.HOUSE, label_set=label_set("lykta-1"))
    assert "There are no practice cases" in page(desk, "/calibration/")
    assert desk.get("/calibration/1/").headers["Location"] == "/calibration/"
