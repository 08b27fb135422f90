"""For how long a case is kept: holding it, lifting that, forgetting it early by two, and the page of what was forgotten."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, prove, report, words

from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.cases import queries
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case, Hold

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

DAY = timedelta(days=1)
HOLD = {"reason": "police", "reference": "K 1-26"}


@pytest.fixture
def case() -> Case:
    """A case that was closed just now, in which nothing illegal was found."""
    came = report("I saw it")
    ending.close(by="worker", case_number=came.case_id, now=now())
    return Case.objects.get()


def in_days(days: int) -> str:
    return f"{now() + days * DAY:%Y-%m-%d}"


def test_an_analyst_sees_the_days_and_no_buttons(case: Case, desk: Client) -> None:
    html = page(desk, f"/cases/{case.pk}/keeping/")
    assert words(html).count("Forgotten on") == 2
    assert "/hold/" not in html
    assert "/forget/" not in html


def test_an_open_case_is_kept(lead: Client) -> None:
    number = report("I saw it").case_id
    assert words(page(lead, f"/cases/{number}/keeping/")).count("Kept while the case is open.") == 2


def test_a_lead_holds_a_case_and_lifts_it(case: Case, lead: Client) -> None:
    lead.post(f"/cases/{case.pk}/hold/", {**HOLD, "until": in_days(100)})
    said = words(page(lead, f"/cases/{case.pk}/keeping/"))
    assert "Held until" in said
    assert "K 1-26" in said
    assert "/forget/" not in page(lead, f"/cases/{case.pk}/keeping/")
    assert queries.to_forget(now=now() + 60 * DAY) == []
    lead.post(f"/cases/{case.pk}/lift/")
    assert queries.to_forget(now=now() + 60 * DAY) == [case.pk]
    lead.post(f"/cases/{case.pk}/lift/")
    assert "No hold keeps this case." in words(page(lead, f"/cases/{case.pk}/keeping/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"until": "soon"}, "Please give the last day as year-month-day"),
        ({"until": "2020-01-01"}, "within a year"),
        ({"reason": "whim"}, "Please choose why"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    case: Case, lead: Client, change: dict[str, str], said: str
) -> None:
    html = lead.post(f"/cases/{case.pk}/hold/", {**HOLD, "until": in_days(9), **change}).content.decode()
    assert said in html
    assert 'value="K 1-26"' in html
    assert not Hold.objects.exists()


def test_a_second_hold_takes_two(case: Case, lead: Client, desk: Client) -> None:
    lead.post(f"/cases/{case.pk}/hold/", {**HOLD, "until": in_days(100)})
    longer = {**HOLD, "until": in_days(200), "why": "The trial is in spring."}
    lead.post(f"/cases/{case.pk}/hold/", longer)
    assert Hold.objects.count() == 1
    prove(desk).post("/approvals/1/decide/", {"verdict": "approve"})
    lead.post(f"/cases/{case.pk}/hold/", longer)
    assert Hold.objects.count() == 2
    assert f"{queries.held(now=now())[0].until:%Y-%m-%d}" == in_days(200)


def test_a_case_is_forgotten_early_by_two_and_a_step_up(case: Case, lead: Client, desk: Client) -> None:
    address = f"/cases/{case.pk}/forget/"
    lead.post(address)
    assert "Please say why" in words(page(lead, f"/cases/{case.pk}/keeping/"))
    lead.post(address, {"why": "The reporter wrote a letter."})
    assert "A second person has to look at it first." in words(page(lead, f"/cases/{case.pk}/keeping/"))
    prove(desk).post("/approvals/1/decide/", {"verdict": "approve"})
    assert lead.post(address).status_code == 403
    assert not Entry.objects.filter(word="case.forgotten").exists()
    prove(lead).post(address)
    case.refresh_from_db()
    assert case.forgotten_at is not None
    assert "nobody can read it any more" in words(page(lead, f"/cases/{case.pk}/keeping/"))


def test_the_page_of_what_was_forgotten_says_the_rule_and_lists_it_all(case: Case, lead: Client, desk: Client) -> None:
    said = words(page(lead, "/forgotten/"))
    assert "for 90 days" in said
    assert "rule retention-1" in said
    assert "Nothing is held." in said
    assert case.number in said
    lead.post(f"/cases/{case.pk}/hold/", {**HOLD, "until": in_days(100)})
    assert "The police or a prosecutor asked for it." in words(page(lead, "/forgotten/"))
    assert desk.get("/forgotten/").status_code == 404
