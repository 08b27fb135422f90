"""Mail in over IMAP: what known senders have signed is handed on, all else is put aside unread for people."""

import logging
import ssl
from pathlib import Path

from pysequoia import Tsk

from lykta.connectors.contract import Arrived, Final
from lykta.connectors.imap.client import Security, Server, Visit
from lykta.connectors.imap.reading import message_id, open_mail
from lykta.connectors.imap.senders import NotSigned, Senders
from lykta.lib import clock

log = logging.getLogger(__name__)
REFUSED, TAKEN_IN = "Refused", "Taken in"
AT_ONCE = 20
"""Messages of one visit; the others wait for the next."""
LONGEST_MAIL = 10_000_000
"""Bytes: the signature covers attachments too, so that the whole mail has to be read to check it."""
LONGEST_TEXT = 150_000
"""Characters: addresses are looked for in 200,000 of a report."""


class ImapInbox:
    """An `Inbox`. `senders` is the folder of certificates, `key` the hotline's own OpenPGP secret key.

    Raises Final if the key cannot be used.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        senders: Path,
        key: bytes,
        tls: ssl.SSLContext | None = None,
        timeout: float = 20.0,
    ) -> None:
        try:
            self._key = Tsk.from_bytes(key)
            self._key.decryptor()
        except Exception as error:  # the library raises bare Exception
            raise Final("The hotline's own key cannot be used.") from error
        self._senders = senders
        self._server = Server(host, port, security, user, password, tls or ssl.create_default_context(), timeout)

    def collect(self) -> tuple[Arrived, ...]:
        """Every unread mail of a known sender; the others go to the folder “Refused” and stay unread there."""
        senders = Senders(self._senders, key=self._key, now=clock.now())
        arrived: list[Arrived] = []
        with self._server.visit() as visit:
            for uid in visit.unseen()[:AT_ONCE]:
                try:
                    arrived.append(_read(visit, uid, senders))
                except NotSigned as refusal:
                    log.warning("a mail is put into the folder “%s”: %s", REFUSED, refusal)
                    visit.move([uid], REFUSED)
        return tuple(arrived)

    def taken_in(self, arrived: tuple[Arrived, ...]) -> None:
        """Put them into the folder “Taken in”. Safe to do twice; a mailbox that was made anew is left as it is."""
        with self._server.visit() as visit:
            handles = [one.handle.partition(":") for one in arrived]
            visit.move([uid for validity, _, uid in handles if validity == visit.validity], TAKEN_IN)


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
