"""What a host does when a notice arrives: it takes down what the notice names, after a while."""

from lykta.practice import atlas
from lykta.practice.contents import CONTENTS, places_named_in
from lykta.practice.mailboxes import text_of
from lykta.practice.settings import PracticeSettings
from lykta.practice.state import State


def heed(mailbox: str, raw: bytes, *, settings: PracticeSettings, state: State) -> None:
    """Plan the removals that a mail to an abuse mailbox asks for; any other mail changes nothing.

    A CDN passes a notice on to the host behind it, and that host acts, so it does not matter which of them was told.
    """
    network = next((network for network in atlas.NETWORKS if network.abuse == mailbox), None)
    if network is None or settings.removal_seconds < 0:
        return
    for place in places_named_in(text_of(mailbox, raw)):
        if state.hosted_by(network, CONTENTS[place].host):
            state.remove(place, after_seconds=settings.removal_seconds)
