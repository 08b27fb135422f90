"""Mail in over IMAP: what known senders have signed is handed on, all else is put aside unread for people."""

import logging
from collections import Counter
from pathlib import Path

from pysequoia import Tsk

from lykta.connectors.contract import Arrived, Final
from lykta.connectors.imap.client import Visit, visiting
from lykta.connectors.imap.domain_signatures import DomainKeys, NoAnswerYet
from lykta.connectors.imap.reading import message_id, open_mail
from lykta.connectors.imap.registrations import NotSigned
from lykta.connectors.imap.senders import Senders
from lykta.lib import clock
from lykta.lib.mail_servers import MailServer
from lykta.lib.resolvers import Resolvers

log = logging.getLogger(__name__)
REFUSED, TAKEN_IN = "Refused", "Taken in"
AT_ONCE = 20
"""Messages of one visit; the others wait for the next."""
PATIENCE = 60
"""Visits, one a minute, that a mail waits for a name server; then people see it."""
LONGEST_MAIL = 10_000_000
"""Bytes: the signature covers attachments too, so that the whole mail has to be read to check it."""
LONGEST_TEXT = 150_000
"""Characters: addresses are looked for in 200,000 of a report."""


class ImapInbox:
    """An `Inbox`. `senders` is the folder of registrations, `key` the hotline's own OpenPGP secret key.

    `resolvers` are the name servers that are asked for the keys of senders' domains. Raises Final if the hotline's key
    cannot be used.
    """

    def __init__(self, server: MailServer, *, senders: Path, key: bytes, resolvers: Resolvers) -> None:
        try:
            self._key = Tsk.from_bytes(key)
            self._key.decryptor()
        except Exception as error:  # the library raises bare Exception
            raise Final("The hotline's own key cannot be used.") from error
        self._senders = senders
        self._keys = DomainKeys(resolvers)
        self._waited: Counter[str] = Counter()
        self._server = server

    def collect(self) -> tuple[Arrived, ...]:
        """Every unread mail of a known sender; the others go to the folder “Refused” and stay unread there."""
        senders = Senders(self._senders, key=self._key, keys=self._keys, now=clock.now())
        arrived: list[Arrived] = []
        with visiting(self._server) as visit:
            for uid in visit.unseen()[:AT_ONCE]:
                try:
                    arrived.append(_read(visit, uid, senders))
                except NotSigned as refusal:
                    _refuse(visit, uid, refusal)
                except NoAnswerYet as delay:
                    self._wait(visit, uid, delay)
        return tuple(arrived)

    def try_out(self) -> None:
        """Log in, open INBOX, log out. Raises Transient or Final as a visit would."""
        with visiting(self._server):
            pass

    def _wait(self, visit: Visit, uid: str, delay: NoAnswerYet) -> None:
        """Leave it for the next visit, but not for ever: it takes the place of others."""
        handle = f"{visit.validity}:{uid}"
        self._waited[handle] += 1
        if self._waited[handle] < PATIENCE:
            log.info("a mail waits: %s", delay)
            return
        del self._waited[handle]
        _refuse(visit, uid, delay)

    def taken_in(self, arrived: tuple[Arrived, ...]) -> None:
        """Put them into the folder “Taken in”. Safe to do twice; a mailbox that was made anew is left as it is."""
        with visiting(self._server) as visit:
            handles = [one.handle.partition(":") for one in arrived]
            visit.move([uid for validity, _, uid in handles if validity == visit.validity], TAKEN_IN)


def _refuse(visit: Visit, uid: str, reason: NotSigned | NoAnswerYet) -> None:
    log.warning("a mail is put into the folder “%s”: %s", REFUSED, reason)
    visit.move([uid], REFUSED)


def _read(visit: Visit, uid: str, senders: Senders) -> Arrived:
    if visit.size(uid) > LONGEST_MAIL:
        raise NotSigned("it is too large to look into")
    raw = visit.read(uid)
    signed, words = open_mail(raw, senders)
    if not words.text:
        raise NotSigned("there are no words in it")
    if len(words.text) > LONGEST_TEXT:
        raise NotSigned("it is too long")
    return Arrived(
        sender=signed.sender.name,
        source=signed.sender.source,
        digest=signed.digest,
        message_id=message_id(raw),
        text=words.text,
        left_out=words.left_out,
        handle=f"{visit.validity}:{uid}",
    )
