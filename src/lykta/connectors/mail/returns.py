"""Mail that came back: delivery status notifications (RFC 3464) from a Maildir to which bounces are delivered.

The mail server that the hotline sends through puts what comes back to the sender's address into a Maildir. Looked at
messages are marked as seen and stay there for people; what is not a notification is left as it is.
"""

import mailbox
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import cast

from lykta.connectors.contract import Returned

_LONGEST_REASON = 300


class Maildir:
    """A `Returns`. A folder that does not exist yet holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> tuple[Returned, ...]:
        """Every notification that was not collected yet, oldest first."""
        if not (self._folder / "new").is_dir():
            return ()
        box = mailbox.Maildir(self._folder, create=False)
        found = []
        for key in sorted(box.keys()):
            if box.get_message(key).get_subdir() != "new":
                continue
            found += list(_read(key, BytesParser(policy=default).parsebytes(box.get_bytes(key))))
        return tuple(found)

    def done(self, returned: Returned) -> None:
        """It has been noted: do not collect it again. Safe to do twice."""
        box = mailbox.Maildir(self._folder, create=False)
        if returned.handle in box:
            message = box.get_message(returned.handle)
            message.set_subdir("cur")
            message.add_flag("S")
            box[returned.handle] = message


def _read(key: str, mail: Message) -> Iterator[Returned]:
    """A notification that something was not delivered; delays and good news are none."""
    if mail.get_content_type() != "multipart/report":
        return
    reasons = [reason for part in mail.walk() if (reason := _failure(part))]
    numbers = [number for part in mail.walk() if (number := _original(part))]
    if reasons and numbers:
        yield Returned(message_id=numbers[0], reason=reasons[0][:_LONGEST_REASON], handle=key)


def _failure(part: Message) -> str:
    """The reason in one recipient's block of a message/delivery-status, "" where it does not say `failed`."""
    if str(part.get("Action", "")).strip().lower() != "failed":
        return ""
    diagnostic = str(part.get("Diagnostic-Code", "")).partition(";")[2].strip()
    return " ".join((diagnostic or str(part.get("Status", "")) or "returned").split())


def _original(part: Message) -> str:
    """The Message-ID of the mail that came back, from its headers in the third part."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = cast("list[EmailMessage]", part.get_payload())
        return str(inner[0].get("Message-ID", "")).strip() if inner else ""
    if kind == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        headers = BytesParser(policy=default).parsebytes(
            content if isinstance(content, bytes) else b"", headersonly=True
        )
        return str(headers.get("Message-ID", "")).strip()
    return ""
