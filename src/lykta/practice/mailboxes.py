"""The kept mail, read as its recipients would: parsed, and opened with the practice keys where it is encrypted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from functools import cache
from importlib import resources
from pathlib import Path

from pysequoia import Tsk, decrypt

from lykta.practice.mail import LOTUS_HOTLINE, MAILBOXES, POLDER_HOTLINE, POLICE, mail_folder
from lykta.practice.settings import PracticeSettings

KEYS = {POLICE: "police", POLDER_HOTLINE: "polder", LOTUS_HOTLINE: "lotus"}
"""The mailboxes that can open OpenPGP, with the name of their key in `data`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in a mailbox. `subject` is the inner one where the mail was encrypted and `opened`.

    `text` is all of its readable text, with that of attachments; "" where the mail could not be opened.
    """

    number: str
    mailbox: str
    kept_at: datetime
    sender: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[str, ...]
    encrypted: bool
    opened: bool


def count_mails(settings: PracticeSettings) -> dict[str, int]:
    """How many mails lie in each mailbox, empty ones too."""
    return {mailbox: len(_files(settings, mailbox)) for mailbox in MAILBOXES}


def mails_in(settings: PracticeSettings, mailbox: str) -> list[Mail]:
    """The mails of a mailbox, the newest first. Raises LookupError when there is no such mailbox."""
    return [_read(mailbox, file) for file in reversed(_files(settings, mailbox))]


def mail_numbered(settings: PracticeSettings, mailbox: str, number: str) -> Mail:
    """One mail. Raises LookupError."""
    for file in _files(settings, mailbox):
        if file.stem == number:
            return _read(mailbox, file)
    raise LookupError("There is no such mail.")


def text_of(mailbox: str, raw: bytes) -> str:
    """All that the owner of a mailbox can read of a raw message."""
    return _text(_open(mailbox, _parse(raw)) or EmailMessage())


def public_key(name: str) -> str:
    """The armored public key of a practice recipient: `police`, `polder` or `lotus`."""
    return _data(f"{name}.public.asc").decode()


def _files(settings: PracticeSettings, mailbox: str) -> list[Path]:
    if mailbox not in MAILBOXES:
        raise LookupError("There is no such mailbox.")
    return sorted((mail_folder(settings) / mailbox).glob("*.eml"))


def _read(mailbox: str, file: Path) -> Mail:
    outer = _parse(file.read_bytes())
    opened = _open(mailbox, outer)
    inner = opened or EmailMessage()
    return Mail(
        number=file.stem,
        mailbox=mailbox,
        kept_at=datetime.fromtimestamp(int(file.stem.partition("-")[0]) / 1e9, UTC),
        sender=str(outer["From"] or ""),
        subject=str(inner["Subject"] or outer["Subject"] or ""),
        headers=tuple((name, str(value)) for name, value in outer.items()),
        text=_text(inner),
        attachments=tuple(part.get_filename() or part.get_content_type() for part in _attachments(inner)),
        encrypted=_is_encrypted(outer),
        opened=opened is not None,
    )


def _parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=email_policy)


def _is_encrypted(message: EmailMessage) -> bool:
    return message.get_content_type() == "multipart/encrypted"


def _open(mailbox: str, message: EmailMessage) -> EmailMessage | None:
    """The message itself, or what is sealed in it (RFC 3156 4); None where this mailbox's key does not fit."""
    if not _is_encrypted(message):
        return message
    try:
        _, sealed = message.iter_parts()
        plain = decrypt(sealed.get_payload(decode=True), decryptor=_key_of(mailbox).decryptor())  # type: ignore[arg-type]  # a leaf part decodes to bytes
    except (LookupError, ValueError, RuntimeError, TypeError):
        return None
    return _parse(plain.bytes or b"")


@cache
def _key_of(mailbox: str) -> Tsk:
    return Tsk.from_bytes(_data(f"{KEYS[mailbox]}.secret.asc"))


def _data(file: str) -> bytes:
    return resources.files("lykta.practice").joinpath("data", file).read_bytes()


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in _leaves(message) if part.get_content_disposition() == "attachment")


def _text(message: EmailMessage) -> str:
    """Plain text and JSON, in order; HTML is left out, as every mail of Lykta says the same in plain text."""
    readable = [part for part in _leaves(message) if _is_readable(part)]
    return "\n\n".join(_decoded(part) for part in readable)


def _is_readable(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    return kind in {"text/plain", "application/json"} or kind.endswith("+json")


def _decoded(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")
