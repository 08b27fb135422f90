"""Tells partners' systems how far their reports are: no more than the report's mailbox shows, signed, each once.

Only a call of which nobody knows whether it arrived is made again with the same number.
"""

import base64
import json
import time
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django.db import transaction

from lykta.connectors.contract import Call, Caller, ConnectorError, Final, Transient
from lykta.lib import sealing
from lykta.lib.clock import now
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import webhooks
from lykta.records.cases.models import StatusPost, Webhook
from lykta.workflow.house import World

ROUND = 30
"""Seconds after which a step begins no further call: with the last one it ends well within its lease."""


def tell_partner(world: World, number: int) -> None:
    """Make the calls of one webhook that are due, oldest first, until the partner's system does not answer.

    Raises Final where a person has to know: the partner wants no more calls, or could not be told for too long.
    """
    hook = Webhook.objects.get(pk=number)
    ends = time.monotonic() + ROUND
    missed = 0
    while time.monotonic() < ends and (post := webhooks.claim(hook, now=now())):
        call = _call(hook, post.number, _status(post), world.staffroom.private_key)
        try:
            status = world.outside.caller.call(call)
        except ConnectorError as error:
            wait = error.retry_after if isinstance(error, Transient) else None
            missed += webhooks.note_away(hook, post, problem=str(error), now=now(), asked_for=wait)
            break
        if status == HTTPStatus.GONE:
            _end(hook)
        if 200 <= status < 300:
            webhooks.note_delivered(hook, post, now=now())
        else:
            missed += webhooks.note_refused(hook, post, problem=_answers(status), now=now())
    if missed:
        raise Final(f"{missed} changes of status could not be told to {hook.slug} for three days.")


def ping(caller: Caller, hook: Webhook, *, private_key: bytes) -> str:
    """Call a partner's system with nothing to tell; returns what came of it, in words."""
    call = _call(hook, uuid4(), _body("lykta.ping", now(), {}), private_key)
    try:
        return _answers(caller.call(call))
    except ConnectorError as error:
        return str(error)


def new_secret(*, hotline_key: bytes) -> tuple[str, bytes]:
    """A secret as partners write it, `whsec_…`, and sealed to the hotline: 32 random bytes."""
    secret = sealing.new_secret_key()
    return f"whsec_{base64.b64encode(secret).decode()}", sealing.seal_bytes(secret, to=hotline_key)


def _call(hook: Webhook, number: UUID, body: bytes, private_key: bytes) -> Call:
    sealed = webhooks.sealed_secrets(hook, now=now())
    secrets = tuple(sealing.unseal_bytes(one, private_key=private_key) for one in sealed)
    return Call(address=hook.address, number=f"msg_{number.hex}", body=body, secrets=secrets)


def _status(post: StatusPost) -> bytes:
    return _body("report.status", post.at, {"id": post.report.partner_number, "status": post.status})


def _body(kind: str, at: datetime, data: dict[str, str]) -> bytes:
    content = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _answers(status: int) -> str:
    return f"The partner's system answers {status}."


def _end(hook: Webhook) -> None:
    """410 means: never again."""
    problem = _answers(HTTPStatus.GONE)
    facts = {"what": "webhook off", "why": int(HTTPStatus.GONE)}
    with transaction.atomic():
        audit.write(by=audit.WORKER, word=AuditWord.PARTNER_CHANGED, subject=f"partner:{hook.slug}", facts=facts)
        webhooks.switch_off(slug=hook.slug, now=now(), problem=problem)
    raise Final(f"{problem} The webhook of {hook.slug} is off: ask the partner, and set it again if it was a mistake.")
