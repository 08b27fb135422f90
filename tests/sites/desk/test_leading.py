"""What a lead keeps: recipients, figures and the state of the machine."""

import pytest
from django.test import Client
from pysequoia import Tsk
from tests.sites.desk.scenes import client_of, hidden, page, prove, ready_case, told, words

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import RecipientKind
from lykta.lib.clock import now
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.models import Approval
from lykta.records.audit.models import Entry
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals import queries
from lykta.records.referrals.models import Recipient
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

POLICE = {"kind": "police", "country": "se", "name": "Police unit", "email": "unit@police.test", "key": ""}


@pytest.fixture
def lead(lead: Client) -> Client:
    return prove(lead)


@pytest.fixture(scope="module")
def certificate() -> str:
    return str(Tsk.generate("Unit <unit@police.test>", validity_seconds=1_000_000).extract_certificate())


def test_where_cases_go_is_changed_only_by_who_proved_themselves_just_now(lena: Staff) -> None:
    asked = client_of(lena).post("/recipients/keep/", {**POLICE, "key": "two\nlines"})
    assert asked.status_code == 403
    assert 'name="key" value="two\nlines"' in asked.content.decode()
    assert not Recipient.objects.exists()


def test_a_recipient_is_added_with_its_certificate(lead: Client, certificate: str) -> None:
    assert lead.post("/recipients/keep/", {**POLICE, "key": certificate}).headers["Location"] == "/recipients/"
    [kept] = Recipient.objects.all()
    assert (kept.kind, kept.country, kept.email) == (RecipientKind.POLICE, "SE", "unit@police.test")
    said = words(page(lead, "/recipients/"))
    assert "Police unit is kept." in said
    assert "Valid until" in said


def test_a_recipient_without_a_certificate_is_kept_and_said_to_be_readable_on_the_way(lead: Client) -> None:
    lead.post("/recipients/keep/", POLICE)
    assert "None: mail to them is signed, but not encrypted." in page(lead, "/recipients/")


def changed_alone(name: str = "Police unit") -> Recipient:
    """Changed by somebody with a shell on the machine, whom no second person has to agree with."""
    for email in ("unit@police.test", "elsewhere@police.test"):
        kept = referrals.load_recipient(
            by="command", kind=RecipientKind.POLICE, country="SE", name=name, email=email, key="", now=now()
        )
    return kept


def test_what_was_changed_on_the_machine_itself_is_shown_to_leads_until_one_compared_it(lead: Client) -> None:
    kept = changed_alone()
    warning = "Where mail to Police unit goes was changed on the machine itself"
    assert warning in words(page(lead, "/"))
    assert "I have compared it" in page(lead, "/recipients/")
    assert lead.post(f"/recipients/{kept.pk}/compared/").headers["Location"] == "/recipients/"
    assert "That you compared it stands in the record." in page(lead, "/recipients/")
    assert warning not in words(page(lead, "/"))
    assert list(Entry.objects.filter(word__startswith="recipient").values_list("word", "by")) == [
        ("recipient.changed", "command"),
        ("recipient.changed", "command"),
        ("recipient.moved_alone", "command"),
        ("recipient.compared", "staff:lena"),
    ]
    lead.post(f"/recipients/{kept.pk}/compared/")
    assert Entry.objects.filter(word="recipient.compared").count() == 1


def test_comparing_is_for_leads_who_proved_themselves_just_now(lena: Staff, li: Staff, desk: Client) -> None:
    kept = changed_alone()
    address = f"/recipients/{kept.pk}/compared/"
    assert client_of(lena).post(address).status_code == 403
    assert prove(client_of(li)).post(address).status_code == 404
    assert "changed on the machine itself" not in page(desk, "/")
    assert "I have compared it" not in page(client_of(li), "/recipients/")
    assert queries.changed_alone() == [kept]


def test_two_who_agree_to_another_address_have_compared_it(lead: Client, anna: Staff) -> None:
    changed_alone()
    change = {**POLICE, "changing": "yes", "email": "third@police.test", "why": "They called."}
    lead.post("/recipients/keep/", change)
    lead.post("/recipients/keep/", {**POLICE, "changing": "yes", "email": "elsewhere@police.test", "name": "A name"})
    assert len(queries.changed_alone()) == 1
    approvals.approve(by=anna, number=Approval.objects.get().pk, now=now())
    lead.post("/recipients/keep/", change)
    assert [one.email for one in queries.recipients()] == ["third@police.test"]
    assert queries.changed_alone() == []


def test_another_name_is_changed_in_place(lead: Client) -> None:
    lead.post("/recipients/keep/", POLICE)
    [kept] = Recipient.objects.all()
    html = page(lead, f"/recipients/{kept.pk}/")
    assert "Change Police unit" in html
    assert 'value="unit@police.test"' in html
    lead.post("/recipients/keep/", {**POLICE, "changing": "yes", "name": "New unit"})
    [kept] = Recipient.objects.all()
    assert kept.name == "New unit"


def test_mail_goes_to_another_address_only_when_two_agree(lead: Client, desk: Client, certificate: str) -> None:
    lead.post("/recipients/keep/", POLICE)
    change = {**POLICE, "changing": "yes", "email": "new@police.test", "key": certificate}
    assert "Please say why" in lead.post("/recipients/keep/", change).content.decode()
    response = lead.post("/recipients/keep/", {**change, "why": "They told us by telephone."})
    assert response.headers["Location"] == "/approvals/"
    assert Recipient.objects.get().email == "unit@police.test"
    said = words(page(prove(desk), "/approvals/"))
    assert "new@police.test" in said
    assert "They told us by telephone." in said
    assert "BEGIN PGP" not in said
    desk.post("/approvals/1/decide/", {"verdict": "approve"})
    lead.post("/recipients/keep/", {**change, "email": "other@police.test"})
    assert Recipient.objects.get().email == "unit@police.test"
    fields = hidden(page(lead, "/approvals/"))
    assert fields["email"] == "new@police.test"
    assert lead.post("/recipients/keep/", fields).headers["Location"] == "/recipients/"
    assert (Recipient.objects.get().email, Recipient.objects.get().key) == ("new@police.test", certificate.strip())
    assert Entry.objects.filter(word="approval.used", subject="recipient:1").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "host"}, "Please choose police or partner hotline."),
        ({"country": "Sweden"}, "Please give the country in two letters"),
        ({"name": ""}, "Please give a name"),
        ({"email": "unit"}, "Please give a whole e-mail address"),
        ({"key": "no certificate"}, "This is no OpenPGP certificate."),
    ],
)
def test_what_cannot_be_right_is_said_and_the_form_is_kept(lead: Client, change: dict[str, str], said: str) -> None:
    html = lead.post("/recipients/keep/", {**POLICE, "name": "A name", **change}).content.decode()
    assert said in html
    assert 'value="unit@police.test"' in html or change.get("email") == "unit"
    assert not Recipient.objects.exists()


def test_a_certificate_that_went_bad_is_said(lead: Client) -> None:
    referrals.set_recipient(
        by="test", kind=RecipientKind.POLICE, country="SE", name="P", email="p@police.test", key="damaged"
    )
    assert "It cannot be read." in page(lead, "/recipients/")


def test_nobody_known_yet_is_said(lead: Client) -> None:
    assert "Without the police of your own country" in page(lead, "/recipients/")


def test_a_recipient_that_is_not_there(lead: Client) -> None:
    assert lead.get("/recipients/4711/").status_code == 404


def test_figures_carry_their_definitions_and_a_chart_with_its_table(lead: Client, anna: Staff) -> None:
    _, item = ready_case()
    told(item, anna)
    type(item).objects.update(verdict="illegal")
    html = page(lead, "/figures/")
    said = words(html)
    assert "Reports 1 Reports received through any door" in said
    assert "Median time to the police not measured yet" in said
    assert "Sweden (SE) 1" in said
    assert '<rect width="100.0" height="10"/>' in html
    assert (
        '<rect width="100.0" height="10"/>' in lead.get("/figures/", headers={"Accept-Language": "sv"}).content.decode()
    )


def test_figures_without_anything_to_count(lead: Client) -> None:
    assert "Nothing has been assessed as illegal yet." in page(lead, "/figures/")


def stuck_step() -> Step:
    steps.plan(word=StepWord.SEND_REFERRAL, subject=7, now=now())
    step = Step.objects.get()
    steps.give_up(step, error="unit@police.test does not exist", now=now())
    return step


def test_a_stuck_step_is_tried_again_when_somebody_has_looked(lead: Client) -> None:
    step = stuck_step()
    said = words(page(lead, "/system/"))
    assert "Send one referral by signed and encrypted mail. 7" in said
    assert "unit@police.test does not exist" in said
    lead.post(f"/system/steps/{step.pk}/again/")
    step.refresh_from_db()
    assert step.failed_at is None
    assert "One step is due and waits for the worker." in words(page(lead, "/system/"))


def test_an_administrator_reads_that_a_step_is_stuck_but_not_about_whom(adam: Staff) -> None:
    stuck_step()
    said = words(page(client_of(adam), "/system/"))
    assert "1 × Send one referral by signed and encrypted mail." in said
    assert "unit@police.test" not in said


def test_the_record_is_verified(lead: Client, lena: Staff) -> None:
    lead.post("/system/verify/")
    assert "The record holds: 3 entries, none changed, none missing." in page(lead, "/system/")


def test_a_changed_record_is_found(lead: Client, lena: Staff) -> None:
    Entry.objects.filter(number=1).update(by="staff:somebody-else")
    lead.post("/system/verify/")
    assert "The record does not hold at entry 1" in page(lead, "/system/")


def test_a_liaison_who_asks_a_second_person_is_led_to_a_page_that_is_theirs(lead: Client, li: Staff) -> None:
    lead.post("/recipients/keep/", POLICE)
    change = {**POLICE, "changing": "yes", "email": "new@police.test", "why": "They told us by telephone."}
    response = prove(client_of(li)).post("/recipients/keep/", change, follow=True)
    assert response.redirect_chain == [("/recipients/", 302)]
    assert "A second person has to agree first." in response.content.decode()
