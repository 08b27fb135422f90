"""Mail sealed as RFC 3156 has it, made apart from the code that opens it."""

from email.message import EmailMessage
from email.policy import SMTP

from pysequoia import Cert, Profile, Tsk, encrypt

SIGNER = Tsk.generate("Desk <desk@hotline.test>", profile=Profile.RFC4880)


def sealed_mail(text: str, *, key: str, inner_subject: str = "The inner subject") -> bytes:
    """A signed and encrypted mail whose outer subject says nothing. `key` is an armored public key."""
    inner = EmailMessage()
    inner["Subject"] = inner_subject
    inner.set_content(text)
    inner.add_attachment(b'{"url": "http://pictures.example/gallery"}', "application", "json", filename="item.json")
    sealed = encrypt(inner.as_bytes(policy=SMTP), recipients=[Cert.from_bytes(key.encode())], signer=SIGNER.signer())
    return envelope(sealed)


def envelope(sealed: bytes) -> bytes:
    """The outer mail around an OpenPGP message."""
    lines = [
        b"From: desk@hotline.test",
        b"Subject: ...",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="edge"',
        b"",
        b"--edge",
        b"Content-Type: application/pgp-encrypted",
        b"",
        b"Version: 1",
        b"--edge",
        b'Content-Type: application/octet-stream; name="encrypted.asc"',
        b"",
        *sealed.splitlines(),
        b"--edge--",
        b"",
    ]
    return b"\r\n".join(lines)
