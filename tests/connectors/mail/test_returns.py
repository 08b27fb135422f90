"""Mail that came back: failures are told once, everything else is left for people."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from lykta.connectors.contract import Returns
from lykta.connectors.mail.returns import Maildir

ORIGINAL = "<L-2026-000001@hotline.test>"
STATUS = "Reporting-MTA: dns; mail.polis.test\n\nFinal-Recipient: rfc822; police@polis.test\nAction: {action}\nStatus: {status}\n{extra}"


def notification(
    action: str = "failed",
    status: str = "5.1.1",
    extra: str = "",
    *,
    original: str = ORIGINAL,
    part: str = "message/rfc822",
) -> bytes:
    """A notification as mail servers write them, by hand."""
    headers = f"From: desk@hotline.test\nTo: police@polis.test\nMessage-ID: {original}\nSubject: Report\n"
    body = headers + ("\nThe text\n" if part == "message/rfc822" else "")
    return (
        "From: MAILER-DAEMON@polis.test\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt did not work.\n"
        f"--b\nContent-Type: message/delivery-status\n\n{STATUS.format(action=action, status=status, extra=extra)}\n"
        f"--b\nContent-Type: {part}\n\n{body}\n--b--\n"
    ).encode()


@pytest.fixture
def box(tmp_path: Path) -> mailbox.Maildir:
    return mailbox.Maildir(tmp_path / "returned", create=True)


@pytest.fixture
def returns(tmp_path: Path) -> Returns:
    return Maildir(tmp_path / "returned")


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert Maildir(tmp_path / "none").collect() == ()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_a_failure_names_the_message_and_the_reason(box: mailbox.Maildir, returns: Returns, part: str) -> None:
    box.add(notification(extra="Diagnostic-Code: smtp; 550 5.1.1\n  no such  mailbox\n", part=part))
    (found,) = returns.collect()
    assert (found.message_id, found.reason) == (ORIGINAL, "550 5.1.1 no such mailbox")


def test_without_a_diagnosis_the_status_is_the_reason(box: mailbox.Maildir, returns: Returns) -> None:
    box.add(notification())
    assert [found.reason for found in returns.collect()] == ["5.1.1"]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_delays_and_good_news_are_no_failure(box: mailbox.Maildir, returns: Returns, action: str) -> None:
    box.add(notification(action=action))
    assert returns.collect() == ()


def test_what_is_done_is_not_collected_again_but_kept(box: mailbox.Maildir, returns: Returns) -> None:
    box.add(notification())
    (found,) = returns.collect()
    assert returns.collect() == (found,)
    returns.done(found)
    returns.done(found)
    assert returns.collect() == ()
    assert len(box) == 1


def test_an_ordinary_letter_is_left_alone(box: mailbox.Maildir, returns: Returns) -> None:
    letter = EmailMessage()
    letter["Subject"] = "Thank you"
    letter.set_content(f"Action: failed\nMessage-ID: {ORIGINAL}")
    box.add(letter)
    assert returns.collect() == ()
    assert [message.get_subdir() for message in box] == ["new"]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"Content-Type: multipart/report\n\n", notification()[:300]])
def test_broken_mail_is_no_fault(box: mailbox.Maildir, returns: Returns, raw: bytes) -> None:
    box.add(raw)
    assert returns.collect() == ()


def test_a_long_reason_is_cut(box: mailbox.Maildir, returns: Returns) -> None:
    box.add(notification(extra=f"Diagnostic-Code: smtp; {'x' * 900}\n"))
    assert [len(found.reason) for found in returns.collect()] == [300]
