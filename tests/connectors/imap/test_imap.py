"""Mail of known senders comes in by their signature; all else is put aside, unread and unread by us."""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Cert, Tsk
from tests.connectors.imap.conftest import (
    NOWHERE,
    TEXT,
    Box,
    clear_mail,
    encrypted_mail,
    headers,
    inbox_of,
    know,
    signed_mail,
)
from tests.connectors.imap.server import imap_server

from lykta.connectors.contract import Final, Transient
from lykta.connectors.imap import connector
from lykta.connectors.imap.connector import ImapInbox
from lykta.connectors.imap.domain_signatures import DomainKeys
from lykta.connectors.imap.reading import open_mail
from lykta.connectors.imap.registrations import NotSigned
from lykta.connectors.imap.senders import Senders
from lykta.core.vocabulary import Source
from lykta.lib import clock
from lykta.lib.mail_servers import MailServer

WORDS = "Please look at http://pictures.nordhost.test/album/1"
MIXED = (
    b'Content-Type: multipart/mixed; boundary="m"\r\nSubject: What we found\r\n\r\n--m\r\n'
    + TEXT
    + b"\r\n--m\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    b"--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=log.txt\r\n\r\nattached words\r\n"
    b"--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nforwarded words\r\n--m--\r\n"
)
HTML = (
    b"Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Look <a href='http://a.example/1'>here</a>"
    b"<br>and there &amp; on</p><script>nothing()</script>\r\n"
)
ALTERNATIVE = (
    b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n" + TEXT + b"\r\n--a\r\n" + HTML + b"\r\n--a--\r\n"
)


def test_a_signed_mail_is_handed_on_with_whose_signature_it_is(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    box.put(signed_mail(TEXT, polder_key))
    [arrived] = inbox.collect()
    assert (arrived.sender, arrived.source) == ("polder", Source.HOTLINE)
    assert (arrived.text, arrived.left_out) == (WORDS, 0)
    assert arrived.message_id == "<1@polder-hotline.test>"
    assert len(arrived.digest) == 64


def test_a_text_with_its_signature_around_it_counts_as_far_as_it_was_signed(
    inbox: ImapInbox, box: Box, polder_key: Tsk
) -> None:
    box.put(clear_mail("Please look at http://a.example/å\n".encode(), polder_key))
    [arrived] = inbox.collect()
    assert arrived.text == "Please look at http://a.example/å"


def test_an_encrypted_mail_is_opened_with_the_hotlines_key(
    inbox: ImapInbox, box: Box, polder_key: Tsk, hotline_key: Tsk
) -> None:
    box.put(encrypted_mail(TEXT, to=hotline_key, by=polder_key))
    assert [one.text for one in inbox.collect()] == [WORDS]


def test_what_was_collected_comes_again_until_it_is_taken_in(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    box.put(signed_mail(TEXT, polder_key))
    first = inbox.collect()
    assert inbox.collect() == first
    assert (box.unread(), box.unread("Taken in")) == (1, 0)
    inbox.taken_in(first)
    assert inbox.collect() == ()
    assert (box.unread(), box.unread("Taken in")) == (0, 1)
    inbox.taken_in(first)


def test_what_a_person_has_read_is_theirs(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    box.put(signed_mail(TEXT, polder_key), flags=r"(\Seen)")
    assert inbox.collect() == ()


def test_the_same_mail_sent_on_has_the_same_digest(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    box.put(signed_mail(TEXT, polder_key, number=1), signed_mail(TEXT, polder_key, number=2, boundary="other"))
    box.put(signed_mail(MIXED, polder_key))
    one, two, three = inbox.collect()
    assert one.digest == two.digest != three.digest


def test_attachments_are_counted_and_dropped_and_the_signed_subject_is_words(
    inbox: ImapInbox, box: Box, polder_key: Tsk
) -> None:
    box.put(signed_mail(MIXED, polder_key))
    [arrived] = inbox.collect()
    assert (arrived.text, arrived.left_out) == (f"What we found\n{WORDS}", 3)


def test_html_is_words_and_links_where_there_is_nothing_else(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    box.put(signed_mail(HTML, polder_key), signed_mail(ALTERNATIVE, polder_key))
    html, both = inbox.collect()
    assert html.text == "Look  http://a.example/1 here\nand there & on"
    assert (both.text, both.left_out) == (WORDS, 0)


def test_text_in_another_or_an_unknown_charset_is_read(inbox: ImapInbox, box: Box, polder_key: Tsk) -> None:
    for charset in ("iso-8859-1", "no-such-charset"):
        part = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + b"caf\xe9 http://a.example/\r\n"
        box.put(signed_mail(part, polder_key))
    first, second = inbox.collect()
    assert first.text == "café http://a.example/"
    assert second.text == "caf\N{REPLACEMENT CHARACTER} http://a.example/"


Keys = dict[str, Tsk]
REFUSED: dict[str, Callable[[Keys], bytes]] = {
    "unsigned": lambda keys: headers("text/plain") + b"From a friend\r\n",
    "stranger": lambda keys: signed_mail(TEXT, keys["strange"]),
    "changed": lambda keys: signed_mail(TEXT, keys["polder"]).replace(b"album/1", b"album/2"),
    "clear, changed": lambda keys: clear_mail(b"album/1\n", keys["polder"]).replace(b"album/1", b"album/2"),
    "clear, stranger": lambda keys: clear_mail(b"album/1\n", keys["strange"]),
    "encrypted, unsigned": lambda keys: encrypted_mail(TEXT, to=keys["hotline"], by=None),
    "encrypted, stranger": lambda keys: encrypted_mail(TEXT, to=keys["hotline"], by=keys["strange"]),
    "encrypted to somebody else": lambda keys: encrypted_mail(TEXT, to=keys["strange"], by=keys["polder"]),
    "something besides": lambda keys: signed_mail(TEXT, keys["polder"]).replace(
        b"\r\n--b=_1--", b"\r\n--b=_1\r\n\r\nmore words\r\n--b=_1--"
    ),
    "signed inside something": lambda keys: (
        headers("multipart/mixed; boundary=o") + b"--o\r\n" + signed_mail(TEXT, keys["polder"]) + b"\r\n--o--\r\n"
    ),
    "no words": lambda keys: signed_mail(b"Content-Type: image/png\r\n\r\n\x89PNG\r\n", keys["polder"]),
    "nothing": lambda keys: b"\r\n",
}


@pytest.fixture
def keys(polder_key: Tsk, strange_key: Tsk, hotline_key: Tsk) -> Keys:
    return {"polder": polder_key, "strange": strange_key, "hotline": hotline_key}


@pytest.mark.parametrize("what", list(REFUSED))
def test_all_else_is_put_aside_unread_and_the_log_names_nobody(
    what: str,
    inbox: ImapInbox,
    box: Box,
    keys: Keys,
    caplog: pytest.LogCaptureFixture,
) -> None:
    box.put(REFUSED[what](keys), signed_mail(TEXT, keys["polder"]))
    with caplog.at_level(logging.INFO):
        assert len(inbox.collect()) == 1
    assert (box.unread(), box.unread("Refused")) == (1, 1)
    assert caplog.text.count("a mail is put into the folder “Refused”") == 1
    assert not any(part in caplog.text for part in ("@", "album", "polder", "president"))


def test_the_from_line_alone_opens_nothing(inbox: ImapInbox, box: Box) -> None:
    box.put(b"From: desk@polder-hotline.test\r\nSubject: trust me\r\n\r\nhttp://a.example/\r\n")
    assert inbox.collect() == ()


@pytest.mark.parametrize("limit", ["LONGEST_MAIL", "LONGEST_TEXT"])
def test_what_is_too_long_is_put_aside(
    limit: str, inbox: ImapInbox, box: Box, polder_key: Tsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, limit, len(WORDS) - 1)
    box.put(signed_mail(TEXT, polder_key))
    assert inbox.collect() == ()
    assert box.unread("Refused") == 1


def test_one_visit_takes_a_few_and_the_next_goes_on(
    inbox: ImapInbox, box: Box, polder_key: Tsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "AT_ONCE", 2)
    box.put(*(signed_mail(TEXT, polder_key, number=number) for number in range(3)))
    first = inbox.collect()
    assert len(first) == 2
    inbox.taken_in(first)
    assert [one.message_id for one in inbox.collect()] == ["<2@polder-hotline.test>"]


def test_who_is_known_is_looked_up_at_each_visit(
    inbox: ImapInbox, box: Box, senders: Path, strange_key: Tsk, polder_key: Tsk
) -> None:
    (senders / "hotline" / "polder.asc").unlink()
    know(senders, "partner/platform", str(strange_key.extract_certificate()))
    box.put(signed_mail(TEXT, strange_key), signed_mail(TEXT, polder_key))
    [arrived] = inbox.collect()
    assert (arrived.sender, arrived.source) == ("platform", Source.PARTNER)
    assert box.unread("Refused") == 1


@pytest.mark.parametrize("what", ["expired", "revoked", "damaged", "secret"])
def test_a_certificate_that_cannot_be_used_lets_nobody_in(
    what: str, box: Box, tmp_path: Path, hotline_key: Tsk, caplog: pytest.LogCaptureFixture
) -> None:
    key = Tsk.generate("gone@partner.example", validity_seconds=1_000_000)
    certificate = key.extract_certificate()
    shown = {
        "expired": str(certificate),
        "revoked": str(certificate),
        "damaged": "no certificate",
        "secret": str(key),
    }[what]
    now = clock.now()
    if what == "revoked":
        revocation = certificate.revoke(key.certifier())
        shown = str(Cert.from_bytes(bytes(certificate) + bytes(revocation)))
    if what == "expired":
        assert certificate.expiration
        now = certificate.expiration
    know(tmp_path / "known", "partner/gone", shown)
    known = Senders(tmp_path / "known", key=hotline_key, keys=DomainKeys(NOWHERE), now=now)
    assert "partner/gone.asc is left out: " in caplog.text
    with pytest.raises(NotSigned):
        open_mail(signed_mail(TEXT, key), known)


def test_without_a_folder_of_senders_nobody_is_known(
    box: Box, tmp_path: Path, hotline_key: Tsk, polder_key: Tsk
) -> None:
    box.put(signed_mail(TEXT, polder_key))
    assert inbox_of(box, tmp_path / "nowhere", hotline_key).collect() == ()


def test_a_wrong_password_is_final(box: Box, senders: Path, hotline_key: Tsk) -> None:
    with pytest.raises(Final, match="refuses the user name or the password"):
        inbox_of(box, senders, hotline_key, password="wrong").collect()


def test_a_server_that_nobody_vouches_for_is_not_given_the_password(box: Box, senders: Path, hotline_key: Tsk) -> None:
    box.tls = ssl.create_default_context()
    with pytest.raises(Final, match="certificate is not trusted"):
        inbox_of(box, senders, hotline_key).collect()


def test_a_server_that_is_not_there_may_come_back(box: Box, senders: Path, hotline_key: Tsk) -> None:
    box.port = 1
    with pytest.raises(Transient, match="was lost"):
        inbox_of(box, senders, hotline_key).collect()


def test_the_hotlines_own_key_has_to_be_one(box: Box, senders: Path) -> None:
    with pytest.raises(Final, match="own key cannot be used"):
        ImapInbox(MailServer(host="h", port=1, security="tls"), senders=senders, key=b"no key", resolvers=NOWHERE)


@pytest.mark.parametrize("word", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE"])
def test_a_line_that_breaks_loses_nothing(
    tmp_path: Path, senders: Path, hotline_key: Tsk, polder_key: Tsk, word: str
) -> None:
    with imap_server(tmp_path) as imap:
        box = Box(imap.host, imap.port, imap.client_tls)
        inbox = inbox_of(box, senders, hotline_key)
        box.put(signed_mail(TEXT, polder_key))
        imap.breaks_at = word
        with pytest.raises(Transient):
            inbox.taken_in(inbox.collect())
        imap.breaks_at = ""
        assert [one.text for one in inbox.collect()] == [WORDS]


@pytest.mark.parametrize("word", ["SELECT", "UID SEARCH", "UID FETCH"])
def test_a_server_that_says_no_is_final(
    tmp_path: Path, senders: Path, hotline_key: Tsk, polder_key: Tsk, word: str
) -> None:
    with imap_server(tmp_path, refuses=word) as imap:
        box = Box(imap.host, imap.port, imap.client_tls)
        box.put(signed_mail(TEXT, polder_key))
        with pytest.raises(Final, match="does not do what it is asked"):
            inbox_of(box, senders, hotline_key).collect()


def test_a_server_that_cannot_move_copies_and_deletes(
    tmp_path: Path, senders: Path, hotline_key: Tsk, polder_key: Tsk
) -> None:
    with imap_server(tmp_path, can_move=False) as imap:
        box = Box(imap.host, imap.port, imap.client_tls)
        inbox = inbox_of(box, senders, hotline_key)
        box.put(signed_mail(TEXT, polder_key))
        inbox.taken_in(inbox.collect())
        assert "UID MOVE" not in imap.heard
        assert (box.unread(), box.unread("Taken in")) == (0, 1)


def test_a_mailbox_that_was_made_anew_is_left_as_it_is(
    tmp_path: Path, senders: Path, hotline_key: Tsk, polder_key: Tsk
) -> None:
    with imap_server(tmp_path) as imap:
        box = Box(imap.host, imap.port, imap.client_tls)
        inbox = inbox_of(box, senders, hotline_key)
        box.put(signed_mail(TEXT, polder_key))
        arrived = inbox.collect()
        imap.validity += 1
        inbox.taken_in(arrived)
        assert box.unread() == 1


def test_starttls_comes_before_the_password(tmp_path: Path, senders: Path, hotline_key: Tsk) -> None:
    with imap_server(tmp_path, starttls=True) as imap:
        box = Box(imap.host, imap.port, imap.client_tls)
        assert inbox_of(box, senders, hotline_key, tls=False).collect() == ()
        assert imap.heard.index("STARTTLS") < imap.heard.index("LOGIN")


@given(st.binary(max_size=300))
def test_whatever_comes_is_signed_or_put_aside(raw: bytes) -> None:
    nobody = Senders(Path("/nonexistent"), key=KEY, keys=DomainKeys(NOWHERE), now=clock.now())
    for mail in (raw, b"Content-Type: multipart/signed; boundary=b\r\n" + raw, headers("multipart/encrypted") + raw):
        with pytest.raises(NotSigned):
            open_mail(mail, nobody)


KEY = Tsk.generate("desk@hotline.test")
