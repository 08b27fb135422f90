"""Builds the bytes of a mail: a protected part inside, neutral headers outside.

The real subject stands inside, in protected headers (`protected-headers="v1"`), since the outer one travels in the
clear. Line ends are CRLF, everything is 7-bit, and no line ends in blanks or begins with `From `, so that no mail
server on the way alters what was signed (RFC 3156 3 and 5).
"""

import re
import unicodedata
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from pysequoia import Tsk

from lykta.connectors.contract import Final, Message
from lykta.connectors.mail import openpgp

REPEAT_HEADER = "X-Lykta-Repeat"
REPEAT_SENTENCE = "This message may have reached you before. If it has, please disregard this copy.\n\n"

_POLICY = policy.SMTP.clone(cte_type="7bit", max_line_length=78)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


def compose(message: Message, *, sender: str, sender_name: str, by: Tsk, now: datetime) -> bytes:
    """The whole mail. Raises Final for what could break out of a header, and for keys that cannot be used."""
    _check(message, sender, sender_name)
    part = _protected(message)
    if message.key:
        wrapped = openpgp.encrypted(part, to=openpgp.read_certificate(message.key, now=now), by=by)
    else:
        wrapped = openpgp.signed(part, by=by)
    headers = EmailMessage(policy=_POLICY)
    headers["From"] = Address(sender_name, addr_spec=sender)
    headers["To"] = Address(addr_spec=message.to)
    headers["Subject"] = message.subject
    headers["Date"] = format_datetime(now)
    headers["Message-ID"] = message.message_id
    if message.repeat:
        headers[REPEAT_HEADER] = "yes"
    headers["MIME-Version"] = "1.0"
    top = headers.as_bytes().rstrip(b"\r\n")
    return top + b"\r\nContent-Type: " + wrapped.content_type.encode() + b"\r\n\r\n" + wrapped.body


def check_address(address: str) -> None:
    """Raises Final unless it is one plain e-mail address and nothing else."""
    if not _ADDRESS.fullmatch(address):
        raise Final(f"{address!r} is not one e-mail address.")


def _protected(message: Message) -> bytes:
    part = EmailMessage(policy=_POLICY)
    part["Subject"] = message.inner_subject
    text = (REPEAT_SENTENCE if message.repeat else "") + message.text
    part.set_content(text, cte="quoted-printable")
    for name, media_type, content in message.attachments:
        kind, _, subtype = media_type.partition("/")
        part.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    part.set_param("protected-headers", "v1")
    # "From " at the start of a line is where mailboxes are cut; =46 is F in quoted-printable.
    return re.sub(rb"(?m)^From ", b"=46rom ", part.as_bytes())


def _check(message: Message, sender: str, sender_name: str) -> None:
    check_address(message.to)
    check_address(sender)
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise Final(f"{message.message_id!r} is not a Message-ID.")
    lines = {"subject": message.subject, "inner subject": message.inner_subject, "sender's name": sender_name}
    lines |= {f"name of attachment {number}": name for number, (name, _, _) in enumerate(message.attachments, 1)}
    for field, line in lines.items():
        # Header injection needs a line break; every other control character is unwanted, too.
        if any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for c in line):
            raise Final(f"The {field} contains a line break or another control character.")
    for name, media_type, _ in message.attachments:
        if not _MEDIA_TYPE.fullmatch(media_type) or media_type.startswith(("multipart/", "message/")):
            raise Final(f"{media_type!r}, the type of {name!r}, is not a media type for an attachment.")
