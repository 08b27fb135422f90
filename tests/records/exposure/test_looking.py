"""Looks: what the gate allows, shown once to whom it belongs, timed, and in the record."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.records.conftest import TakeIn

from lykta.core import exposure
from lykta.core.exposure import Limits, Wanted
from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import Blur, Gate, LookKind, Purpose
from lykta.records.audit.queries import history
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Case, Item
from lykta.records.exposure import actions, queries
from lykta.records.exposure.access import access_asked, access_colleague, access_led, access_look
from lykta.records.exposure.models import Addition, Counselling, Elsewhere, Look, Passed
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WANTED = Wanted(kind=LookKind.PICTURE, purpose=Purpose.ASSESS, known=False, certified=frozenset(LookKind))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def item(report: TakeIn) -> Item:
    return cases.items_of(report().case)[0]


def begin(by: Staff, item: Item, *, now: datetime = NOON, **changes: Any) -> Look:
    given: dict[str, Any] = {
        "position": 0,
        "wanted": WANTED,
        "blur": Blur.STRONG,
        "goes_on": False,
        "session": "s" * 64,
    }
    given |= {"as_traced": True, "limits": Limits(), **changes}
    return actions.begin(by=by, item=item, now=now, **given)


def show(by: Staff, item: Item, *, now: datetime = NOON, **changes: Any) -> Look:
    """A look whose picture was sent at once."""
    look = begin(by, item, now=now, **changes)
    actions.open_once(by=by, look=look, session="s" * 64, now=now)
    actions.note_shown(by=by, look=look, now=now)
    return Look.objects.get(pk=look.pk)


def entries(item: Item) -> list[tuple[str, str, dict[str, Any]]]:
    said = {"item.shown", "look.ended", "colleague.asked"}
    return [(one["by"], one["word"], one["facts"]) for one in history(f"item:{item.pk}") if one["word"] in said]


def test_a_look_is_in_the_record_with_who_what_for_and_how_long(anna: Staff, item: Item) -> None:
    look = show(anna, item)
    actions.end(by=anna, look=look, severity=2, now=NOON + timedelta(seconds=41))
    actions.end(by=anna, look=look, severity=None, now=NOON + 5 * MINUTE)
    facts = {"look": look.pk, "kind": "picture", "purpose": "assess", "blur": "strong", "known": False}
    assert entries(item) == [
        ("staff:anna", "item.shown", facts),
        ("staff:anna", "look.ended", {"look": look.pk, "seconds": 41, "purpose": "assess"}),
    ]
    look.refresh_from_db()
    assert (look.seconds, look.severity) == (41, 2)


def test_the_address_of_a_picture_works_once_within_a_minute_for_one_session(
    anna: Staff, lena: Staff, item: Item
) -> None:
    look = begin(anna, item)
    for by, session, now in (
        (anna, "t" * 64, NOON),
        (lena, "s" * 64, NOON),
        (anna, "s" * 64, NOON + exposure.TICKET),
    ):
        with pytest.raises(NotNow, match="begin a new one"):
            actions.open_once(by=by, look=look, session=session, now=now)
    actions.open_once(by=anna, look=look, session="s" * 64, now=NOON + timedelta(seconds=59))
    with pytest.raises(NotNow, match="begin a new one"):
        actions.open_once(by=anna, look=look, session="s" * 64, now=NOON + timedelta(seconds=59))


def test_what_did_not_come_counts_as_no_look(anna: Staff, item: Item) -> None:
    look = begin(anna, item)
    actions.open_once(by=anna, look=look, session="s" * 64, now=NOON)
    actions.note_problem(look=look, problem="The server answers 404.")
    actions.end(by=anna, look=look, severity=None, now=NOON + MINUTE)
    assert entries(item) == []
    assert queries.day_of(anna, now=NOON).spent == timedelta()


def test_one_look_at_a_time(anna: Staff, item: Item) -> None:
    show(anna, item)
    begin(anna, item, now=NOON + MINUTE)
    assert [facts["seconds"] for _, word, facts in entries(item) if word == "look.ended"] == [60]


def test_a_look_that_nobody_ended_is_ended_after_three_minutes(anna: Staff, item: Item) -> None:
    show(anna, item)
    actions.end_forgotten(now=NOON + 2 * MINUTE)
    assert Look.objects.get().ended_at is None
    actions.end_forgotten(now=NOON + 60 * MINUTE)
    assert Look.objects.get().seconds == 180
    assert entries(item)[-1][0] == "worker"


def test_the_gate_holds_when_the_limit_is_reached_and_a_lead_can_add_to_it(
    anna: Staff, lena: Staff, item: Item
) -> None:
    actions.note_elsewhere(by=anna, day=NOON.date(), minutes=180, system="another", now=NOON)
    with pytest.raises(NotNow, match="limit is reached"):
        begin(anna, item)
    actions.allow_more(by=lena, person=anna, minutes=10, reason=" The police wait. ", now=NOON)
    begin(anna, item, goes_on=True)
    assert Addition.objects.get().reason == "The police wait."
    (entry,) = history("staff:anna")[1:]
    assert (entry["by"], entry["word"], entry["facts"]) == (
        "staff:lena",
        "looking.extended",
        {"minutes": 10, "day": "2026-03-02"},
    )


def test_over_the_soft_limit_one_has_to_say_that_one_goes_on(anna: Staff, item: Item) -> None:
    actions.note_elsewhere(by=anna, day=NOON.date(), minutes=90, system="", now=NOON)
    with pytest.raises(NotNow, match="a lot today"):
        begin(anna, item)
    assert begin(anna, item, goes_on=True).pk


def test_a_pause_is_due_after_half_an_hour_of_looks(anna: Staff, item: Item) -> None:
    at = NOON
    for _ in range(10):
        show(anna, item, now=at)
        at += 3 * MINUTE
    with pytest.raises(NotNow, match="pause is due"):
        begin(anna, item, now=at)
    assert begin(anna, item, now=at + 5 * MINUTE).pk


def test_yesterday_and_another_person_do_not_count(anna: Staff, lena: Staff, item: Item) -> None:
    show(anna, item, now=NOON - timedelta(days=1))
    show(lena, item)
    actions.note_elsewhere(by=anna, day=NOON.date() - timedelta(days=1), minutes=180, system="", now=NOON)
    assert queries.day_of(anna, now=NOON).spent == timedelta()


def test_the_working_day_ends_when_the_person_says(anna: Staff, item: Item) -> None:
    actions.keep_preference(by=anna, gray=False, blur=Blur.LIGHT, side=80)
    kept = queries.preference_of(anna)
    assert (kept.gray, kept.blur, kept.side) == (False, "light", 80)
    anna.works_until = time(12, 30)
    anna.save(update_fields=["works_until"])
    with pytest.raises(NotNow, match="last hour"):
        begin(anna, item)
    summer = (NOON + timedelta(days=120)).astimezone(ZoneInfo("Europe/Stockholm"))
    assert queries.day_of(anna, now=summer).shift_ends == timedelta(hours=14, minutes=30)


def test_a_size_that_is_not_offered_is_refused(anna: Staff) -> None:
    with pytest.raises(NotUnderstood, match="sizes"):
        actions.keep_preference(by=anna, gray=True, blur=Blur.STRONG, side=500)


def test_skipping_gives_the_case_back_and_is_in_no_record(anna: Staff, item: Item) -> None:
    judging.claim(by=anna, case=Case.objects.get(), now=NOON)
    actions.leave(by=anna, item=item, now=NOON)
    assert Case.objects.get().claimed_by is None
    assert entries(item) == []
    assert Passed.objects.get().to is None


def test_a_colleague_is_asked_and_takes_it(anna: Staff, lena: Staff, item: Item) -> None:
    actions.ask_colleague(by=anna, item=item, to=lena, now=NOON)
    (asked,) = queries.asked_of(lena)
    assert (asked.person, asked.item) == (anna, item)
    assert entries(item) == [("staff:anna", "colleague.asked", {"to": lena.pk})]
    actions.take(asked=access_asked(lena, asked.pk), now=NOON)
    assert queries.asked_of(lena) == []


def test_nobody_reaches_anothers_look_or_wish(anna: Staff, lena: Staff, adam: Staff, item: Item) -> None:
    look = show(anna, item)
    actions.ask_colleague(by=anna, item=item, to=lena, now=NOON)
    asked = Passed.objects.get()
    assert access_look(anna, look.pk) == look
    for by, number, door in (
        (lena, look.pk, access_look),
        (adam, look.pk, access_look),
        (anna, asked.pk, access_asked),
        (anna, anna.pk, access_colleague),
        (anna, adam.pk, access_colleague),
        (anna, 987, access_colleague),
        (anna, lena.pk, access_led),
        (lena, lena.pk, access_led),
    ):
        with pytest.raises(NotAllowed, match="nothing here for you"):
            door(by, number)
    assert access_led(lena, anna.pk) == anna
    assert queries.colleagues_of(anna, item) == [lena]
    lena.never_show = ["web"]
    lena.save(update_fields=["never_show"])
    assert queries.colleagues_of(anna, item) == []


@pytest.mark.parametrize(("minutes", "reason"), [(0, "why"), (61, "why"), (10, " ")])
def test_a_lead_says_why_and_not_too_much(anna: Staff, lena: Staff, minutes: int, reason: str) -> None:
    with pytest.raises(NotUnderstood):
        actions.allow_more(by=lena, person=anna, minutes=minutes, reason=reason, now=NOON)
    assert not Addition.objects.exists()


def test_what_has_not_been_cannot_be_typed_in(anna: Staff) -> None:
    tomorrow = NOON.date() + timedelta(days=1)
    for day, minutes in ((tomorrow, 10), (NOON.date(), 0), (NOON.date(), 601)):
        with pytest.raises(NotUnderstood):
            actions.note_elsewhere(by=anna, day=day, minutes=minutes, system="", now=NOON)
    with pytest.raises(NotUnderstood):
        actions.note_counselling(by=anna, day=tomorrow, now=NOON)


def test_after_two_years_a_persons_figures_are_forgotten(anna: Staff, lena: Staff, item: Item) -> None:
    show(anna, item)
    actions.leave(by=anna, item=item, now=NOON)
    actions.note_elsewhere(by=anna, day=NOON.date(), minutes=1, system="", now=NOON)
    actions.note_counselling(by=anna, day=NOON.date(), now=NOON)
    actions.allow_more(by=lena, person=anna, minutes=1, reason="why", now=NOON)
    tables = (Look, Passed, Elsewhere, Counselling, Addition)
    actions.sweep(now=NOON + exposure.KEEP)
    assert [table.objects.count() for table in tables] == [1] * 5
    actions.sweep(now=NOON + exposure.KEEP + timedelta(days=1))
    assert [table.objects.count() for table in tables] == [0] * 5


def test_the_gates_sentence_is_what_a_refusal_says(anna: Staff, item: Item) -> None:
    known = Wanted(kind=LookKind.PICTURE, purpose=Purpose.ASSESS, known=True, certified=frozenset(LookKind))
    with pytest.raises(NotNow) as refused:
        begin(anna, item, wanted=known)
    assert str(refused.value) == Gate.KNOWN.sentence
