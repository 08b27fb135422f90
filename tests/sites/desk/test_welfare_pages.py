"""One's own page, the group's page and the export: who sees what, and what nobody sees."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from tests.sites.desk.conftest import _member
from tests.sites.desk.scenes import PASSWORD, client_of, page, prove, ready_case, words

from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.records.audit.queries import history
from lykta.records.exposure import actions
from lykta.records.exposure.models import Addition, Counselling, Elsewhere
from lykta.records.people import actions as people
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def vera(db: None) -> Client:
    """The browser of Vera, the welfare officer."""
    return client_of(_member("vera", Role.WELFARE_OFFICER))


def five() -> None:
    """Five people who looked for ten minutes each in another system."""
    for number in range(5):
        person = people.invite(by="test", username=f"worker{number}", password=PASSWORD, role=Role.ANALYST)
        actions.note_elsewhere(by=person, day=now().date(), minutes=10, system="", now=now())


def test_ones_own_page_shows_ones_own_figures(desk: Client, anna: Staff) -> None:
    today = now().date()
    desk.post("/looking/elsewhere/", {"day": today.isoformat(), "minutes": "25", "system": "another"})
    desk.post("/looking/counselling/", {"day": today.isoformat()})
    actions.leave(by=anna, item=ready_case()[1], now=now())
    shown = words(page(desk, "/looking/"))
    assert "Looked today: 25 of 180 minutes." in shown
    assert "Only you see this page." in shown
    assert f"{today.day} {today:%b %Y}" in shown
    assert "30 0 25 0 0 1" in shown


@pytest.mark.parametrize(
    ("address", "form", "says"),
    [
        ("elsewhere", {"day": "2026-13-01", "minutes": "10"}, "Give a day that has begun"),
        ("elsewhere", {"day": "2026-01-01", "minutes": "many"}, "between 1 and 600"),
        ("counselling", {"day": ""}, "Give a day that has begun"),
        ("preferences", {"side": "4000"}, "Choose one of the sizes"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: Client, address: str, form: dict[str, str], says: str) -> None:
    assert says in desk.post(f"/looking/{address}/", form, follow=True).content.decode()
    assert not Elsewhere.objects.exists()
    assert not Counselling.objects.exists()


def test_few_are_not_shown_and_five_are_summed(lead: Client, anna: Staff) -> None:
    actions.note_elsewhere(by=anna, day=now().date(), minutes=77, system="", now=now())
    alone = words(page(lead, "/welfare/"))
    assert alone.count("Too few to show.") == 12
    assert "77" not in alone
    five()
    together = words(page(lead, "/welfare/"))
    assert f"{now():%Y-%m} 6 0 127 21 0 0 0 0" in together
    assert together.count("Too few to show.") == 11


def test_a_welfare_officer_sees_dates_and_the_group_and_no_case(vera: Client, anna: Staff) -> None:
    actions.note_counselling(by=anna, day=now().date() - timedelta(days=1), now=now())
    ready_case()
    assert vera.get("/").headers["Location"] == "/welfare/"
    shown = words(page(vera, "/welfare/"))
    assert "Who Month Talks anna" in shown
    assert "Let somebody look on" not in shown
    for address in ("/cases/1/", "/items/1/", "/items/1/look/", "/looking/", "/referrals/", "/system/"):
        assert vera.get(address).status_code == 404, address


def test_a_lead_sees_no_dates_and_an_analyst_no_group(lead: Client, desk: Client, anna: Staff) -> None:
    actions.note_counselling(by=anna, day=now().date(), now=now())
    assert "who, in which month" not in page(lead, "/welfare/")
    assert desk.get("/welfare/").status_code == desk.post("/welfare/export/").status_code == 404


def test_the_export_asks_who_one_is_and_holds_sums_alone(lead: Client) -> None:
    five()
    assert lead.post("/welfare/export/").status_code == 403
    answer = prove(lead).post("/welfare/export/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert len(rows) == 12
    newest = rows[0]
    assert (newest["people"], newest["elsewhere"], newest["items"], newest["note"]) == ("5", "50", "0", "")
    assert [one["note"] for one in rows[1:]] == ["too few people to show"] * 11
    assert not set(rows[0]) & {"person", "name", "username"}
    assert [one["facts"] for one in history("group")] == [{"exported": True}]


def test_whoever_reads_the_groups_figures_is_in_the_record(lead: Client, lena: Staff) -> None:
    page(lead, "/welfare/")
    (entry,) = history("group")
    assert (entry["by"], entry["word"], entry["facts"]) == ("staff:lena", "welfare.read", {"exported": False})


def test_a_lead_cannot_lift_limits_for_oneself_or_without_a_reason(
    lead: Client, desk: Client, lena: Staff, anna: Staff, adam: Staff
) -> None:
    given = {"minutes": "20", "reason": "A child may be in danger."}
    for person in (lena, adam):
        assert lead.post("/welfare/allow/", {**given, "person": str(person.pk)}).status_code == 404
    assert lead.post("/welfare/allow/", {**given, "person": "nobody"}).status_code == 404
    assert desk.post("/welfare/allow/", {**given, "person": str(lena.pk)}).status_code == 404
    for wrong, says in (
        ({"reason": " "}, "Say why"),
        ({"minutes": "61"}, "between 1 and 60"),
        ({"minutes": "x"}, "60"),
    ):
        said = lead.post("/welfare/allow/", {**given, "person": str(anna.pk), **wrong}, follow=True)
        assert says in said.content.decode()
    assert not Addition.objects.exists()
