"""A mailbox, the people whose mail is taken in, and mails as mail programs write them."""

import imaplib
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from pysequoia import SignatureMode, Tsk, encrypt, sign
from tests.connectors.imap.dovecot import Dovecot, dovecot, is_wanted
from tests.connectors.imap.server import PASSWORD, imap_server

from lykta.connectors.imap.connector import ImapInbox
from lykta.lib.mail_servers import MailServer, Security
from lykta.lib.resolvers import Resolvers

TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease look at http://pictures.nordhost.test/album/1\r\n"
NOWHERE = (("127.0.0.1", 1),)
"""No name server: who asks one for a mail that needs none is found out."""


@dataclass
class Box:
    """One user's mailbox on a server, as another mail program sees it."""

    host: str
    port: int
    tls: ssl.SSLContext
    user: str = field(default_factory=lambda: f"intake-{uuid4().hex[:12]}")

    def connect(self) -> imaplib.IMAP4_SSL:
        connection = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=self.tls, timeout=10)
        connection.login(self.user, PASSWORD)
        return connection

    def put(self, *mails: bytes, flags: str = "") -> None:
        connection = self.connect()
        for mail in mails:
            assert connection.append("INBOX", flags, imaplib.Time2Internaldate(time.time()), mail)[0] == "OK"
        connection.logout()

    def unread(self, folder: str = "INBOX") -> int:
        """How many unread mails lie in a folder, 0 where it is not there."""
        connection = self.connect()
        try:
            if connection.select(f'"{folder}"', readonly=True)[0] != "OK":
                return 0
            return len(connection.uid("SEARCH", "UNSEEN", "UNDELETED")[1][0].split())
        finally:
            connection.logout()


@pytest.fixture(scope="session")
def real_server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


@pytest.fixture(params=["double", *(["dovecot"] if is_wanted() else [])])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    """A mailbox of its own for each test, on the double and on a real server."""
    if request.param == "dovecot":
        real: Dovecot = request.getfixturevalue("real_server")
        yield Box(real.host, real.port, real.client_tls)
        return
    with imap_server(tmp_path) as imap:
        yield Box(imap.host, imap.port, imap.client_tls)


@pytest.fixture(scope="session")
def hotline_key() -> Tsk:
    return Tsk.generate("desk@hotline.test")


@pytest.fixture(scope="session")
def polder_key() -> Tsk:
    """A partner hotline's."""
    return Tsk.generate("desk@polder-hotline.test")


@pytest.fixture(scope="session")
def strange_key() -> Tsk:
    """Of somebody whom nobody knows, under the same address."""
    return Tsk.generate("desk@polder-hotline.test")


@pytest.fixture
def senders(tmp_path: Path, polder_key: Tsk) -> Path:
    folder = tmp_path / "senders"
    know(folder, "hotline/polder", str(polder_key.extract_certificate()))
    return folder


def know(folder: Path, who: str, armored: str) -> None:
    write(folder / f"{who}.asc", armored)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def inbox(box: Box, senders: Path, hotline_key: Tsk) -> ImapInbox:
    return inbox_of(box, senders, hotline_key)


def inbox_of(
    box: Box,
    senders: Path,
    key: Tsk,
    *,
    password: str = PASSWORD,
    tls: bool = True,
    resolvers: Resolvers = NOWHERE,
) -> ImapInbox:
    security: Security = "tls" if tls else "starttls"
    server = MailServer(
        host=box.host, port=box.port, security=security, user=box.user, password=password, tls=box.tls, timeout=5
    )
    return ImapInbox(server, senders=senders, key=str(key).encode(), resolvers=resolvers)


def headers(content_type: str, number: int = 1) -> bytes:
    lines = [
        "From: Somebody Else <president@country.example>",
        "Subject: an outer subject that nobody signed",
        f"Message-ID: <{number}@polder-hotline.test>",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def signed_mail(part: bytes, key: Tsk, *, number: int = 1, boundary: str = "b=_1") -> bytes:
    """multipart/signed as RFC 3156 has it."""
    signature = sign(key.signer(), part, mode=SignatureMode.DETACHED).replace(b"\n", b"\r\n")
    line = f"\r\n--{boundary}".encode()
    kind = f'multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary="{boundary}"'
    attached = b'\r\nContent-Type: application/pgp-signature; name="signature.asc"\r\n\r\n' + signature
    return headers(kind, number) + b"Not for old programs." + line + b"\r\n" + part + line + attached + line + b"--\r\n"


def encrypted_mail(part: bytes, *, to: Tsk, by: Tsk | None) -> bytes:
    """multipart/encrypted, the signature inside."""
    if by:
        message = encrypt(part, recipients=[to.extract_certificate()], signer=by.signer())
    else:
        message = encrypt(part, recipients=[to.extract_certificate()])
    lines = [
        b"--e",
        b"Content-Type: application/pgp-encrypted",
        b"",
        b"Version: 1",
        b"--e",
        b"Content-Type: application/octet-stream",
        b"",
        message.replace(b"\n", b"\r\n"),
        b"--e--",
        b"",
    ]
    return headers('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e') + b"\r\n".join(lines)


def clear_mail(text: bytes, key: Tsk) -> bytes:
    """A text with its signature around it, as people paste it."""
    signed = sign(key.signer(), text, mode=SignatureMode.CLEAR)
    return headers("text/plain; charset=utf-8") + b"> quoted by somebody\r\n" + signed.replace(b"\n", b"\r\n")
