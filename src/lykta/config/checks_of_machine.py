"""The checks of what stands around Lykta on the day it opens: a mail server, backups, a clock that is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lykta.config.checks import Finding
from lykta.config.environment import Environment, home
from lykta.config.world import post_of
from lykta.connectors.contract import ConnectorError
from lykta.lib.clock import is_kept

BACKED_UP = "backed-up"
"""A file in LYKTA_HOME that the operator's backup job touches when it is done: docs/operations/backup.md."""
BACKUP_AGE = timedelta(days=2)
"""Backups are daily; one that failed once may be late."""


def post_findings(given: Environment) -> Iterator[Finding]:
    """Connects and logs in to the mail server as for a mail, and sends none: without it nobody is told of anything."""
    try:
        post_of(given).try_out()
    except ConnectorError as error:
        wrong = f"Mail cannot be sent by {given.mail_host}:{given.mail_port}: {error}"
        yield Finding("W116", wrong, "Are mail_host, mail_port, mail_security, mail_user and keys/mail-password right?")


def backup_findings(now: datetime) -> Iterator[Finding]:
    """Whether a backup was made lately, as far as the job that makes it says so."""
    advice = f"Let the backup job end with `touch {home() / BACKED_UP}`: see docs/operations/backup.md."
    try:
        made = datetime.fromtimestamp((home() / BACKED_UP).stat().st_mtime, UTC)
    except FileNotFoundError:
        yield Finding("W117", "No backup is known: a broken disk would take every case with it.", advice)
        return
    if now - made > BACKUP_AGE:
        yield Finding("W117", f"The last backup that is known is from {made:%Y-%m-%d %H:%M}.", advice)


def kept_clock_findings() -> Iterator[Finding]:
    """A clock that nobody keeps goes wrong by itself, and with it deadlines, codes and what the record says."""
    if is_kept() is False:
        yield Finding("W118", "Nothing keeps the clock of this machine right.", "Start an NTP service, such as chrony.")
