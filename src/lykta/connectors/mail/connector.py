"""Sends signed mail, encrypted where the recipient has given a key."""

from pysequoia import Tsk

from lykta.connectors.contract import Final, Message, Sent
from lykta.connectors.mail import client
from lykta.connectors.mail.compose import check_address, compose
from lykta.lib import clock
from lykta.lib.mail_servers import MailServer


class Mail:
    """A `Post`. `sender` is both the From address and the envelope's, where bounces go; give it a VERP form if needed.

    `signing_key` is the hotline's OpenPGP secret key without a passphrase, armored or binary. Raises Final if it
    cannot be used.
    """

    def __init__(self, server: MailServer, *, sender: str, sender_name: str, signing_key: bytes) -> None:
        check_address(sender)
        try:
            self._key = Tsk.from_bytes(signing_key)
            self._key.signer()
        except Exception as error:  # the library raises bare Exception
            raise Final("The hotline's own signing key cannot be used.") from error
        self._sender = sender
        self._sender_name = sender_name
        self._server = server

    def try_out(self) -> None:
        """Connect and log in as for a mail, and hand over none. Raises Transient or Final."""
        client.try_out(self._server)

    def send(self, message: Message) -> Sent:
        """Hand one mail to the mail server. Raises Transient or Final."""
        mail = compose(message, sender=self._sender, sender_name=self._sender_name, by=self._key, now=clock.now())
        return Sent(response=client.deliver(self._server, mail, sender=self._sender, to=message.to))
