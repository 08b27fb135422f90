"""Hands a finished mail to a mail server (SMTP, RFC 5321), and says which faults are worth another try."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lykta.connectors.contract import Final, Transient
from lykta.lib.mail_servers import MailServer


def deliver(at: MailServer, mail: bytes, *, sender: str, to: str) -> str:
    """The server's last answer. Raises Transient for 4xx and lost connections, Final for 5xx.

    A connection lost after the content was begun is `uncertain`: the server may have taken the mail.
    """
    with _talk(at) as talk:
        _accepted(*talk.smtp.mail(sender))
        _accepted(*talk.smtp.rcpt(to))
        talk.begun = True
        return _accepted(*talk.smtp.data(mail))


def try_out(at: MailServer) -> None:
    """Connect, secure and log in as for a mail, and hand over none. Raises as `deliver` does."""
    with _talk(at) as talk:
        _accepted(*talk.smtp.noop())


@contextmanager
def _talk(at: MailServer) -> Iterator["_Talk"]:
    talk: _Talk | None = None
    try:
        with _connect(at) as smtp:
            _secure(smtp, at)
            talk = _Talk(smtp)
            yield talk
    except smtplib.SMTPResponseException as error:
        raise _fault(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Final(f"The mail server does not offer what the settings ask for: {error}") from error
    except ssl.SSLCertVerificationError as error:
        raise Final(f"The mail server's certificate is not trusted: {error.verify_message}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Transient(
            f"The mail server was lost: {type(error).__name__}.", uncertain=talk is not None and talk.begun
        ) from error


def _connect(at: MailServer) -> smtplib.SMTP:
    if at.security == "tls":
        return smtplib.SMTP_SSL(at.host, at.port, timeout=at.timeout, context=at.tls)
    return smtplib.SMTP(at.host, at.port, timeout=at.timeout)


def _secure(smtp: smtplib.SMTP, at: MailServer) -> None:
    """A server without STARTTLS is given nothing: somebody on the way may have cut the offer out."""
    if at.security == "starttls":
        smtp.starttls(context=at.tls)
    if at.user:
        smtp.login(at.user, at.password)
    else:
        smtp.ehlo_or_helo_if_needed()


@dataclass
class _Talk:
    """A server that listens; `begun`: the content of a mail is on its way."""

    smtp: smtplib.SMTP
    begun: bool = False


def _accepted(code: int, answer: bytes) -> str:
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, answer)
    return f"{code} {_words(answer)}"


def _fault(code: int, answer: bytes | str) -> Transient | Final:
    message = f"The mail server answers {code} {_words(answer)}"
    return Final(message) if 500 <= code < 600 else Transient(message)


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
