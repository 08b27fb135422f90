import smtplib
from collections.abc import Iterator

import pytest
from tests.practice.clients import PATIENCE, send, send_raw

from lykta.practice import mail
from lykta.practice.mail import FULL, MAILBOXES, MOVED, POLICE, SLOW, mail_folder
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.world import World

ORDINARY = [mailbox for mailbox in MAILBOXES if mailbox not in {FULL, SLOW, MOVED}]


@pytest.fixture
def server(world: World) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(HOME, world.settings.smtp_port, timeout=PATIENCE) as connection:
        connection.ehlo()
        connection.mail("desk@hotline.test")
        yield connection


def kept(settings: PracticeSettings, mailbox: str) -> list[bytes]:
    return [file.read_bytes() for file in sorted((mail_folder(settings) / mailbox).iterdir())]


@pytest.mark.parametrize("mailbox", ORDINARY)
def test_every_known_mailbox_takes_mail(world: World, mailbox: str) -> None:
    raw = send(world.settings, mailbox, "Hello")
    assert kept(world.settings, mailbox) == [raw]


def test_mail_is_kept_byte_for_byte(world: World) -> None:
    raw = b"Subject: =?utf-8?q?r=C3=A4ksm=C3=B6rg=C3=A5s?=\r\nX-Odd:  two  blanks \r\n\r\n.dot first\r\n\xff\xfe\r\n"
    send_raw(world.settings, POLICE, raw)
    assert kept(world.settings, POLICE) == [raw]


def test_a_mailbox_is_found_in_any_letter_case(world: World) -> None:
    raw = send(world.settings, "Police@Polis.TEST", "Hello")
    assert kept(world.settings, POLICE) == [raw]


def test_one_mail_to_two_mailboxes_is_in_both_once(world: World) -> None:
    with smtplib.SMTP(HOME, world.settings.smtp_port, timeout=PATIENCE) as connection:
        connection.sendmail(
            "desk@hotline.test", [POLICE, POLICE, mail.POLDER_HOTLINE], b"Subject: two\r\n\r\nHello\r\n"
        )
    assert len(kept(world.settings, POLICE)) == len(kept(world.settings, mail.POLDER_HOTLINE)) == 1


def test_mails_are_kept_in_the_order_in_which_they_came(world: World) -> None:
    sent = [send(world.settings, POLICE, f"Number {number}") for number in range(12)]
    assert kept(world.settings, POLICE) == sent


@pytest.mark.parametrize("mailbox", ["nobody@polis.test", "police@elsewhere.test", "../police@polis.test"])
def test_an_unknown_mailbox_is_refused_for_good(server: smtplib.SMTP, mailbox: str) -> None:
    assert server.rcpt(mailbox)[0] == 550


def test_a_full_mailbox_has_room_at_the_third_try(server: smtplib.SMTP) -> None:
    assert [server.rcpt(FULL)[0] for _ in range(4)] == [452, 452, 250, 250]


def test_a_slow_mailbox_keeps_a_hurried_sender_waiting(world: World) -> None:
    with smtplib.SMTP(HOME, world.settings.smtp_port, timeout=0.3) as connection:
        connection.ehlo()
        connection.mail("desk@hotline.test")
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            connection.rcpt(SLOW)


def test_a_slow_mailbox_takes_mail_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_SLOW_MAIL_SECONDS", 0.05)
    raw = send(world.settings, SLOW, "Hello")
    assert kept(world.settings, SLOW) == [raw]


def test_mail_in_every_script_is_taken(server: smtplib.SMTP) -> None:
    assert server.has_extn("SMTPUTF8")
    assert server.has_extn("8BITMIME")


def test_nothing_is_kept_of_a_mail_that_breaks_off(world: World) -> None:
    with smtplib.SMTP(HOME, world.settings.smtp_port, timeout=PATIENCE) as connection:
        connection.ehlo()
        connection.mail("desk@hotline.test")
        connection.rcpt(POLICE)
        connection.putcmd("data")
        assert connection.getreply()[0] == 354
        connection.send(b"Subject: half\r\n")
        connection.close()
    send(world.settings, mail.POLDER_HOTLINE, "Another")
    assert not (mail_folder(world.settings) / POLICE).exists()
