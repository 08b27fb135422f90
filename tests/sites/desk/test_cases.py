"""The page of a case: everything in one place, nothing that can be clicked by mistake, and a note of who read it."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.sites.desk.scenes import (
    ADDRESS,
    CONTACT,
    DEFANGED,
    client_of,
    page,
    ready_case,
    report,
    told,
    traced,
    words,
    write_again,
)

from lykta.core.vocabulary import Answer, ItemState
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases.actions import ending, forgetting, judging
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.takedown import actions as takedown
from lykta.sites.desk.casefile import ITEMS_ON_A_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def looks_at(case: Case) -> list[dict[str, object]]:
    """What the audit noted about people who opened the case."""
    found = Entry.objects.filter(word=AuditWord.CASE_SEEN, subject=f"case:{case.pk}").order_by("number")
    return [{"by": entry.by, **json.loads(entry.facts)} for entry in found]


def read(client: Client, case: Case) -> str:
    return words(page(client, f"/cases/{case.pk}/"))


def test_what_was_said_is_shown_with_its_lines_and_without_a_live_address(desk: Client) -> None:
    came = report(f"First line\nthen {ADDRESS} <b>& more</b>")
    html = page(desk, f"/cases/{came.case_id}/")
    assert f"<bdi>First line\nthen {DEFANGED} &lt;b&gt;&amp; more&lt;/b&gt;</bdi>" in html
    assert ADDRESS not in html


def test_each_answer_stands_beside_its_question_in_the_order_of_the_form(desk: Client) -> None:
    answers = {"words": f"There: {ADDRESS}", "topic": "contact", "demands": "threatens wants_money", "strange": "x"}
    came = report(content={"answers": answers, "contact": CONTACT}, seed="form")
    said = read(desk, came.case)
    in_order = [
        "What it is about Someone contacts, threatens or asks a child for pictures.",
        "What the person does Threatens the child, Asks for money",
        f"In the reporter's own words There: {DEFANGED}",
    ]
    assert [said.count(one) for one in in_order] == [1, 1, 1]
    assert sorted(in_order, key=said.index) == in_order
    assert CONTACT not in said


def test_danger_and_a_report_left_in_the_middle_are_seen_at_once(desk: Client) -> None:
    said = read(desk, report(seed="danger", danger=True, complete=False).case)
    assert "a child in danger now" in said
    assert "incomplete: the reporter stopped in the middle" in said
    other = read(desk, report(seed="calm").case)
    assert "in danger" not in other
    assert "incomplete" not in other


def test_every_opening_is_noted(desk: Client, lead: Client) -> None:
    case, _ = ready_case()
    for client in (desk, desk, lead):
        page(client, f"/cases/{case.pk}/")
    assert looks_at(case) == [{"by": "staff:anna"}, {"by": "staff:anna"}, {"by": "staff:lena"}]


def test_the_contact_is_shown_only_when_asked_for_and_that_is_noted(desk: Client) -> None:
    case, _ = ready_case()
    assert CONTACT not in page(desk, f"/cases/{case.pk}/")
    response = desk.post(f"/cases/{case.pk}/contact/")
    assert CONTACT in response.content.decode()
    assert looks_at(case)[-1] == {"by": "staff:anna", "contact": True}
    assert CONTACT not in page(desk, f"/cases/{case.pk}/")


def test_opening_takes_the_case_in_hand(desk: Client, anna: Staff) -> None:
    case, _ = ready_case()
    assert "In your hands until" in read(desk, case)
    case.refresh_from_db()
    assert case.claimed_by == anna


def test_a_colleagues_case_can_be_read_and_says_whose_it_is(desk: Client, lena: Staff) -> None:
    case, _ = ready_case()
    judging.claim(by=lena, case=case, now=now())
    said = read(desk, case)
    assert "A colleague has this case in hand. lena" in said
    assert "In your hands" not in said
    case.refresh_from_db()
    assert case.claimed_by == lena


def test_a_closed_case_is_not_taken_in_hand(desk: Client) -> None:
    case, _ = ready_case()
    ending.close(by="worker", case_number=case.pk, now=now())
    assert "closed" in read(desk, case)
    case.refresh_from_db()
    assert case.claimed_by is None


def test_the_chain_tells_where_it_is_from_address_to_country(desk: Client) -> None:
    case, _ = ready_case(
        hops=[
            {"address": ADDRESS, "ip": "192.0.2.10", "status": 302},
            {"address": "http://other.host.example/end", "ip": "192.0.2.11", "status": 200},
        ],
        names=["other.host.example", "edge.host.example"],
    )
    said = read(desk, case)
    in_order = [
        f"Asked for {DEFANGED} answered with status 302 from 192.0.2.10",
        "Leads to hxxp://other[.]host[.]example/end answered with status 200 from 192.0.2.11",
        "Also named other[.]host[.]example → edge[.]host[.]example",
        "Answers from 192.0.2.10",
        "Announced by Nordhost AB AS64500",
        "Host in Sweden (SE) likely practice ranges: 192.0.2.10 is in SE.",
    ]
    assert " ".join(in_order) in said


def test_a_delivery_network_is_said_to_be_in_front_of_the_host(desk: Client) -> None:
    case, _ = ready_case(cdn=True)
    assert "In front Nordhost AB A delivery network in front of the host" in read(desk, case)


def test_what_tracing_did_not_find_is_said(desk: Client) -> None:
    case, _ = ready_case(host_country="", missing=["The country of the server is not known."])
    said = read(desk, case)
    assert "Host in country not known" in said
    assert "The country of the server is not known." in said


def test_an_item_that_is_not_traced_yet_says_so(desk: Client) -> None:
    assert "being traced for 0 minutes Not traced yet." in read(desk, report().case)


def test_an_item_in_other_cases_leads_to_them(desk: Client) -> None:
    case, _ = ready_case()
    other = report(f"I saw it too {ADDRESS}").case
    html = page(desk, f"/cases/{case.pk}/")
    assert f'Also named in: <a href="/cases/{other.pk}/">{other.number}</a>' in html
    assert f'href="/cases/{case.pk}/">{case.number}' not in html


def test_who_was_told_and_what_they_answered(desk: Client, anna: Staff) -> None:
    case, item = ready_case()
    referral = told(item, anna)
    referral.boxes.create(lookup=b"x" * 16, proof=b"y" * 32)
    referrals.take_answer(
        by="worker",
        lookup=b"x" * 16,
        proof=b"y" * 32,
        digest="d",
        answer=Answer.REMOVED,
        note="Removed http://pictures.nordhost.test/album/1 today",
        reference="ticket 7",
        at=now(),
    )
    said = read(desk, case)
    assert f"Host, Nordhost AB about to be sent {referral.reference} It is here." in said
    assert f"has removed it ticket 7 Removed {DEFANGED} today" in said


def test_a_watch_tells_its_looks_and_the_next_one(desk: Client) -> None:
    case, item = ready_case()
    watch = takedown.watch(item_number=item.pk, baseline="", now=now(), every=None)
    watch.looks = 2
    watch.save()
    assert "Looked at 2 times in this phase. Next look" in read(desk, case)


def test_further_words_and_our_answers_stand_in_order(desk: Client, anna: Staff) -> None:
    came = report("First")
    ending.answer(by=anna.actor, report=came, number=uuid4(), text="Thank you", now=now() + timedelta(minutes=1))
    write_again(came, "Secondly", at=now() + timedelta(minutes=2))
    said = read(desk, came.case)
    assert 0 < said.index("First") < said.index("Thank you") < said.index("Secondly")
    assert "not in the mailbox yet" in said


def test_an_answer_quotes_the_first_words_of_its_question(desk: Client, anna: Staff) -> None:
    came, number = report("First"), uuid4()
    question = "Where was it? On http://pictures.nordhost.test/album/1 or on " + "another " * 20
    ending.ask(by=anna.actor, report=came, number=number, text=question, now=now())
    assert "question, no answer yet" in read(desk, came.case)
    write_again(came, "In the second place.", to=str(number))
    said = read(desk, came.case)
    assert "question, answered" in said
    assert f"Answer to our question: Where was it? On {DEFANGED} or on another another another another" in said
    assert said.index("Answer to our question:") < said.index("In the second place.")
    assert ("another " * 20).strip() not in said.partition("Answer to our question:")[2]


def test_new_words_are_marked_until_the_page_was_opened(desk: Client) -> None:
    came = report("First")
    write_again(came, "Second")
    said = read(desk, came.case)
    assert "The reporter has written again." in said
    assert re.search(r"The reporter, .{10,20} new Second", said)
    again = read(desk, came.case)
    assert "The reporter has written again." not in again
    assert not re.search(r"new Second", again)


def test_a_forgotten_case_says_so_and_takes_no_answer(desk: Client) -> None:
    case = report("Words to be forgotten").case
    forgetting.forget(by="worker", case_number=case.pk, now=now())
    said = read(desk, case)
    assert "Words to be forgotten" not in said
    assert "Forgotten: the key to these words has been destroyed." in said
    assert "nobody can write to the reporter any more" in said
    assert "/answer/" not in page(desk, f"/cases/{case.pk}/")


def test_the_timeline_names_what_was_done_to_the_case_and_its_items(desk: Client) -> None:
    case, item = ready_case()
    said = read(desk, case)
    assert "Lykta A report became a case." in said
    assert f"The machine traced an item. item:{item.pk} · asn: 64500" in said
    assert "anna A member of staff opened the page of a case" in said


def test_assessing_is_offered_for_what_is_ready_only(desk: Client) -> None:
    came = report("http://a.host.example/ http://b.host.example/")
    assert "/assess/" not in page(desk, f"/cases/{came.case_id}/")
    traced(came)
    assert page(desk, f"/cases/{came.case_id}/").count("/assess/") == 2


def test_colleagues_read_the_same_case(anna: Staff, lead: Client) -> None:
    case, _ = ready_case()
    read(client_of(anna), case)
    assert DEFANGED in read(lead, case)


def test_the_items_of_a_long_list_are_shown_in_pages(desk: Client) -> None:
    case = report("\n".join(f"http://a.host.example/{number}" for number in range(ITEMS_ON_A_PAGE + 1))).case
    html = page(desk, f"/cases/{case.pk}/")
    assert f"Items {ITEMS_ON_A_PAGE + 1}" in words(html)
    assert f'href="/cases/{case.pk}/?page=2"' in html
    last = f"Item {ITEMS_ON_A_PAGE + 1} "
    assert last not in words(html)
    second = words(page(desk, f"/cases/{case.pk}/?page=2"))
    assert last in second
    assert "Page 2 of 2" in second
    assert f"item:{ITEMS_ON_A_PAGE + 1}" in second
    assert "item:1 " not in second


def test_a_case_can_be_closed_only_when_no_item_on_any_page_is_open(desk: Client) -> None:
    case = report("\n".join(f"http://a.host.example/{number}" for number in range(ITEMS_ON_A_PAGE + 1))).case
    Item.objects.update(state=ItemState.DISMISSED)
    assert "/close/" in page(desk, f"/cases/{case.pk}/")
    Item.objects.filter(pk=Item.objects.latest("pk").pk).update(state=ItemState.READY)
    assert "/close/" not in page(desk, f"/cases/{case.pk}/")
