"""For whom a case is: the queue, claims, hand-over and the doors agree, and leads see what nobody may take."""

from datetime import datetime

import pytest
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import Event
from lykta.core.refusals import NotForYou, NotNow
from lykta.core.vocabulary import Certification, Topic, Unfit
from lykta.records.cases import access, fitness, queries, queue
from lykta.records.cases.actions import judging, moves, standing
from lykta.records.cases.models import Attachment, Case, Item
from lykta.records.cases.queue import Wanted
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(report: TakeIn, now: datetime) -> Case:
    """An item with a film waits for an analyst."""
    found = report().case
    [item] = queries.items_of(found)
    standing.note_needs(item=item, needs=Certification.FILMS)
    moves.move(by="worker", item_number=item.pk, event=Event.TRACED, now=now)
    found.refresh_from_db()
    return found


def keep(staff: Staff, **said: object) -> Staff:
    Staff.objects.filter(pk=staff.pk).update(**said)
    staff.refresh_from_db()
    return staff


def offered(by: Staff, now: datetime) -> list[Case]:
    return list(queue.queue(Wanted(), by=by, now=now))


def test_a_case_needs_what_its_items_to_assess_need(case: Case, now: datetime) -> None:
    assert case.needs == Certification.FILMS
    item = Item.objects.get()
    standing.note_needs(item=item, needs=Certification.PICTURES)
    assert Case.objects.get().needs == Certification.PICTURES
    moves.move(by="worker", item_number=item.pk, event=Event.FOUND_NOTHING, now=now)
    assert Case.objects.get().needs == Certification.TEXT


def test_what_was_assessed_before_needs_no_look_until_that_is_taken_back(
    case: Case, anna: Staff, now: datetime
) -> None:
    item = Item.objects.get()
    moves.move(by="worker", item_number=item.pk, event=Event.FOUND_LEGAL, now=now)
    Item.objects.update(verdict="not_illegal")
    item.refresh_from_db()
    keep(anna, certified_for="text")
    assert access.access_item_to_judge(anna, item.pk) == item
    judging.reconsider(by=anna, item_number=item.pk, now=now)
    case.refresh_from_db()
    assert case.needs == Certification.FILMS
    with pytest.raises(NotForYou, match="not certified"):
        access.access_item_to_judge(anna, item.pk)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"certified_for": "text"}, Unfit.NOT_CERTIFIED),
        ({"certified_for": "pictures"}, Unfit.NOT_CERTIFIED),
        ({"unprepared_for": ["web"]}, Unfit.NOT_PREPARED),
        ({"never_show": ["web"]}, Unfit.SPARED),
    ],
)
def test_what_is_not_for_somebody_is_neither_offered_nor_claimed_nor_handed_to_them(
    case: Case, anna: Staff, lena: Staff, said: dict[str, object], why: Unfit
) -> None:
    now = case.opened_at
    assert (offered(anna, now), fitness.takers(case)) == ([case], [anna, lena])
    keep(anna, **said)
    assert (offered(anna, now), offered(lena, now)) == ([], [case])
    assert fitness.takers(case) == [lena]
    with pytest.raises(NotNow, match=why.sentence[:30]):
        judging.claim(by=anna, case=case, now=now)
    with pytest.raises(NotNow, match="does not take cases of this kind"):
        judging.hand_over(by=lena, case=case, to=anna, now=now)
    with pytest.raises(NotForYou, match=why.sentence[:30]):
        access.access_item_to_judge(anna, Item.objects.get().pk)


def test_who_is_not_certified_reads_the_words_and_who_is_not_prepared_reads_nothing(case: Case, anna: Staff) -> None:
    item, report = Item.objects.get(), case.reports.get()
    file = Attachment.objects.create(report=report, number=case.uuid, label=b"", received_at=report.received_at)
    doors = (
        (access.access_case, case.pk),
        (access.access_item, item.pk),
        (access.access_report, report.pk),
        (access.access_attachment, file.pk),
    )
    keep(anna, certified_for="text")
    for door, number in doors:
        assert door(anna, number)
    keep(anna, unprepared_for=["web"])
    for door, number in doors:
        with pytest.raises(NotForYou, match="not prepared"):
            door(anna, number)


def test_an_item_of_two_cases_is_read_by_who_may_read_one(case: Case, report: TakeIn, anna: Staff) -> None:
    item = Item.objects.get()
    keep(anna, never_show=["web"])
    with pytest.raises(NotForYou):
        access.access_item(anna, item.pk)
    report(seed="another", topic=Topic.TRAVEL)
    assert access.access_item(anna, item.pk) == item


def test_a_lead_sees_what_waits_and_nobody_at_work_may_take(case: Case, anna: Staff, now: datetime) -> None:
    thursday = now
    assert fitness.waiting_for_nobody(now=thursday) == []
    keep(anna, certified_for="pictures")
    assert fitness.waiting_for_nobody(now=thursday) == [(Topic.WEB, Certification.FILMS)]
    keep(anna, certified_for="films", works_on="5")
    assert fitness.waiting_for_nobody(now=thursday) == [(Topic.WEB, Certification.FILMS)]
    keep(anna, works_on="4")
    assert fitness.waiting_for_nobody(now=thursday) == []
    keep(anna, never_show=["web"])
    assert fitness.waiting_for_nobody(now=thursday) == [(Topic.WEB, Certification.FILMS)]
    Case.objects.update(to_do=False)
    assert fitness.waiting_for_nobody(now=thursday) == []
