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
