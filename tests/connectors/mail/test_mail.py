"""Mail as its recipients see it: through a real SMTP conversation, read with an ordinary GnuPG."""

import asyncio
import email
import email.policy
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.connectors.mail.conftest import Gpg

from lykta.connectors.contract import Final, Message, Transient
from lykta.connectors.mail.connector import Mail
from lykta.lib import mail_servers
from lykta.lib.mail_servers import Security

TEXT = "Hej! Åäö.\nFrom now on:  \n\ttabs, blanks \n.\n" + "long " * 60 + "\nend\n"
MESSAGE = Message(
    to="police@police.test",
    subject="Report 2026-000123",
    inner_subject="Report 2026-000123: höst.example",
    text=TEXT,
    message_id="<one@hotline.test>",
)


class MailServer:
    """Takes mail, or answers `refusal` to the command of that name."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusals: dict[str, str] = {}

    async def handle_MAIL(  # noqa: N802 — aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.refusals.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.refusals.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" not in self.refusals:
            self.taken.append(envelope)
        return self.refusals.get("DATA", "250 OK queued as 7")

    def raw(self) -> bytes:
        content = self.taken[-1].content
        assert isinstance(content, bytes)
        return content

    def mail(self) -> EmailMessage:
        return _parsed(self.raw())


@pytest.fixture
def server() -> Iterator[tuple[MailServer, int]]:
    handler = MailServer()
    loop = asyncio.new_event_loop()
    talks: list[SMTP] = []

    def talk() -> SMTP:
        talks.append(SMTP(handler, hostname="mail.test", loop=loop))
        return talks[-1]

    listening = loop.run_until_complete(loop.create_server(talk, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield handler, listening.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    listening.close()
    for one in talks:
        if one.transport:
            one.transport.close()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


@pytest.fixture
def inbox(server: tuple[MailServer, int]) -> MailServer:
    return server[0]


def post_to(
    port: int, gpg: Gpg, *, security: Security = "none", user: str = "", password: str = "", **changes: Any
) -> Mail:
    where = mail_servers.MailServer(
        host="127.0.0.1", port=port, security=security, user=user, password=password, timeout=3
    )
    settings: dict[str, Any] = {
        "sender": "desk+case7@hotline.test",
        "sender_name": "Hotline Övning",
        "signing_key": gpg.secret("desk@hotline.test"),
    }
    return Mail(where, **(settings | changes))


@pytest.fixture
def post(server: tuple[MailServer, int], gpg: Gpg) -> Mail:
    return post_to(server[1], gpg)


def _parsed(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not list(parsed.defects)
    return parsed


def _part(mail: EmailMessage, number: int) -> EmailMessage:
    part = list(mail.iter_parts())[number]
    assert isinstance(part, EmailMessage)
    return part


def _signed_bytes(raw: bytes) -> bytes:
    """The first part of a multipart exactly as it was sent (RFC 3156 5)."""
    boundary = re.search(rb'boundary="([^"]+)"', raw)
    assert boundary
    return raw.split(b"\r\n--" + boundary[1])[1].removeprefix(b"\r\n")


def test_the_server_gets_the_envelope_and_the_headers(post: Mail, inbox: MailServer) -> None:
    assert post.send(MESSAGE).response == "250 OK queued as 7"
    envelope = inbox.taken[-1]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("desk+case7@hotline.test", ["police@police.test"])
    mail = inbox.mail()
    assert mail["From"] == "Hotline Övning <desk+case7@hotline.test>"
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (MESSAGE.to, MESSAGE.subject, MESSAGE.message_id)
    assert mail["Date"].datetime.tzinfo
    assert mail["X-Lykta-Repeat"] is None


def test_without_a_key_the_mail_is_signed_and_any_program_reads_it(
    post: Mail, inbox: MailServer, gpg: Gpg, tmp_path: Path
) -> None:
    post.send(replace(MESSAGE, attachments=(("notice.json", "application/json", b'{"a": 1}\nFrom here\n'),)))
    mail = inbox.mail()
    assert mail.get_content_type() == "multipart/signed"
    assert mail["Content-Type"].params["protocol"] == "application/pgp-signature"
    protected = _part(mail, 0)
    assert protected["Subject"] == MESSAGE.inner_subject
    assert protected["Content-Type"].params["protected-headers"] == "v1"
    assert _part(protected, 0).get_content().replace("\r\n", "\n") == TEXT
    assert _part(protected, 1).get_content() == b'{"a": 1}\nFrom here\n'
    assert _part(protected, 1).get_filename() == "notice.json"

    signature = tmp_path / "signature.asc"
    signature.write_bytes(_part(mail, 1).get_content())
    verified = gpg("--verify", str(signature), "-", given=_signed_bytes(inbox.raw()))
    assert b"GOODSIG" in verified.stderr
    algorithm = re.search(rb"VALIDSIG(?: \S+){6} (\S+) (\S+)", verified.stderr)
    assert algorithm
    # RFC 4880 9.4: 8, 9 and 10 are SHA-256, SHA-384 and SHA-512.
    named = {b"8": "pgp-sha256", b"9": "pgp-sha384", b"10": "pgp-sha512"}[algorithm[2]]
    assert mail["Content-Type"].params["micalg"] == named


def test_a_signed_part_is_what_no_server_on_the_way_changes(post: Mail, inbox: MailServer) -> None:
    post.send(MESSAGE)
    part = _signed_bytes(inbox.raw())
    lines = part.split(b"\r\n")
    assert all(line == line.rstrip() and len(line) <= 78 and line.isascii() for line in lines)
    assert b"\n" not in part.replace(b"\r\n", b"")
    assert not any(line.startswith(b"From ") for line in lines)


def test_a_changed_signed_part_is_noticed(post: Mail, inbox: MailServer, gpg: Gpg, tmp_path: Path) -> None:
    post.send(MESSAGE)
    signature = tmp_path / "signature.asc"
    signature.write_bytes(_part(inbox.mail(), 1).get_content())
    changed = _signed_bytes(inbox.raw()).replace(b"Hej", b"Nej")
    assert gpg("--verify", str(signature), "-", given=changed, check=False).returncode != 0


@pytest.mark.parametrize("user", ["police@police.test", "rsa@police.test"])
def test_with_a_key_only_the_recipient_reads_it(post: Mail, inbox: MailServer, gpg: Gpg, user: str) -> None:
    post.send(replace(MESSAGE, to=user, key=gpg.public(user), attachments=(("å.csv", "text/csv", b"a,b\n"),)))
    mail = inbox.mail()
    assert mail.get_content_type() == "multipart/encrypted"
    assert mail["Content-Type"].params["protocol"] == "application/pgp-encrypted"
    assert _part(mail, 0).get_content_type() == "application/pgp-encrypted"
    assert b"Version: 1" in _part(mail, 0).get_content()
    assert b"st.example" not in inbox.raw()
    assert b"long long" not in inbox.raw()  # with a blank, which no armour has

    opened = gpg("--decrypt", given=_part(mail, 1).get_content())
    assert b"GOODSIG" in opened.stderr
    assert b"DECRYPTION_OKAY" in opened.stderr
    inner = _parsed(opened.stdout)
    assert inner["Subject"] == MESSAGE.inner_subject
    assert inner["Content-Type"].params["protected-headers"] == "v1"
    assert _part(inner, 0).get_content().replace("\r\n", "\n") == TEXT
    assert _part(inner, 1).get_filename() == "å.csv"


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_repeated_mail_says_so(post: Mail, inbox: MailServer, gpg: Gpg, *, encrypted: bool) -> None:
    key = gpg.public(MESSAGE.to) if encrypted else ""
    post.send(replace(MESSAGE, repeat=True, key=key))
    mail = inbox.mail()
    assert (mail["X-Lykta-Repeat"], mail["Message-ID"]) == ("yes", MESSAGE.message_id)
    inner = _parsed(gpg("--decrypt", given=_part(mail, 1).get_content()).stdout) if encrypted else _part(mail, 0)
    assert inner.get_content().startswith("This message may have reached you before.")


@pytest.mark.parametrize(
    ("user", "words"), [("expired@police.test", "expired on 2024-01-02"), ("revoked@police.test", "has been revoked")]
)
def test_a_key_that_is_no_longer_good_is_refused(
    post: Mail, inbox: MailServer, gpg: Gpg, user: str, words: str
) -> None:
    with pytest.raises(Final, match=words):
        post.send(replace(MESSAGE, key=gpg.public(user)))
    assert inbox.taken == []


@pytest.mark.parametrize(
    "key", ["nonsense", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n"]
)
def test_a_key_that_cannot_be_read_is_refused(post: Mail, key: str) -> None:
    with pytest.raises(Final, match="cannot be read"):
        post.send(replace(MESSAGE, key=key))


def test_a_signing_key_that_cannot_sign_is_noticed_at_the_start(gpg: Gpg) -> None:
    for key in (b"nonsense", gpg.public("desk@hotline.test").encode()):
        with pytest.raises(Final, match="signing key"):
            post_to(25, gpg, signing_key=key)


BREAKS = ["\r\nBcc: evil@evil.test", "\nBcc: evil@evil.test", "\rx", "\0", "\x0bx", "\x85x", "\u2028x"]


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize("field", ["to", "subject", "inner_subject", "message_id"])
def test_no_line_break_gets_into_a_header(post: Mail, inbox: MailServer, field: str, text: str) -> None:
    with pytest.raises(Final):
        post.send(replace(MESSAGE, **{field: getattr(MESSAGE, field) + text}))
    assert inbox.taken == []


@pytest.mark.parametrize("text", BREAKS)
def test_no_line_break_gets_into_an_attachments_headers(post: Mail, text: str) -> None:
    for attachment in (("a" + text, "text/csv", b""), ("a", "text/csv" + text, b"")):
        with pytest.raises(Final):
            post.send(replace(MESSAGE, attachments=(attachment,)))


@pytest.mark.parametrize("media_type", ["", "text", "text/", "multipart/mixed", "message/rfc822", 'text/"; x'])
def test_an_attachment_has_a_plain_media_type(post: Mail, media_type: str) -> None:
    with pytest.raises(Final):
        post.send(replace(MESSAGE, attachments=(("a", media_type, b""),)))


@pytest.mark.parametrize("text", BREAKS)
def test_no_line_break_gets_into_the_senders_name(server: tuple[MailServer, int], gpg: Gpg, text: str) -> None:
    with pytest.raises(Final):
        post_to(server[1], gpg, sender_name="Desk" + text).send(MESSAGE)
    with pytest.raises(Final):
        post_to(server[1], gpg, sender="desk@hotline.test" + text)


@pytest.mark.parametrize(
    "to", ["", "police", "a@a.test, b@b.test", "<a@a.test>", "A <a@a.test>", "a@a.test b", "å@a.test", "a@å.test", "@a"]
)
def test_a_recipient_is_one_plain_address(post: Mail, inbox: MailServer, to: str) -> None:
    with pytest.raises(Final):
        post.send(replace(MESSAGE, to=to))
    assert inbox.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "fault"),
    [("452 too much mail", Transient), ("451 later", Transient), ("550 no such mailbox", Final), ("554 no", Final)],
)
def test_the_servers_refusal_says_whether_to_try_again(
    post: Mail, inbox: MailServer, command: str, answer: str, fault: type[Exception]
) -> None:
    inbox.refusals[command] = answer
    with pytest.raises(fault, match=answer):
        post.send(MESSAGE)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_without_the_security_that_was_asked_for_nothing_is_sent(
    server: tuple[MailServer, int], gpg: Gpg, security: Security
) -> None:
    with pytest.raises(Final if security == "starttls" else Transient):
        post_to(server[1], gpg, security=security).send(MESSAGE)
    assert server[0].taken == []


def test_a_server_without_log_in_is_not_given_a_password(server: tuple[MailServer, int], gpg: Gpg) -> None:
    with pytest.raises(Final, match="does not offer"):
        post_to(server[1], gpg, user="desk", password="secret").send(MESSAGE)


@contextmanager
def _dropping(*, after: bytes) -> Iterator[int]:
    """A mail server whose connection breaks when it has read a line that begins like this."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 hello\r\n")
            content = False
            for line in self.rfile:
                if line.upper().startswith(after):
                    return
                if not content:
                    content = line.upper().startswith(b"DATA")
                    self.wfile.write(b"354 go on\r\n" if content else b"250 OK\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("after", "uncertain"), [(b"EHLO", False), (b"MAIL", False), (b"RCPT", False), (b".", True)])
def test_a_dropped_connection_says_whether_the_mail_may_have_arrived(
    gpg: Gpg, after: bytes, *, uncertain: bool
) -> None:
    with _dropping(after=after) as port, pytest.raises(Transient) as caught:
        post_to(port, gpg).send(replace(MESSAGE, text="x"))
    assert caught.value.uncertain is uncertain


def test_a_server_is_tried_out_without_a_mail(post: Mail, inbox: MailServer) -> None:
    post.try_out()
    assert inbox.taken == []


def test_trying_out_meets_what_a_mail_would_meet(server: tuple[MailServer, int], gpg: Gpg) -> None:
    with pytest.raises(Final, match="does not offer"):
        post_to(server[1], gpg, user="desk", password="secret").try_out()


def test_no_server_at_all_is_transient(gpg: Gpg) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Transient):
        post_to(port, gpg).try_out()
    with pytest.raises(Transient) as caught:
        post_to(port, gpg).send(MESSAGE)
    assert not caught.value.uncertain
