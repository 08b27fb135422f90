"""Second opinions at the desk: nobody sees the first answer, seniors see both, the lead sees how far people agree."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import client_of, hidden, page, ready_case, set_up_factor, words

from lykta.core.agreement import FEWEST
from lykta.core.exposure import Limits
from lykta.core.second_opinion import RULES, Policy
from lykta.core.vocabulary import ItemState, OpinionState, Purpose, Role
from lykta.lib.clock import now
from lykta.lib.labels import label_set
from lykta.records.cases.models import Assessment, Item, Opinion
from lykta.records.exposure.models import Look
from lykta.records.people import actions as people
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
NAMED = {"finding": "not_illegal", "reason_not_illegal": "not_sexual", "named": "child"}
SECRET = "not sexualised"
"""Stands in the first answer, and nowhere else but among the options."""


@pytest.fixture(autouse=True)
def _rules(settings: Settings, _house: None) -> None:
    policy = Policy(rules=RULES)
    settings.HOUSE = replace(settings.HOUSE, label_set=label_set("lykta-2"), second_opinions=policy)


@pytest.fixture
def bea(db: None) -> Client:
    """The browser of Bea, who is an analyst too."""
    staff = people.invite(by="test", username="bea", password="a long enough password", role=Role.ANALYST)
    set_up_factor(staff)
    return client_of(staff)


@pytest.fixture
def item(desk: Client) -> Item:
    """Anna has assessed an item in which a child is named as not illegal."""
    _, item = ready_case(fingerprints=[{"address": "http://pictures.nordhost.test/1.png", "media_type": "image/png"}])
    shown = desk.post(f"/items/{item.pk}/preview/", NAMED).content.decode()
    assert "A child is named in it, and it was assessed as not illegal." in words(shown)
    assert "before those concerned are told" in words(shown)
    desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    item.refresh_from_db()
    return item


def give(client: Client, **answers: str) -> str:
    opinion = Opinion.objects.get()
    return client.post(f"/opinions/{opinion.pk}/", {**NAMED, **answers}, follow=True).content.decode()


def test_the_analyst_reads_that_a_colleague_is_asked(desk: Client, item: Item) -> None:
    assert item.state == ItemState.CHECKING
    text = words(page(desk, "/opinions/"))
    assert "Kept. A colleague judges it too before those concerned are told." in text
    assert "One of your own assessments waits for a colleague." in text
    assert "Nothing waits for your second opinion." in text


def test_a_colleague_finds_it_in_the_list_and_judges_it_by_keyboard(bea: Client, item: Item) -> None:
    number = Opinion.objects.get().pk
    html = page(bea, "/opinions/")
    assert f'href="/opinions/{number}/" data-key="e"' in html
    assert "others wait for it" in html
    form = page(bea, f"/opinions/{number}/")
    assert 'name="finding" value="csam" data-key="1"' in form
    assert 'data-key="Enter"' in form
    assert "pictures[.]nordhost[.]test" in form


def test_nowhere_does_the_colleague_see_the_first_answer(bea: Client, desk: Client, item: Item) -> None:
    case = item.mentions.get().report.case_id
    number = Opinion.objects.get().pk
    for address in ("/opinions/", f"/opinions/{number}/", f"/items/{item.pk}/", f"/cases/{case}/", "/"):
        text = words(page(bea, address))
        assert "A child is named in it" not in text, address
        assert "verdict: not_illegal" not in text, address
        assert "found_legal" not in text, address
    assert 'value="not_illegal" checked' not in page(bea, f"/opinions/{number}/")
    assert "is hidden until a second opinion is given" in words(page(bea, f"/items/{item.pk}/"))
    own = words(page(desk, f"/items/{item.pk}/"))
    assert "Nudity or an everyday picture, not sexualised" in own
    assert "verdict: not_illegal" in own


def test_a_colleague_may_look_for_the_opinion_and_comes_back_to_it(bea: Client, item: Item, settings: Settings) -> None:
    settings.HOUSE = replace(settings.HOUSE, viewing=Limits(opens=timedelta(), closes=timedelta(hours=24)))
    opinion = Opinion.objects.get()
    assert f'href="/items/{item.pk}/look/?purpose=second_opinion" data-key="l"' in page(bea, f"/opinions/{opinion.pk}/")
    assert 'value="second_opinion" checked' in page(bea, f"/items/{item.pk}/look/?purpose=second_opinion")
    purposes = {Purpose.SECOND_OPINION: f"/opinions/{opinion.pk}/", Purpose.ASSESS: f"/items/{item.pk}/"}
    for purpose, next_page in purposes.items():
        look = Look.objects.create(
            person=Staff.objects.get(username="bea"),
            item=item,
            position=0,
            purpose=purpose,
            known=True,
            as_traced=True,
            begun_at=now(),
        )
        assert bea.post(f"/looks/{look.pk}/end/").headers["Location"] == next_page


def test_a_topic_that_somebody_is_never_shown_is_not_in_their_list(bea: Client, item: Item) -> None:
    Staff.objects.filter(username="bea").update(never_show=["web"])
    assert "Nothing waits for your second opinion." in page(bea, "/opinions/")


def test_what_a_senior_is_to_be_spared_waits_for_another(bea: Client, lead: Client, lena: Staff, item: Item) -> None:
    give(bea, finding="csam")
    decide = f"/opinions/{Opinion.objects.get().pk}/decide/"
    assert f'href="{decide}"' in page(lead, "/opinions/")
    Staff.objects.filter(pk=lena.pk).update(never_show=["web"])
    assert f'href="{decide}"' not in page(lead, "/opinions/")
    assert "You have chosen not to be shown" in page(lead, decide, status=403)


def test_two_who_agree_let_the_item_go_on(bea: Client, item: Item) -> None:
    assert "You and your colleague agree." in words(give(bea))
    item.refresh_from_db()
    assert (item.state, item.verdict) == (ItemState.DISMISSED, "not_illegal")
    assert "Second opinion A colleague came to the same." in words(page(bea, f"/items/{item.pk}/"))


def test_what_is_missing_is_said_and_nothing_typed_is_lost(bea: Client, item: Item) -> None:
    html = give(bea, reason_not_illegal="")
    assert "Please answer: Why is it not illegal?" in words(html)
    assert 'name="finding" value="not_illegal" checked' in html
    assert Opinion.objects.get().state == OpinionState.WAITING


def test_a_second_opinion_is_given_once(bea: Client, lead: Client, item: Item) -> None:
    give(bea)
    assert "Somebody has given a second opinion already." in words(give(lead))


def test_ones_own_assessment_is_not_there_to_be_judged(desk: Client, item: Item) -> None:
    assert desk.get(f"/opinions/{Opinion.objects.get().pk}/").status_code == 404


def test_only_a_senior_decides_and_only_when_both_have_spoken(bea: Client, lead: Client, item: Item) -> None:
    number = Opinion.objects.get().pk
    assert lead.get(f"/opinions/{number}/decide/").status_code == 404
    give(bea, finding="csam", reason_not_illegal="")
    assert bea.get(f"/opinions/{number}/decide/").status_code == 404
    assert "To decide" not in page(bea, "/opinions/")
    assert f'href="/opinions/{number}/decide/" data-key="d"' in page(lead, "/opinions/")


def test_nobody_decides_about_an_answer_of_their_own_while_somebody_else_can(lead: Client, item: Item) -> None:
    give(lead, finding="csam")
    opinion = Opinion.objects.get()
    assert opinion.state == OpinionState.DISAGREED
    assert "The first answer counts" in page(lead, f"/opinions/{opinion.pk}/decide/")
    people.invite(by="test", username="siv", password="a long enough password", role=Role.SENIOR_ANALYST)
    page(lead, f"/opinions/{opinion.pk}/decide/", status=404)
    assert "Nobody disagrees." in page(lead, "/opinions/")


def test_the_senior_sees_both_with_what_differs(bea: Client, lead: Client, item: Item) -> None:
    assert "You and your colleague differ: a senior decides." in words(give(bea, finding="csam"))
    text = words(page(lead, f"/opinions/{Opinion.objects.get().pk}/decide/"))
    assert "First: anna Second: bea" in text
    assert "What is it? differs About a child, not illegal Child sexual abuse material" in text
    assert "Is somebody named? A child is named A child is named" in text
    assert "Verdict not illegal illegal An example law, paragraph 1" in text


def test_the_first_answer_counts(bea: Client, lead: Client, item: Item) -> None:
    give(bea, finding="csam")
    decide = f"/opinions/{Opinion.objects.get().pk}/decide/"
    assert "Please choose whose answer counts." in words(lead.post(decide).content.decode())
    assert "the first answer counts" in words(lead.post(decide, {"right": "first"}, follow=True).content.decode())
    item.refresh_from_db()
    assert item.state == ItemState.DISMISSED
    assert "A senior has decided already." in words(lead.post(decide, {"right": "first"}, follow=True).content.decode())
    assert "The first answer counts" not in page(lead, decide)


def test_the_second_answer_is_filled_in_for_the_senior_to_confirm(bea: Client, lead: Client, item: Item) -> None:
    give(bea, finding="csam", age="7-10")
    number = Opinion.objects.get().pk
    response = lead.post(f"/opinions/{number}/decide/", {"right": "second"})
    assert response.headers["Location"] == f"/items/{item.pk}/assess/?opinion={number}"
    form = page(lead, response.headers["Location"])
    assert 'name="finding" value="csam" checked' in form
    assert 'name="age" value="7-10" checked' in form
    given = {**NAMED, "finding": "csam", "age": "7-10"}
    shown = lead.post(f"/items/{item.pk}/preview/", given).content.decode()
    assert "A colleague judges it too" not in shown
    lead.post(f"/items/{item.pk}/confirm/", hidden(shown))
    item.refresh_from_db()
    assert item.state == ItemState.REFERRED


def test_what_a_senior_is_filled_in_nobody_else_reads_by_its_number(bea: Client, item: Item, lead: Client) -> None:
    give(bea, finding="csam")
    number = Opinion.objects.get().pk
    lead.post(f"/opinions/{number}/decide/", {"right": "second"})
    assert bea.get(f"/items/{item.pk}/assess/?opinion={number}").status_code == 404
    assert bea.get(f"/items/{item.pk}/assess/?opinion=x").status_code == 200


def test_a_sample_that_was_told_already_leaves_the_senior_with_a_word(
    settings: Settings, desk: Client, bea: Client, lead: Client
) -> None:
    settings.HOUSE = replace(settings.HOUSE, second_opinions=Policy(sample=100))
    _, item = ready_case()
    shown = desk.post(f"/items/{item.pk}/preview/", {"finding": "csam"}).content.decode()
    assert "Nothing waits for that." in words(shown)
    done = desk.post(f"/items/{item.pk}/confirm/", hidden(shown), follow=True).content.decode()
    assert "Confirmed as illegal." in words(done)
    give(bea)
    decide = f"/opinions/{Opinion.objects.get().pk}/decide/"
    assert "Nothing waited for this." in words(page(lead, decide))
    said = lead.post(decide, {"right": "second"}, follow=True).content.decode()
    assert "Those concerned were told already: please write to them." in words(said)


def opinions_of(item: Item, first: Staff, second: Staff, pairs: list[tuple[str, str]]) -> None:
    """As many given opinions, with these answers to one question."""
    for one, other in pairs:
        given: dict[str, Any] = {
            "label_set": "lykta-2",
            "verdict": "illegal",
            "routing": "r",
            "facts": {},
            "duties": [],
        }
        made = Assessment.objects.create(item=item, by=first, at=now(), answers={"finding": one}, **given)
        Opinion.objects.create(
            assessment=made, reasons=["sample"], holds=False, asked_at=now(), by=second, at=now(), answers={"finding": other}
        )  # fmt: skip


def test_the_lead_reads_how_far_people_agree_and_where_there_is_too_little(
    lead: Client, anna: Staff, lena: Staff
) -> None:
    _, item = ready_case()
    opinions_of(item, anna, lena, [("csam", "csam")] * 20 + [("csam", "grey")] * 5 + [("grey", "csam")] * 10 + [("grey", "grey")] * 15)  # fmt: skip
    text = words(page(lead, "/opinions/agreement/"))
    assert "What is it? 50 70 % 0.40" in text
    assert f"questions have no figure yet: each needs {FEWEST} pairs of answers. {FEWEST} more: " in text
    assert text.count("Youngest child seen") == 1


def test_always_the_same_answer_has_no_kappa(lead: Client, anna: Staff, lena: Staff) -> None:
    opinions_of(ready_case()[1], anna, lena, [("csam", "csam")] * FEWEST)
    assert f"What is it? {FEWEST} 100 % always the same answer" in words(page(lead, "/opinions/agreement/"))


def test_what_is_missing_to_a_figure_is_one_line(lead: Client, anna: Staff, lena: Staff) -> None:
    opinions_of(ready_case()[1], anna, lena, [("csam", "csam")] * (FEWEST - 1))
    html = page(lead, "/opinions/agreement/")
    assert "One more: What is it?; 20 more: May a child be in danger now?, " in words(html)
    assert "<table" not in html


def test_agreement_is_for_the_lead_alone(desk: Client) -> None:
    assert desk.get("/opinions/agreement/").status_code == 404
    assert "/opinions/agreement/" not in page(desk, "/opinions/")
