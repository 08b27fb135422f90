"""Hands a finished mail to a mail server (SMTP, RFC 5321), and says which faults are worth another try."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from lykta.connectors.contract import Final, Transient

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `user` is empty where it takes mail without a log-in; `timeout` in seconds."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    tls: ssl.SSLContext
    timeout: float

    def deliver(self, mail: bytes, *, sender: str, to: str) -> str:
        """The server's last answer. Raises Transient for 4xx and lost connections, Final for 5xx.

        A connection lost after the content was begun is `uncertain`: the server may have taken the mail.
        """
        with self._talk() as talk:
            _accepted(*talk.smtp.mail(sender))
            _accepted(*talk.smtp.rcpt(to))
            talk.begun = True
            return _accepted(*talk.smtp.data(mail))

    def try_out(self) -> None:
        """Connect, secure and log in as for a mail, and hand over none. Raises as `deliver` does."""
        with self._talk() as talk:
            _accepted(*talk.smtp.noop())

    @contextmanager
    def _talk(self) -> Iterator["_Talk"]:
        talk: _Talk | None = None
        try:
            with self._connect() as smtp:
                self._secure(smtp)
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

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        """A server without STARTTLS is given nothing: somebody on the way may have cut the offer out."""
        if self.security == "starttls":
            smtp.starttls(context=self.tls)
        if self.user:
            smtp.login(self.user, self.password)
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
