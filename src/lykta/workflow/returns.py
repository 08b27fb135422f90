"""Mail that came back is put on the desk: a person has to find another way to tell."""

import logging
import re

from lykta.records.audit.actions import WORKER
from lykta.records.referrals import actions as referrals
from lykta.workflow.house import World

log = logging.getLogger(__name__)
_NUMBER = re.compile(r"<L-\d{4}-(\d{6,12})@")


def take_in_returns(world: World) -> int:
    """Note every message that came back. Returns how many there were."""
    found = world.outside.returns.collect()
    for returned in found:
        named = _NUMBER.match(returned.message_id)
        if named:
            referrals.take_return(by=WORKER, number=int(named[1]), reason=returned.reason)
        else:
            log.warning("a mail came back that no referral sent: it stays where it is for a person to read")
        world.outside.returns.done(returned)
    return len(found)
