"""What a signed mail says: only what the signature covers, only words. Attachments are counted and dropped.

Nothing of a mail is believed that was not signed, the headers From and Subject included. No part but text is decoded.
A mail that carries a person's signature stands or falls with it; only one without is asked for its domain's.
"""

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html.parser import HTMLParser
from typing import cast

from lykta.connectors.imap.registrations import NotSigned, Sender
from lykta.connectors.imap.senders import Senders

_CLEAR = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SMIME_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed what: `content` is the very bytes, a MIME part or plain text."""

    sender: Sender
    content: bytes
    is_part: bool

    @property
    def digest(self) -> str:
        """Names what was signed, by whom, however often it arrives."""
        return hashlib.sha256(f"{self.sender.source}/{self.sender.name}\n".encode() + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a mail, and how many attachments were left out."""

    text: str
    left_out: int


def open_mail(raw: bytes, senders: Senders) -> tuple[Signed, Said]:
    """Check the signature, then read what it covers. Raises NotSigned for all but the known shapes of mail.

    Raises NoAnswerYet for a mail whose signature cannot be checked at the moment.
    """
    try:
        signed = _checked(raw, senders)
        return signed, _said(signed)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # The standard library's parser stumbles over some headers that nobody writes in good faith.
        raise NotSigned("it cannot be read") from None


def _checked(raw: bytes, senders: Senders) -> Signed:
    mail = _parse(raw)
    match mail.get_content_type():
        case "multipart/signed":
            return _by_detached(raw, mail, senders)
        case "multipart/encrypted":
            parts = cast("list[EmailMessage]", mail.get_payload())
            if len(parts) != 2:
                raise NotSigned("it is encrypted in a way that nobody should use")
            return _inside(*senders.of_encrypted(_content(parts[1])))
        case "application/pkcs7-mime" | "application/x-pkcs7-mime":
            return _inside(*senders.of_certificate(_content(mail), None))
        case "text/plain" if _CLEAR in _content(mail):
            return Signed(*senders.of_clear_text(_content(mail)), is_part=False)
    return _inside(*senders.of_domain(raw))


def _by_detached(raw: bytes, mail: EmailMessage, senders: Senders) -> Signed:
    """By a signature in a part of its own: S/MIME or OpenPGP."""
    part, attached = _halves(raw, mail)
    signature = _parse(attached)
    if signature.get_content_type() in _SMIME_SIGNATURES:
        return _inside(*senders.of_certificate(_content(signature), part))
    return Signed(senders.of_part(part, _content(signature)), part, is_part=True)


def _inside(sender: Sender, content: bytes) -> Signed:
    return Signed(sender, content, is_part=True)


def _said(signed: Signed) -> Said:
    """The words that were signed; where there is only HTML, its words and links."""
    if not signed.is_part:
        return Said(signed.content.decode("utf-8", "replace").strip(), 0)
    mail = _parse(signed.content)
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    # A mail inside a mail is an attachment with all that is in it.
    nested = [part for part in mail.walk() if part.get_content_type() == "message/rfc822"]
    within = {id(leaf) for part in nested for leaf in part.walk()}
    texts = [part for part in leaves if _is_text(part) and id(part) not in within]
    plain = [part for part in texts if part.get_content_subtype() == "plain"]
    chosen = [words for part in plain if (words := _words(part))]
    chosen = chosen or [_without_tags(_words(part)) for part in texts if part not in plain]
    subject = str(mail.get("Subject", "")).strip()
    left_out = sum(1 for part in leaves if not _is_text(part) and id(part) not in within) + len(nested)
    return Said("\n".join(one for one in (subject, *chosen) if one).strip(), left_out)


def message_id(raw: bytes) -> str:
    """What the mail calls itself: unsigned, so good for looking it up and for nothing else."""
    found = re.search(rb"(?im)^Message-ID:[ \t]*(<[!-~]{1,240}>)[ \t]*\r?$", raw.partition(b"\r\n\r\n")[0])
    return found[1].decode() if found else ""


def _halves(raw: bytes, mail: EmailMessage) -> tuple[bytes, bytes]:
    """The signed part, byte for byte, and the part with the signature (RFC 2046 5.1.1, RFC 1847 2.1)."""
    boundary = str(mail.get_boundary("")).encode("utf-8", "replace")
    body = raw.partition(b"\r\n\r\n")[2]
    line = rb"(?:\A|\r\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)"
    pieces = re.split(line, body)
    # What stands before the first line and after the last, and what each line ended with, come in between.
    if not boundary or len(pieces) != 7 or pieces[5] != b"--":
        raise NotSigned("its parts are not those of a signed mail")
    return pieces[2].removeprefix(b"\r\n"), pieces[4].removeprefix(b"\r\n")


def _parse(raw: bytes) -> EmailMessage:
    return BytesParser(policy=default).parsebytes(raw)


def _content(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_text(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    return kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment"


def _words(part: EmailMessage) -> str:
    try:
        return _content(part).decode(part.get_content_charset("utf-8"), "replace").strip()
    except LookupError:
        return _content(part).decode("utf-8", "replace").strip()


class _Words(HTMLParser):
    """Text and the addresses of links; styles and scripts are no words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "script"}
        self.found += [f" {value} " for name, value in attrs if name == "href" and value and tag == "a"]
        self.found += ["\n"] * (tag in {"br", "p", "div", "li", "tr"})

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(words.found)).strip()
