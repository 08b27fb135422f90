"""The worker: takes letters in, does the steps that are due, keeps the clocks. One process, several threads."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, close_old_connections

from lykta.connectors.contract import Final, Transient
from lykta.core.lifecycle import StepWord
from lykta.core.refusals import Refusal
from lykta.lib.clock import now
from lykta.records.approvals import actions as approvals
from lykta.records.audit import queries as audit
from lykta.records.audit.actions import WORKER
from lykta.records.cases import webhooks
from lykta.records.cases.actions import forgetting
from lykta.records.exposure import actions as exposure
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import feed, handovers
from lykta.records.matching import uploads
from lykta.records.people import failures
from lykta.records.referrals import actions as referrals
from lykta.records.referrals import queries as referral_queries
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.records.takedown import actions as takedown
from lykta.workflow import attachments, matching, offering, publishing, stamping
from lykta.workflow.arriving import take_in_mail
from lykta.workflow.house import World
from lykta.workflow.lanes import ASKING, AskingLane, Lane
from lykta.workflow.letters import notice_due, take_in_abandoned, take_in_letters
from lykta.workflow.returns import take_in_returns
from lykta.workflow.story import STORY

log = logging.getLogger(__name__)
PAUSE = 0.1
BREATH = 0.02
"""Seconds between two turns where there is work: steps are claimed some at a time, not one by one."""
MAIL_EVERY = 60
"""Seconds between two visits to the intake mailbox."""
STAMPS_EVERY = 600
"""Seconds between two tries to have the days of the record stamped."""
KEEP_DONE_STEPS = timedelta(days=7)


def perform(world: World, step: Step) -> None:
    """Do one step and note what came of it. What the outside refuses is tried again, or shown to a person."""
    word = StepWord(step.word)
    try:
        STORY[word](world, step.subject)
    except Transient as error:
        if not steps.try_again(step, error=str(error), now=now(), asked_for=error.retry_after):
            _gave_up(word, step, str(error))
    except (Final, Refusal) as error:
        steps.give_up(step, error=str(error), now=now())
        _gave_up(word, step, str(error))
    except DatabaseError as error:
        log.warning(
            "step %s %s: the database did not take it (%s); again later", word, step.subject, type(error).__name__
        )
        steps.try_again(step, error=type(error).__name__, now=now())
    except Exception as error:  # noqa: BLE001 - one bad step must not stop the others
        # The message of an unforeseen error may quote a reporter: only its kind and place are logged.
        log.error("step %s %s failed: %s", word, step.subject, _where(error))  # noqa: TRY400 - no traceback on purpose
        steps.try_again(step, error=_where(error), now=now())
    else:
        steps.finish(step, now=now())


def _visit_mailbox(world: World) -> None:
    try:
        take_in_mail(world)
    except Exception as error:  # noqa: BLE001 - one bad mail must not go unsaid, nor be quoted
        log.error("mail was not taken in: %s", _where(error))  # noqa: TRY400 - no traceback on purpose


def _gave_up(word: StepWord, step: Step, error: str) -> None:
    log.error("step %s %s needs a person: %s", word, step.subject, error)
    if word is StepWord.SEND_REFERRAL:
        referrals.note_failed(by=WORKER, number=step.subject, problem=error)


def _where(error: BaseException) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_qualname} line {last.tb_lineno}" if last else "unknown place"
    return f"{type(error).__name__} in {place}"


class Worker:
    """Runs until `stop` is called; a step that was begun is finished first."""

    def __init__(self, world: World, *, threads: int, asking_threads: int = 24, lease: timedelta = steps.LEASE) -> None:
        self.world = world
        self.threads = threads
        self.asking_threads = asking_threads
        self.lease = lease
        self._stopping = threading.Event()
        self._clocks: dict[str, float] = {}

    def stop(self) -> None:
        """Ask the worker to end."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        others = [word for word in StepWord if word not in ASKING]
        lanes = (
            Lane("step", threads=self.threads, words=others, lease=self.lease),
            AskingLane("ask", threads=self.asking_threads, words=ASKING, lease=self.lease),
        )
        try:
            while not self._stopping.is_set():
                try:
                    busy = self._turn(lanes)
                except DatabaseError as error:
                    log.warning("the database did not answer (%s); again in a second", type(error).__name__)
                    close_old_connections()
                    self._stopping.wait(1)
                    continue
                self._stopping.wait(BREATH if busy else PAUSE)
        finally:
            for lane in lanes:
                lane.close()

    def run_once(self) -> int:
        """Take letters in and do, one after another, the steps that are due now. Returns how many things were done."""
        done = take_in_letters(self.world.staffroom.private_key)
        if self._every("mail", MAIL_EVERY):
            done += take_in_mail(self.world)
        self.keep_clocks()
        for step in steps.claim(limit=100, now=now(), lease=self.lease):
            perform(self.world, step)
            done += 1
        return done

    def _turn(self, lanes: Sequence[Lane]) -> bool:
        taken = take_in_letters(self.world.staffroom.private_key)
        self.keep_clocks()
        if self._every("mail", MAIL_EVERY) and self.world.outside.inbox is not None:
            # A mail server may be slow, and letters must not wait.
            lanes[0].submit(partial(_visit_mailbox, self.world))
        if self._every("stamps", STAMPS_EVERY) and self.world.outside.stamper is not None:
            # A far service may be slow, and letters must not wait.
            lanes[0].submit(partial(stamping.stamp_days, self.world))
        begun = [lane.fill(partial(perform, self.world)) for lane in lanes]
        return bool(taken or any(begun))

    def keep_clocks(self) -> None:
        """Everything that is due by the clock rather than by an event."""
        if self._every("due", 0.5):
            takedown.plan_due(now=now())
            webhooks.plan_due(now=now())
            matching.plan_due(self.world.staffroom.indexes, now=now())
            for held in referral_queries.holds_that_ended(now=now()):
                notice_due(held.item_id)
        if self._every("abandoned", 30):
            take_in_abandoned(self.world.staffroom.private_key)
        if self._every("returns", 2):
            take_in_returns(self.world)
        if self._every("figures", 5):
            publishing.publish(self.world.staffroom.public_folder)
            offering.publish()
        if self._every("checkpoint", 60):
            audit.note_checkpoint(self.world.staffroom.checkpoints)
        if self._every("day", 60):
            stamping.note_day(self.world)
        if self._every("handovers", 60):
            handovers.sweep(now=now())
            failures.write_down(by=WORKER, now=now())
            exposure.end_forgotten(now=now())
        if self._every("sweep", 600):
            forgetting.forget_due(by=WORKER, now=now())
            approvals.expire(by=WORKER, now=now())
            letterbox.empty_expired(now=now())
            letterbox.forget_submissions(now=now())
            feed.sweep(now=now())
            attachments.sweep(self.world.staffroom.private_key)
            steps.sweep(before=now() - KEEP_DONE_STEPS)
            webhooks.sweep(before=now() - KEEP_DONE_STEPS)
            exposure.sweep(now=now())
            uploads.sweep(by=WORKER, now=now())

    def _every(self, name: str, seconds: float) -> bool:
        due = time.monotonic() - self._clocks.get(name, -seconds) >= seconds
        if due:
            self._clocks[name] = time.monotonic()
        return due
