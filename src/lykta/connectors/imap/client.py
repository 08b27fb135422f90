"""One visit to a mailbox (IMAP4rev1, RFC 3501), always under TLS. Nothing is marked as read by looking at it."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from lykta.connectors.contract import Final, Transient
from lykta.lib.mail_servers import MailServer

_VALIDITY = re.compile(rb"\d+")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@contextmanager
def visiting(at: MailServer) -> Iterator["Visit"]:
    """Log in, open INBOX, log out. Raises Transient for a server that is lost, Final for one that says no."""
    try:
        connection = _connect(at)
        try:
            _log_in(connection, at.user, at.password)
            yield Visit(connection)
        finally:
            _leave(connection)
    except ssl.SSLCertVerificationError as error:
        raise Final(f"The intake server's certificate is not trusted: {error.verify_message}") from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise Transient(f"The intake server was lost: {type(error).__name__}.") from error
    except imaplib.IMAP4.error as error:
        raise Final("The intake server does not do what it is asked.") from error


def _connect(at: MailServer) -> imaplib.IMAP4:
    if at.security == "tls":
        return imaplib.IMAP4_SSL(at.host, at.port, ssl_context=at.tls, timeout=at.timeout)
    connection = imaplib.IMAP4(at.host, at.port, timeout=at.timeout)
    try:
        connection.starttls(at.tls)
    except BaseException:
        _leave(connection)
        raise
    return connection


def _log_in(connection: imaplib.IMAP4, user: str, password: str) -> None:
    try:
        connection.login(user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Final("The intake server refuses the user name or the password.") from error


def _leave(connection: imaplib.IMAP4) -> None:
    """Say goodbye; a line that is broken is closed without."""
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            connection.shutdown()


class Visit:
    """INBOX, open. A message is named by its UID, which holds as long as `validity` stays the same."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection
        _ok(connection.select("INBOX"))
        found = _VALIDITY.search(connection.response("UIDVALIDITY")[1][0] or b"")
        self.validity = found[0].decode() if found else ""

    def unseen(self) -> list[str]:
        """UIDs of the messages that nobody has read, oldest first."""
        found = _ok(self._connection.uid("SEARCH", "UNSEEN", "UNDELETED"))
        return [uid.decode() for uid in (found[0] or b"").split()]

    def size(self, uid: str) -> int:
        """Bytes of a message; 0 if it has gone."""
        found = _SIZE.search(b" ".join(_pieces(_ok(self._connection.uid("FETCH", uid, "(RFC822.SIZE)")))))
        return int(found[1]) if found else 0

    def read(self, uid: str) -> bytes:
        """The whole message as it lies there; it stays unread. Empty if it has gone."""
        found = _ok(self._connection.uid("FETCH", uid, "(BODY.PEEK[])"))
        return next((bytes(part[1]) for part in found if isinstance(part, tuple)), b"")

    def move(self, uids: list[str], folder: str) -> None:
        """Out of INBOX into a folder, which is made if it is not there (MOVE, RFC 6851, or a copy)."""
        if not uids:
            return
        named, those = f'"{folder}"', ",".join(uids)
        self._connection.create(named)  # “NO” where it exists
        if b"MOVE" in _ok(self._connection.capability())[0].split():  # servers say so only after the log-in
            _ok(self._connection.uid("MOVE", those, named))
            return
        _ok(self._connection.uid("COPY", those, named))
        _ok(self._connection.uid("STORE", those, "+FLAGS.SILENT", r"(\Deleted)"))
        _ok(self._connection.expunge())


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error(word)
    return data


def _pieces(data: list[Any]) -> Iterator[bytes]:
    for one in data:
        yield from (part for part in (one if isinstance(one, tuple) else (one,)) if isinstance(part, bytes))
