"""How a mail server is reached and spoken to, be it to send or to take in."""

import ssl
from dataclasses import dataclass, field
from typing import Literal

Security = Literal["none", "starttls", "tls"]


def what_the_machine_trusts() -> ssl.SSLContext:
    """The certificates of the operating system."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """`user` is empty where there is no log-in; `tls` says whose certificates count; `timeout` in seconds an answer."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext = field(default_factory=what_the_machine_trusts)
    timeout: float = 30.0
