"""Partners' webhooks, and the changes of status that wait to be told to them (an outbox).

They lie in the casebook, out of reach of the public faces; the secrets are sealed to the hotline's key besides, so that
the desk and a stolen copy of the database cannot sign in the hotline's name.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from lykta.core import clocks
from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ReporterStatus
from lykta.records.cases.models import Report, StatusPost, Webhook
from lykta.records.steps import actions as steps
from lykta.records.steps import queries as step_queries

OLD_SECRET_FOR = timedelta(hours=24)
"""For so long after a change the old secret signs as well."""
CLAIMED_FOR = timedelta(seconds=60)
"""For so long nobody else sends what somebody is sending: four times what a call may take."""


def set_webhook(*, slug: str, address: str, sealed: bytes, now: datetime) -> None:
    """Where a partner's system is told from now on. `sealed` holds the new secret; the old one stays for a day."""
    with transaction.atomic():
        hook, new = Webhook.objects.select_for_update().get_or_create(
            slug=slug, defaults={"address": address, "sealed": sealed}
        )
        if new:
            return
        hook.old_sealed, hook.old_until = (hook.sealed, now + OLD_SECRET_FOR) if hook.off_at is None else (None, None)
        hook.address, hook.sealed, hook.off_at = address, sealed, None
        hook.problem, hook.faults, hook.quiet_until = "", 0, None
        hook.save()


def switch_off(*, slug: str, now: datetime, problem: str = "") -> None:
    """Tell this partner's system nothing more, also not what waits. Raises NotNow where there is nothing to end."""
    with transaction.atomic():
        if not Webhook.objects.filter(slug=slug, off_at=None).update(off_at=now, problem=problem):
            raise NotNow(f"There is no webhook of {slug}.")
        StatusPost.objects.filter(report__partner=slug).update(due_at=None)


def webhook_of(slug: str) -> Webhook | None:
    """The webhook of a partner, unless it is off."""
    return Webhook.objects.filter(slug=slug, off_at=None).first()


def webhooks() -> dict[str, Webhook]:
    """All of them by the partners' short names, those that are off too."""
    return {hook.slug: hook for hook in Webhook.objects.all()}


def sealed_secrets(hook: Webhook, *, now: datetime) -> list[bytes]:
    """The sealed secrets that sign at this moment, the newest first."""
    old = [hook.old_sealed] if hook.old_sealed and hook.old_until and hook.old_until > now else []
    return [bytes(one) for one in (hook.sealed, *old)]


def note(*, report: Report, number: UUID, status: ReporterStatus, now: datetime) -> None:
    """The status of a report has changed: its partner's system, if it has a webhook, is to be told."""
    if report.partner_number and webhook_of(report.partner):
        StatusPost.objects.create(report=report, number=number, status=status, at=now, due_at=now)


def plan_due(*, now: datetime) -> None:
    """Plan a step for each webhook that has something to tell, one at a time: a slow partner holds up nobody else."""
    loud = Webhook.objects.filter(Q(quiet_until=None) | Q(quiet_until__lte=now), off_at=None)
    for hook in loud.filter(slug__in=_due(now).values("report__partner")):
        first = _due(now).filter(report__partner=hook.slug).order_by("pk").first()
        if first and not step_queries.is_planned(StepWord.TELL_PARTNER, hook.pk):
            occasion = f"{first.pk}-{first.attempts}"
            steps.plan(word=StepWord.TELL_PARTNER, subject=hook.pk, occasion=occasion, now=now)


def claim(hook: Webhook, *, now: datetime) -> StatusPost | None:
    """The oldest change that is due, for this caller alone; None where there is none, or the webhook is off."""
    if webhook_of(hook.slug) is None:
        return None
    post = _due(now).select_related("report").filter(report__partner=hook.slug).order_by("pk").first()
    if post is None:
        return None
    mine = StatusPost.objects.filter(pk=post.pk, due_at=post.due_at)
    if not mine.update(due_at=now + CLAIMED_FOR, attempts=F("attempts") + 1):
        return None  # another worker has it, and goes on with the rest
    post.attempts += 1
    return post


def note_delivered(hook: Webhook, post: StatusPost, *, now: datetime) -> None:
    """The partner's system has it."""
    StatusPost.objects.filter(pk=post.pk).update(due_at=None, delivered_at=now)
    hook.faults = 0
    Webhook.objects.filter(pk=hook.pk).update(faults=0, quiet_until=None, problem="")


def note_refused(hook: Webhook, post: StatusPost, *, problem: str, now: datetime) -> int:
    """The partner's system does not take this one: again later, the others now. Returns as `give_up` does."""
    due_at = clocks.retry_at(now=now, attempts=post.attempts, asked_for=None)
    StatusPost.objects.filter(pk=post.pk).update(due_at=due_at)
    Webhook.objects.filter(pk=hook.pk).update(problem=problem)
    return give_up(hook, now=now)


def note_away(hook: Webhook, post: StatusPost, *, problem: str, now: datetime, asked_for: float | None) -> int:
    """The partner's system cannot be reached: it is left alone for a while. Returns as `give_up` does."""
    faults = hook.faults + 1
    until = clocks.retry_at(now=now, attempts=faults, asked_for=asked_for)
    StatusPost.objects.filter(pk=post.pk).update(due_at=now)
    Webhook.objects.filter(pk=hook.pk).update(faults=faults, quiet_until=until, problem=problem)
    return give_up(hook, now=now)


def give_up(hook: Webhook, *, now: datetime) -> int:
    """Stop trying what has been tried for too long. Returns how many changes the partner will not be told."""
    waiting = StatusPost.objects.filter(report__partner=hook.slug).exclude(due_at=None)
    return waiting.filter(at__lte=now - clocks.TELL_PARTNER_FOR).update(due_at=None)


def _due(now: datetime) -> QuerySet[StatusPost]:
    return StatusPost.objects.filter(due_at__lte=now)


def sweep(*, before: datetime) -> int:
    """Forget changes that were told, or given up, before a moment."""
    return StatusPost.objects.filter(due_at=None, at__lt=before).delete()[0]
