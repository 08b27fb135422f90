"""The checks of the mail that is taken in: whether the mailbox opens, and who could write to it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from lykta.config.checks import Finding
from lykta.config.environment import Environment, home
from lykta.config.world import inbox_of
from lykta.connectors.contract import ConnectorError
from lykta.connectors.imap.registrations import Fault, Registration, registrations
from lykta.connectors.imap.smime import find_openssl

SOON = timedelta(days=30)
_ADVICE = "See “Signed mail” in docs/operations/bringing-in.md."


def mail_findings(given: Environment, now: datetime, *, visiting: bool) -> Iterator[Finding]:
    """Nothing where no mail is taken in. `visiting` logs in to the mailbox as well, which may take its time."""
    if not given.mail_intake_host:
        return
    found = list(registrations(home() / given.mail_intake_senders, now=now))
    yield from _findings_of_senders(found, now)
    if any(isinstance(one, Registration) and one.trusted for one in found) and not find_openssl():
        yield Finding("W106", "openssl is not installed: mail signed with S/MIME is refused.", "Install openssl.")
    try:
        inbox = inbox_of(given)
        if inbox and visiting:
            inbox.try_out()
    except (RuntimeError, ValueError) as error:
        yield Finding("E100", f"The intake mailbox cannot be opened: {error}", _ADVICE)
    except ConnectorError as error:
        wrong = f"The mailbox at {given.mail_intake_host}:{given.mail_intake_port} does not open: {error}"
        yield Finding("W101", wrong, "Are mail_intake_… and keys/mail-intake-password right, and is the server up?")


def _findings_of_senders(found: list[Registration | Fault], now: datetime) -> Iterator[Finding]:
    known = [one for one in found if isinstance(one, Registration)]
    if not known:
        yield Finding("W102", "No sender is registered: all mail will be refused.", _ADVICE)
    for fault in (one for one in found if isinstance(one, Fault)):
        yield Finding("W103", f"{fault.file} lets nobody in: {fault.why}.", _ADVICE)
    for one in known:
        if one.ends and one.ends - now < SOON:
            wrong = f"{one.sender.source}/{one.sender.name}: the certificate expires on {one.ends:%Y-%m-%d}."
            yield Finding("W104", wrong, "Ask the sender for the new one, and compare it by telephone.")
    for address, times in Counter(one.address for one in known if one.address).items():
        if times > 1:
            wrong = f"{address} is registered {times} times: its mail counts as that of one of them."
            yield Finding("W105", wrong, "Keep one of the files.")
