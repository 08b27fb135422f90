"""The page of people: invited by a link, given roles and terms, logged out, removed at once."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import PASSWORD, client_of, page, prove, ready_case, set_up_factor, words

from lykta.core.vocabulary import Certification, Role
from lykta.lib.clock import now
from lykta.records.approvals.models import Approval
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Case
from lykta.records.people import actions
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

FORM = {"name": "nils", "role": "analyst", "certified_for": "text"}
NEW = "a sentence that nobody guesses"


@pytest.fixture
def lead(lead: Client) -> Client:
    return prove(lead)


def link_of(html: str) -> str:
    """The path of the link on the page that shows it."""
    return html.partition("http://127.0.0.1:8002")[2].partition("</textarea>")[0]


def follow(link: str, password: str = NEW) -> Client:
    """A browser in which the link was used."""
    client = Client()
    client.post(link, {"new_password1": password, "new_password2": password})
    return client


def test_a_colleague_is_invited_and_comes_in_by_the_link_once(lead: Client) -> None:
    link = link_of(lead.post("/people/invite/", FORM).content.decode())
    assert link.startswith("/join/")
    assert "Welcome, nils" in page(Client(), link)
    client = follow(link)
    assert client.get("/").headers["Location"] == "/account/factor/"
    nils = Staff.objects.get(username="nils")
    assert (nils.role, nils.certified_for) == (Role.ANALYST, Certification.TEXT)
    assert nils.check_password(NEW)
    assert "has been used or is too old" in page(Client(), link, status=410)
    assert Client().post(link, {"new_password1": NEW, "new_password2": NEW}).status_code == 410


def test_the_link_is_shown_once_and_is_nowhere_on_the_page_of_people(lead: Client) -> None:
    link = link_of(lead.post("/people/invite/", FORM).content.decode())
    people = page(lead, "/people/")
    assert link not in people
    assert "invited, until" in words(people)


def test_an_old_link_opens_nothing(lead: Client) -> None:
    nils = actions.invite(by="test", username="nils", role=Role.ANALYST)
    token = actions.make_link(by="test", staff=nils, now=now() - timedelta(days=3))
    assert Client().get(f"/join/{token}/").status_code == 410


@pytest.mark.parametrize(("first", "second"), [("short", "short"), (NEW, NEW + "!"), ("", "")])
def test_a_password_that_will_not_do_uses_up_no_link(lead: Client, first: str, second: str) -> None:
    link = link_of(lead.post("/people/invite/", FORM).content.decode())
    refused = Client().post(link, {"new_password1": first, "new_password2": second})
    assert refused.status_code == 422
    assert 'class="wrong"' in refused.content.decode()
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "short name"),
        ({"name": "two words"}, "short name"),
        ({"name": "n" * 61}, "shorter name"),
        ({"name": "LENA"}, "account of that name"),
        ({"role": "king"}, "choose a role"),
        ({"certified_for": ""}, "may be asked to look at"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(
    lead: Client, changes: dict[str, str], said: str
) -> None:
    refused = lead.post("/people/invite/", {**FORM, **changes})
    assert refused.status_code == 422
    assert said in words(refused.content.decode())
    assert f'value="{changes.get("name", "nils")}"' in refused.content.decode()
    assert Staff.objects.count() == 1


def test_opening_the_page_of_a_colleague_is_written_down(lead: Client, anna: Staff) -> None:
    page(lead, f"/people/{anna.pk}/")
    assert Entry.objects.get(word="staff.seen", by="staff:lena").subject == "staff:anna"


def test_a_role_is_given_and_counts_at_once(lead: Client, anna: Staff) -> None:
    theirs = client_of(anna)
    case, _ = ready_case()
    assert theirs.get(f"/cases/{case.pk}/").status_code == 200
    assert lead.post(f"/people/{anna.pk}/role/", {"role": "communicator"}).status_code == 302
    assert theirs.get(f"/cases/{case.pk}/").status_code == 404


def test_a_role_that_is_none_is_refused(lead: Client, anna: Staff) -> None:
    assert lead.post(f"/people/{anna.pk}/role/", {"role": "king"}).status_code == 422


def test_nobody_gives_themselves_a_role_or_a_new_start(lead: Client, lena: Staff) -> None:
    for what in ("role", "terms", "start-anew"):
        assert lead.post(f"/people/{lena.pk}/{what}/", {"role": "analyst"}).status_code == 404
    assert "Give this role" not in page(lead, f"/people/{lena.pk}/")


def test_an_administrator_makes_nobody_who_sees_cases(adam: Staff, anna: Staff) -> None:
    client = prove(client_of(adam))
    assert client.post("/people/invite/", FORM).status_code == 404
    assert client.post("/people/invite/", {**FORM, "role": "communicator"}).status_code == 200
    assert client.post(f"/people/{anna.pk}/start-anew/").status_code == 404
    assert client.post(f"/people/{anna.pk}/role/", {"role": "communicator"}).status_code == 404
    assert client.get(f"/people/{anna.pk}/").status_code == 200


def test_terms_are_kept(lead: Client, anna: Staff) -> None:
    form = {"certified_for": "pictures", "works_on": ["1", "5"], "works_from": "08:00", "works_until": "12:30"}
    assert lead.post(f"/people/{anna.pk}/terms/", form).status_code == 302
    anna.refresh_from_db()
    assert (anna.certified_for, anna.works_on, str(anna.works_until)) == ("pictures", "15", "12:30:00")
    assert 'value="08:00"' in page(lead, f"/people/{anna.pk}/")


@pytest.mark.parametrize("hours", [("08:00", ""), ("", "17:00"), ("half past", "17:00")])
def test_half_a_working_day_is_not_understood(lead: Client, anna: Staff, hours: tuple[str, str]) -> None:
    form = {"certified_for": "text", "works_from": hours[0], "works_until": hours[1]}
    assert lead.post(f"/people/{anna.pk}/terms/", form).status_code == 422


def test_a_colleague_is_logged_out_everywhere_and_may_come_back(lead: Client, anna: Staff) -> None:
    one, other = client_of(anna), client_of(anna)
    lead.post(f"/people/{anna.pk}/sessions/end/")
    for client in (one, other):
        assert client.get("/").headers["Location"].startswith("/log-in/")
    assert client_of(anna).get("/").status_code == 200


def test_removing_somebody_ends_sessions_and_keys_at_once_and_hands_claims_back(lead: Client, anna: Staff) -> None:
    theirs = client_of(anna)
    case, _ = ready_case()
    theirs.get(f"/cases/{case.pk}/")
    assert Case.objects.get(pk=case.pk).claimed_by == anna
    assert "Remove anna?" in words(page(lead, f"/people/{anna.pk}/remove/"))
    assert "handed back: 1" in words(lead.post(f"/people/{anna.pk}/remove/", follow=True).content.decode())
    assert theirs.get(f"/cases/{case.pk}/").headers["Location"].startswith("/log-in/")
    assert Case.objects.get(pk=case.pk).claimed_by is None
    assert not Authenticator.objects.filter(user=anna).exists()
    assert "/log-in/code/" not in Client().post("/log-in/", {"login": "anna", "password": PASSWORD}).headers
    assert "Has left." in page(lead, f"/people/{anna.pk}/")
    assert "anna" not in words(page(lead, "/people/")).partition("Invite somebody")[0]


def test_two_leads_stay(lead: Client, lena: Staff) -> None:
    answer = lead.post(f"/people/{lena.pk}/remove/", {"why": "I move away."})
    assert answer.status_code == 422
    assert "Two leads have to stay" in words(answer.content.decode())
    assert 'value="I move away."' in answer.content.decode()
    assert lead.get("/").status_code == 200


def test_an_administrator_removes_a_lead_with_another_leads_agreement(adam: Staff, lead: Client, lena: Staff) -> None:
    leo, luz = (actions.invite(by="test", username=name, password=PASSWORD, role=Role.LEAD) for name in ("leo", "luz"))
    set_up_factor(luz)
    administrator, remove = prove(client_of(adam)), f"/people/{leo.pk}/remove/"
    assert "Why, for another lead who has to agree" in page(administrator, remove)
    assert "Please say why: another lead has to agree" in words(administrator.post(remove).content.decode())
    asked = administrator.post(remove, {"why": "Leo has moved away."}, follow=True)
    assert asked.redirect_chain == [("/approvals/", 302)]
    said = words(asked.content.decode())
    assert "Somebody is a lead no longer: removed, or in another role." in said
    assert "none: removed" in said
    assert "It waits on the page of approvals" in words(page(administrator, remove))
    lead.post(f"/approvals/{Approval.objects.get().pk}/decide/", {"verdict": "approve"})
    assert f'href="{remove}"' in page(administrator, "/approvals/")
    assert "Why, for another lead" not in page(administrator, remove)
    assert "leo is out." in words(administrator.post(remove, follow=True).content.decode())
    assert lena.leads


def test_a_lead_gets_another_role_only_with_a_reason_and_an_agreement(lead: Client, lena: Staff) -> None:
    leo, luz = (actions.invite(by="test", username=name, password=PASSWORD, role=Role.LEAD) for name in ("leo", "luz"))
    set_up_factor(luz)
    address, form = f"/people/{leo.pk}/role/", {"role": "analyst", "why": "Leo wants to do less."}
    assert lead.post(address, {"role": "analyst"}).status_code == 422
    assert lead.post(address, form).headers["Location"] == "/approvals/"
    assert "Analyst" in words(page(lead, "/approvals/"))
    prove(client_of(luz)).post(f"/approvals/{Approval.objects.get().pk}/decide/", {"verdict": "approve"})
    assert "leo has another role now." in words(lead.post(address, form, follow=True).content.decode())
    leo.refresh_from_db()
    assert leo.role == Role.ANALYST


def test_who_lost_every_way_in_starts_anew(lead: Client, anna: Staff) -> None:
    theirs = client_of(anna)
    assert "Let anna start anew?" in words(page(lead, f"/people/{anna.pk}/start-anew/"))
    link = link_of(lead.post(f"/people/{anna.pk}/start-anew/").content.decode())
    assert theirs.get("/").headers["Location"].startswith("/log-in/")
    assert not Authenticator.objects.filter(user=anna).exists()
    assert Client().post("/log-in/", {"login": "anna", "password": PASSWORD}).status_code == 200
    assert follow(link).get("/").headers["Location"] == "/account/factor/"


def test_in_production_a_passkey_is_asked_for_unless_a_lead_allowed_an_app(
    lead: Client, anna: Staff, settings: Settings
) -> None:
    theirs = client_of(anna)
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": "production"})
    assert theirs.get("/").headers["Location"] == "/account/keys/add/"
    assert theirs.get("/account/factor/").headers["Location"] == "/account/keys/add/"
    Staff.objects.filter(pk=anna.pk).update(may_use_app=True)
    assert client_of(anna).get("/").status_code == 200
