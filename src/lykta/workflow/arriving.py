"""Mail that known senders have signed becomes letters, like all that comes in."""

import logging

from django.db import Error

from lykta.connectors.contract import Arrived, ConnectorError
from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Asked, Topic
from lykta.lib import codes, sealing
from lykta.lib.clock import now
from lykta.records.audit.vouching import vouch
from lykta.records.letterbox.actions import Post
from lykta.workflow import bringing
from lykta.workflow.bringing import Bringer
from lykta.workflow.house import World

log = logging.getLogger(__name__)


def take_in_mail(world: World) -> int:
    """One visit to the mailbox: letters first, durable, and only then is a mail put aside. Returns how many it took.

    Whoever dies in between finds the mail again, and it becomes the same letter. What goes wrong is logged; the next
    visit tries again.
    """
    inbox = world.outside.inbox
    if inbox is None:
        return 0
    try:
        arrived = inbox.collect()
        for one in arrived:
            _take_in(world, one)
        if arrived:
            inbox.taken_in(arrived)
    except (ConnectorError, Error) as error:
        what = str(error) if isinstance(error, ConnectorError) else type(error).__name__
        log.warning("mail was not taken in: %s", what)
        return 0
    return len(arrived)


def _take_in(world: World, arrived: Arrived) -> None:
    key = sealing.public_key(world.staffroom.private_key)
    post = Post.for_days(world.house.box_days, hotline_key=key, language="en", now=now())
    code = codes.derived(bytes.fromhex(vouch("mail")), arrived.digest)
    if bringing.was_brought(code, at=post.now):
        return
    answers = {
        Asked.TOPIC: str(Topic.WEB),
        Asked.WORDS: arrived.text,
        Asked.MORE: _left_out(arrived.left_out),
        Asked.CONTACT: f"{arrived.sender} {arrived.message_id}".strip(),
    }
    bringer = Bringer(arrived.source, f"mail:{arrived.sender}")
    try:
        bringing.bring_in(bringer=bringer, answers=answers, code=code, post=post)
    except NotAllowed:
        log.info("a mail came again whose report is long over")


def _left_out(count: int) -> str:
    """Said to the analyst, since the sender may think that we have them."""
    if not count:
        return ""
    return "1 attachment was not kept." if count == 1 else f"{count} attachments were not kept."
