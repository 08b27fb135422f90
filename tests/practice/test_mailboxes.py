from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pysequoia import Cert
from tests.practice.clients import send, send_raw
from tests.practice.sealed import envelope, sealed_mail

from lykta.practice.mail import LOTUS_HOTLINE, MAILBOXES, POLDER_HOTLINE, POLICE
from lykta.practice.mailboxes import KEYS, count_mails, mail_numbered, mails_in, public_key, text_of
from lykta.practice.settings import PracticeSettings
from lykta.practice.world import World, beside

SIGNED = b"""Subject: Signed
Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="edge"

--edge
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

r=C3=A4ksm=C3=B6rg=C3=A5s http://pictures.example/gal=
lery
--edge
Content-Type: application/pgp-signature

signature
--edge--
"""


@pytest.mark.parametrize("mailbox", KEYS)
def test_a_sealed_mail_is_opened_by_its_recipient(world: World, mailbox: str) -> None:
    send_raw(world.settings, mailbox, sealed_mail("The inner text", key=public_key(KEYS[mailbox])))
    (found,) = world.mails(mailbox)
    assert (found.encrypted, found.opened) == (True, True)
    assert found.subject == "The inner subject"
    assert "The inner text" in found.text
    assert "http://pictures.example/gallery" in found.text
    assert found.attachments == ("item.json",)


def test_a_sealed_mail_stays_closed_to_others(world: World) -> None:
    send_raw(world.settings, POLDER_HOTLINE, sealed_mail("The inner text", key=public_key("police")))
    (found,) = world.mails(POLDER_HOTLINE)
    assert (found.encrypted, found.opened) == (True, False)
    assert (found.subject, found.text, found.attachments) == ("...", "", ())


def test_a_mailbox_without_a_key_opens_nothing(world: World) -> None:
    send_raw(world.settings, "abuse@nordhost.test", sealed_mail("The inner text", key=public_key("police")))
    (found,) = world.mails("abuse@nordhost.test")
    assert (found.encrypted, found.opened) == (True, False)


@pytest.mark.parametrize("sealed", [b"", b"noise", b"-----BEGIN PGP MESSAGE-----\n\nwV4D\n-----END PGP MESSAGE-----"])
def test_a_damaged_mail_is_listed_but_not_opened(world: World, sealed: bytes) -> None:
    send_raw(world.settings, POLICE, envelope(sealed))
    (found,) = world.mails(POLICE)
    assert (found.encrypted, found.opened, found.text) == (True, False, "")


def test_a_sealed_mail_without_its_second_part_is_not_opened() -> None:
    raw = b'Content-Type: multipart/encrypted; boundary="edge"\r\n\r\n--edge\r\n\r\nVersion: 1\r\n--edge--\r\n'
    assert text_of(POLICE, raw) == ""


def test_a_plain_mail_is_read(world: World) -> None:
    send(world.settings, "abuse@nordhost.test", "Please remove this.", subject="A notice")
    (found,) = world.mails("abuse@nordhost.test")
    assert (found.sender, found.subject, found.text.strip()) == ("desk@hotline.test", "A notice", "Please remove this.")
    assert ("Subject", "A notice") in found.headers
    assert (found.encrypted, found.opened) == (False, True)
    assert abs(datetime.now(UTC) - found.kept_at) < timedelta(minutes=1)


def test_a_signed_mail_is_read_whatever_its_encoding() -> None:
    text = text_of(POLICE, SIGNED)
    assert "räksmörgås http://pictures.example/gallery" in text
    assert "signature" not in text


@pytest.mark.parametrize("charset", ["utf-8", "unheard-of"])
def test_a_mail_in_a_strange_charset_is_read_as_well_as_can_be(charset: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\nå".encode()
    assert text_of(POLICE, raw) == "å"


def test_structured_attachments_are_read_and_pictures_are_not() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\nContent-Type: application/xarf+json\r\n\r\n'
        b'{"a": 1}\r\n--edge\r\nContent-Type: image/png\r\n\r\nPNG\r\n--edge--\r\n'
    )
    assert text_of(POLICE, raw) == '{"a": 1}'


def test_mailboxes_are_counted_empty_ones_too(world: World) -> None:
    send(world.settings, POLICE, "One")
    send(world.settings, POLICE, "Two")
    counts = count_mails(world.settings)
    assert set(counts) == set(MAILBOXES)
    assert counts[POLICE] == 2
    assert sum(counts.values()) == 2


def test_the_newest_mail_comes_first(world: World) -> None:
    for subject in ("first", "second", "third"):
        send(world.settings, POLICE, "Hello", subject=subject)
    assert [mail.subject for mail in world.mails(POLICE)] == ["third", "second", "first"]


def test_a_mail_is_found_by_its_number(world: World) -> None:
    send(world.settings, POLICE, "Hello", subject="this one")
    (found,) = world.mails(POLICE)
    assert mail_numbered(world.settings, POLICE, found.number) == found


@pytest.mark.parametrize(("mailbox", "number"), [(POLICE, "1-0"), ("nobody@polis.test", "1-0"), (POLICE, "../state")])
def test_what_is_not_there_is_not_found(tmp_path: Path, mailbox: str, number: str) -> None:
    with pytest.raises(LookupError):
        mail_numbered(PracticeSettings.on_free_ports(tmp_path), mailbox, number)


def test_a_second_run_shows_the_mail_of_the_first(settings: PracticeSettings) -> None:
    with beside(settings):
        send(settings, LOTUS_HOTLINE, "Hello", subject="kept")
    with beside(settings):
        assert [mail.subject for mail in mails_in(settings, LOTUS_HOTLINE)] == ["kept"]


@pytest.mark.parametrize(("mailbox", "name"), KEYS.items())
def test_a_practice_key_never_expires_and_says_that_it_is_public(mailbox: str, name: str) -> None:
    armored = public_key(name)
    key = Cert.from_bytes(armored.encode())
    assert mailbox in str(key.user_ids[0])
    assert key.expiration is None
    assert "PRIVATE" not in armored
    assert "for practice only" in armored.splitlines()[1]
