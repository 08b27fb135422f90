"""Steps: planned once, claimed by one, done again when their worker dies."""

from datetime import datetime, timedelta

import pytest

from lykta.core.lifecycle import StepWord
from lykta.records.steps import actions, queries
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db


def plan(now: datetime, subject: int = 1, occasion: str = "") -> None:
    actions.plan(word=StepWord.TRACE, subject=subject, now=now, occasion=occasion)


def test_planning_twice_leaves_one(now: datetime) -> None:
    plan(now)
    plan(now)
    assert Step.objects.count() == 1


def test_another_occasion_is_another_step(now: datetime) -> None:
    plan(now)
    plan(now, occasion="again")
    assert Step.objects.count() == 2


def test_a_claimed_step_is_nobody_elses(now: datetime) -> None:
    plan(now)
    assert len(actions.claim(limit=5, now=now)) == 1
    assert actions.claim(limit=5, now=now) == []


def test_a_step_is_claimed_again_when_the_lease_has_run_out(now: datetime) -> None:
    plan(now)
    actions.claim(limit=5, now=now)
    (step,) = actions.claim(limit=5, now=now + actions.LEASE + timedelta(seconds=1))
    assert step.attempts == 2


def test_a_step_that_takes_long_is_nobody_elses_as_long_as_it_goes_on(now: datetime) -> None:
    actions.plan(word=StepWord.TRACE, subject=7, now=now)
    actions.go_on(word=StepWord.TRACE, subject=7, now=now)
    assert actions.claim(limit=1, now=now)
    late = now + actions.LEASE + timedelta(seconds=1)
    actions.go_on(word=StepWord.TRACE, subject=7, now=late)
    assert not actions.claim(limit=1, now=late)
    assert actions.claim(limit=1, now=late + actions.LEASE + timedelta(seconds=1))


def test_a_step_is_not_claimed_before_it_is_due(now: datetime, later: datetime) -> None:
    actions.plan(word=StepWord.LOOK, subject=1, now=now, due_at=later)
    assert actions.claim(limit=5, now=now) == []
    assert len(actions.claim(limit=5, now=later)) == 1


def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(now: datetime) -> None:
    for subject in range(5):
        plan(now + timedelta(seconds=5 - subject), subject=subject)
    claimed = actions.claim(limit=2, now=now + timedelta(minutes=1))
    assert [step.subject for step in claimed] == [4, 3]


def test_a_finished_step_is_not_done_again(now: datetime) -> None:
    plan(now)
    (step,) = actions.claim(limit=1, now=now)
    actions.finish(step, now=now)
    assert actions.claim(limit=1, now=now + timedelta(days=1)) == []
    assert queries.stuck() == []


def test_a_step_that_failed_waits_and_is_tried_again(now: datetime) -> None:
    plan(now)
    (step,) = actions.claim(limit=1, now=now)
    assert actions.try_again(step, error="no answer", now=now)
    assert actions.claim(limit=1, now=now) == []
    (again,) = actions.claim(limit=1, now=now + timedelta(seconds=5))
    assert again.error == "no answer"


def test_after_many_tries_a_person_is_asked(now: datetime) -> None:
    plan(now)
    moment = now
    for attempt in range(1, actions.ATTEMPTS + 1):
        moment += timedelta(days=1)
        (step,) = actions.claim(limit=1, now=moment)
        more = actions.try_again(step, error="no answer", now=moment)
        assert more is (attempt < actions.ATTEMPTS)
    assert actions.claim(limit=1, now=moment + timedelta(days=1)) == []
    assert [stuck.error for stuck in queries.stuck()] == ["no answer"]


def test_a_person_may_revive_a_stuck_step(now: datetime) -> None:
    plan(now)
    (step,) = actions.claim(limit=1, now=now)
    actions.give_up(step, error="unknown mailbox", now=now)
    assert queries.waiting(now=now) == 0
    actions.revive(number=step.pk, now=now)
    assert queries.stuck() == []
    (again,) = actions.claim(limit=1, now=now)
    assert again.attempts == 1


def test_a_waiting_step_cannot_be_revived(now: datetime, later: datetime) -> None:
    actions.plan(word=StepWord.LOOK, subject=1, now=now, due_at=later)
    actions.revive(number=Step.objects.get().pk, now=now)
    assert actions.claim(limit=1, now=now) == []


def test_old_done_steps_are_swept_and_others_stay(now: datetime) -> None:
    plan(now, subject=1)
    plan(now, subject=2)
    (step, _) = actions.claim(limit=2, now=now)
    actions.finish(step, now=now)
    assert actions.sweep(before=now + timedelta(days=1)) == 1
    assert Step.objects.get().subject == 2


def test_progress_tells_apart_what_waits_what_is_done_and_what_comes_later(now: datetime, later: datetime) -> None:
    for subject in range(6):
        plan(now, subject=subject)
    actions.plan(word=StepWord.TRACE, subject=9, now=now, due_at=later)
    actions.plan(word=StepWord.LOOK, subject=1, now=now)
    first, second, third = actions.claim(limit=3, now=now)
    actions.finish(first, now=now)
    actions.give_up(second, error="no", now=now)
    found = queries.progress(StepWord.TRACE, since=now, now=now)
    assert (found.waiting, found.under_way, found.later, found.done, found.failed) == (3, 1, 1, 1, 1)
    assert third.word == StepWord.TRACE
    assert found.share == 2 / 6


def test_a_step_whose_worker_died_waits_again(now: datetime) -> None:
    plan(now)
    actions.claim(limit=1, now=now)
    found = queries.progress(StepWord.TRACE, since=now, now=now + actions.LEASE)
    assert (found.waiting, found.under_way) == (1, 0)


def test_speed_is_that_of_the_last_minutes_and_tells_how_long_it_takes_still(now: datetime) -> None:
    for subject in range(30):
        plan(now, subject=subject)
    steps = actions.claim(limit=20, now=now)
    for second, step in enumerate(steps):
        actions.finish(step, now=now + timedelta(seconds=6 * second))
    found = queries.progress(StepWord.TRACE, since=now, now=now + timedelta(minutes=2))
    assert found.per_minute == 10
    assert found.left == timedelta(minutes=1)
    assert found.last_done_at == now + timedelta(seconds=6 * 19)


def test_what_was_done_long_ago_is_no_speed(now: datetime) -> None:
    plan(now)
    plan(now, subject=2)
    (step,) = actions.claim(limit=1, now=now)
    actions.finish(step, now=now)
    found = queries.progress(StepWord.TRACE, since=now, now=now + 2 * queries.SPEED_OVER)
    assert (found.done, found.per_minute, found.left) == (1, 0, None)


def test_nothing_to_do_has_no_share_and_no_end(now: datetime) -> None:
    found = queries.progress(StepWord.TRACE, since=now, now=now)
    assert (found.share, found.left, found.last_done_at) == (0, None, None)


def test_reasons_are_counted_most_frequent_first(now: datetime) -> None:
    for subject in range(4):
        plan(now, subject=subject)
    for step, said in zip(actions.claim(limit=4, now=now), ("a", "b", "b", "c"), strict=True):
        actions.give_up(step, error=said, now=now)
    assert queries.reasons(StepWord.TRACE, limit=2) == [("b", 2), ("a", 1)]


def test_the_next_step_of_each_row_is_found(now: datetime, later: datetime) -> None:
    plan(now, subject=1)
    actions.plan(word=StepWord.TRACE, subject=1, occasion="again", now=now, due_at=later)
    actions.plan(word=StepWord.TRACE, subject=2, now=now, due_at=later)
    actions.plan(word=StepWord.LOOK, subject=3, now=now)
    found = queries.next_of(StepWord.TRACE, [1, 2, 3])
    assert {subject: step.due_at for subject, step in found.items()} == {1: now, 2: later}


def test_steps_of_one_kind_wait(now: datetime) -> None:
    plan(now)
    actions.plan(word=StepWord.LOOK, subject=1, now=now)
    assert queries.waiting(now=now) == 2
    assert queries.waiting(now=now, word=StepWord.TRACE) == 1


def test_steps_of_some_words_are_claimed_and_others_left(now: datetime) -> None:
    plan(now)
    actions.plan(word=StepWord.SETTLE, subject=1, now=now)
    assert [step.word for step in actions.claim(limit=5, now=now, words=[StepWord.SETTLE])] == ["settle"]
    assert [step.word for step in actions.claim(limit=5, now=now)] == ["trace"]


def test_what_has_to_wait_is_passed_over(now: datetime) -> None:
    for subject in (1, 2):
        plan(now, subject=subject)
    but_not = Step.objects.filter(subject=1).values("subject")
    assert [step.subject for step in actions.claim(limit=5, now=now, but_not=but_not)] == [2]


def test_a_step_that_is_put_back_was_never_tried(now: datetime) -> None:
    plan(now)
    actions.put_back(actions.claim(limit=1, now=now))
    (step,) = actions.claim(limit=1, now=now)
    assert step.attempts == 1
