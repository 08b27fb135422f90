"""S/MIME: the registered certificate counts, or one that a registered authority gave to the sender's address."""

import base64
import datetime as dt
import functools
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Tsk
from tests.connectors.imap.conftest import NOWHERE, TEXT, Box, headers, inbox_of, write

from lykta.connectors.imap import smime
from lykta.connectors.imap.domain_signatures import DomainKeys
from lykta.connectors.imap.reading import open_mail
from lykta.connectors.imap.registrations import NotSigned
from lykta.connectors.imap.senders import Senders
from lykta.core.vocabulary import Source
from lykta.lib import clock

WORDS = "Please look at http://pictures.nordhost.test/album/1"
DESK = "desk@polder.test"
KEY = Tsk.generate("desk@hotline.test")
DAY = dt.timedelta(days=1)
BEGAN = clock.now() - DAY
SIGNING = ExtendedKeyUsageOID.EMAIL_PROTECTION


@functools.cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key for each name: making them takes time."""
    return rsa.generate_private_key(65537, 1024 if name == "short" else 2048)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def identity(
    name: str,
    *addresses: str,
    by: Identity | None = None,
    until: dt.datetime = BEGAN + 30 * DAY,
    use: x509.ObjectIdentifier = SIGNING,
    authority: bool = False,
) -> Identity:
    """A certificate that `by` has given, or that stands for itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(rsa_key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGAN)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if addresses:
        names = x509.SubjectAlternativeName([x509.RFC822Name(one) for one in addresses])
        builder = builder.add_extension(names, critical=False)
    return Identity(builder.sign(by.key if by else rsa_key(name), hashes.SHA256()), rsa_key(name))


AUTHORITY = identity("authority", authority=True)
OTHER_AUTHORITY = identity("other authority", authority=True)
PINNED = identity("desk", DESK)
GIVEN = identity("given", DESK, by=AUTHORITY)


def signature(
    part: bytes, *signers: Identity, inside: bool = False, digest: type[hashes.HashAlgorithm] = hashes.SHA256
) -> bytes:
    """DER as mail programs attach it."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(part)
    for one in signers:
        builder = builder.add_signer(one.certificate, one.key, digest())  # type: ignore[arg-type]
    kept = [] if inside else [pkcs7.PKCS7Options.DetachedSignature]
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *kept])


def detached(part: bytes, der: bytes, *, prefix: str = "") -> bytes:
    """multipart/signed as RFC 8551 3.5.3 has it."""
    kind = f'multipart/signed; protocol="application/{prefix}pkcs7-signature"; micalg=sha-256; boundary=b'
    lines = f"--b\r\nContent-Type: application/{prefix}pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return headers(kind) + b"--b\r\n" + part + b"\r\n" + lines.encode() + base64.encodebytes(der) + b"\r\n--b--\r\n"


def opaque(der: bytes, *, kind: str = "signed-data") -> bytes:
    head = headers(f"application/pkcs7-mime; smime-type={kind}; name=smime.p7m")
    return head.removesuffix(b"\r\n") + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(der)


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    folder = tmp_path / "senders"
    write(folder / "hotline" / "polder.toml", f'address = "{DESK}"\ncertificate = "polder.crt"\n')
    write(folder / "hotline" / "polder.crt", PINNED.pem)
    return folder


@pytest.fixture
def vouched(tmp_path: Path) -> Path:
    folder = tmp_path / "senders"
    write(folder / "hotline" / "polder.toml", f'address = "{DESK}"\nauthority = "authority.crt"\n')
    write(folder / "hotline" / "authority.crt", AUTHORITY.pem)
    return folder


def read(raw: bytes, folder: Path, *, now: dt.datetime | None = None) -> str:
    known = Senders(folder, key=KEY, keys=DomainKeys(NOWHERE), now=now or clock.now())
    return open_mail(raw, known)[1].text


def test_a_mail_signed_with_the_registered_certificate_comes_in(box: Box, pinned: Path, hotline_key: Tsk) -> None:
    box.put(detached(TEXT, signature(TEXT, PINNED)))
    [arrived] = inbox_of(box, pinned, hotline_key).collect()
    assert (arrived.sender, arrived.source, arrived.text) == ("polder", Source.HOTLINE, WORDS)


@pytest.mark.parametrize("digest", [hashes.SHA256, hashes.SHA384, hashes.SHA512])
def test_every_way_to_sign_is_read(digest: type[hashes.HashAlgorithm], pinned: Path) -> None:
    der = signature(TEXT, PINNED, digest=digest)
    assert read(detached(TEXT, der), pinned) == WORDS
    assert read(detached(TEXT, der, prefix="x-"), pinned) == WORDS
    assert read(opaque(signature(TEXT, PINNED, inside=True, digest=digest)), pinned) == WORDS


def test_a_signature_that_leaves_its_certificate_out_is_read(pinned: Path) -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(TEXT).add_signer(PINNED.certificate, PINNED.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.NoCerts]
    assert read(detached(TEXT, builder.sign(serialization.Encoding.DER, options)), pinned) == WORDS


def test_what_openssl_signs_as_it_reads_is_read(pinned: Path, tmp_path: Path) -> None:
    """BER with lengths that are not known beforehand, as programs write that do not hold the whole mail."""
    private = PINNED.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write(tmp_path / "key.pem", private.decode())
    command = ["openssl", "cms", "-sign", "-stream", "-nodetach", "-binary", "-outform", "DER"]
    command += ["-signer", str(pinned / "hotline" / "polder.crt"), "-inkey", str(tmp_path / "key.pem")]
    made = subprocess.run(command, input=TEXT, capture_output=True, check=True).stdout
    assert made[1] == 0x80
    assert read(opaque(made), pinned) == WORDS


def test_a_certificate_that_the_registered_authority_gave_to_the_address_counts(vouched: Path) -> None:
    assert read(detached(TEXT, signature(TEXT, GIVEN)), vouched) == WORDS
    shouted = identity("shouted", "Desk@Polder.test", "other@polder.test", by=AUTHORITY)
    assert read(detached(TEXT, signature(TEXT, shouted)), vouched) == WORDS


def test_each_sender_is_known_by_their_own(pinned: Path) -> None:
    write(pinned / "partner" / "platform.toml", 'address = "trust@platform.test"\nauthority = "authority.crt"\n')
    write(pinned / "partner" / "authority.crt", AUTHORITY.pem)
    assert read(detached(TEXT, signature(TEXT, PINNED)), pinned) == WORDS
    theirs = identity("trust", "trust@platform.test", by=AUTHORITY)
    known = Senders(pinned, key=KEY, keys=DomainKeys(NOWHERE), now=clock.now())
    assert open_mail(detached(TEXT, signature(TEXT, theirs)), known)[0].sender.name == "platform"
    with pytest.raises(NotSigned):
        read(detached(TEXT, signature(TEXT, GIVEN)), pinned)


def encrypted() -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(TEXT).add_recipient(PINNED.certificate)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def certificates_only() -> bytes:
    return pkcs7.serialize_certificates([PINNED.certificate], serialization.Encoding.DER)


def weak() -> bytes:
    """A signature over MD5, as its own first bytes say."""
    sha256, md5 = bytes.fromhex("300d06096086480165030402010500"), bytes.fromhex("300c06082a864886f70d02050500")
    assert sha256 in signature(TEXT, PINNED)
    return signature(TEXT, PINNED).replace(sha256, md5, 1)


OUTSIDE = b"\r\n--b\r\nContent-Type: text/plain\r\n\r\nwords outside\r\n--b--\r\n"
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "changed": ("holds", lambda: detached(TEXT.replace(b"album/1", b"album/2"), signature(TEXT, PINNED))),
    "a stranger, same address": ("holds", lambda: detached(TEXT, signature(TEXT, identity("stranger", DESK)))),
    "opaque, a stranger": ("holds", lambda: opaque(signature(TEXT, identity("stranger", DESK), inside=True))),
    "another of the same key": ("holds", lambda: detached(TEXT, signature(TEXT, identity("desk", DESK)))),
    "one more signer": ("holds", lambda: detached(TEXT, signature(TEXT, PINNED, identity("stranger", DESK)))),
    "other words inside than outside": (
        "holds",
        lambda: detached(TEXT.replace(b"album/1", b"album/2"), signature(TEXT, PINNED, inside=True)),
    ),
    "opaque without words": ("holds", lambda: opaque(signature(TEXT, PINNED))),
    "nobody signed": ("but not signed", lambda: opaque(certificates_only())),
    "MD5": ("SHA-256", lambda: detached(TEXT, weak())),
    "encrypted": ("encrypted with S/MIME cannot be opened", lambda: opaque(encrypted(), kind="enveloped-data")),
    "encrypted, called signed": ("cannot be opened", lambda: opaque(encrypted())),
    "no signature": ("cannot be opened", lambda: detached(TEXT, b"hello")),
    "cut off": ("holds", lambda: detached(TEXT, signature(TEXT, PINNED)[:200])),
    "a third part": (
        "parts are not those",
        lambda: detached(TEXT, signature(TEXT, PINNED)).replace(b"\r\n--b--\r\n", OUTSIDE),
    ),
    "beside something": (
        "not signed",
        lambda: (
            headers("multipart/mixed; boundary=o")
            + b"--o\r\n"
            + detached(TEXT, signature(TEXT, PINNED)).partition(b"MIME-Version: 1.0\r\n")[2]
            + b"\r\n--o\r\nContent-Type: text/plain\r\n\r\nwords outside\r\n--o--\r\n"
        ),
    ),
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_all_else_is_refused_and_the_reason_names_nobody(what: str, pinned: Path) -> None:
    reason, build = HOSTILE[what]
    with pytest.raises(NotSigned, match=reason) as refusal:
        read(build(), pinned)
    assert not any(word in str(refusal.value) for word in ("polder", "@"))


VOUCHED_HOSTILE: dict[str, Callable[[], Identity]] = {
    "another address": lambda: identity("boss", "boss@polder.test", by=AUTHORITY),
    "no address": lambda: identity("nameless", by=AUTHORITY),
    "address as a name": lambda: identity(DESK, by=AUTHORITY),
    "another authority": lambda: identity("given", DESK, by=OTHER_AUTHORITY),
    "nobody's": lambda: identity("given", DESK),
    "expired": lambda: identity("given", DESK, by=AUTHORITY, until=clock.now() - DAY / 2),
    "for servers": lambda: identity("given", DESK, by=AUTHORITY, use=ExtendedKeyUsageOID.SERVER_AUTH),
    "short key": lambda: identity("short", DESK, by=AUTHORITY),
    "given by one who may not": lambda: identity("further", DESK, by=GIVEN),
}


@pytest.mark.parametrize("what", list(VOUCHED_HOSTILE))
def test_an_authority_vouches_for_nothing_else(what: str, vouched: Path) -> None:
    with pytest.raises(NotSigned, match="no S/MIME signature of a known sender holds"):
        read(detached(TEXT, signature(TEXT, VOUCHED_HOSTILE[what]())), vouched)


def test_the_authorities_of_this_machine_count_for_nothing(
    vouched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["openssl", "x509", "-noout", "-subject_hash"]
    named = subprocess.run(command, input=OTHER_AUTHORITY.pem.encode(), capture_output=True, check=True).stdout
    write(tmp_path / "system" / f"{named.decode().strip()}.0", OTHER_AUTHORITY.pem)
    monkeypatch.setattr(smime, "ENVIRONMENT", {**smime.ENVIRONMENT, "SSL_CERT_DIR": str(tmp_path / "system")})
    with pytest.raises(NotSigned):
        read(detached(TEXT, signature(TEXT, identity("given", DESK, by=OTHER_AUTHORITY))), vouched)


def test_a_certificate_that_has_expired_lets_nobody_in(pinned: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotSigned):
        read(detached(TEXT, signature(TEXT, PINNED)), pinned, now=BEGAN + 31 * DAY)
    assert "hotline/polder.toml is left out: polder.crt has expired" in caplog.text


def test_without_openssl_nothing_is_taken_for_signed(pinned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smime, "find_openssl", lambda: None)
    with pytest.raises(NotSigned, match="openssl is not installed"):
        read(detached(TEXT, signature(TEXT, PINNED)), pinned)


def test_a_check_that_does_not_end_is_ended(pinned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "openssl"
    write(slow, "#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(smime, "find_openssl", lambda: str(slow))
    monkeypatch.setattr(smime, "LONGEST_CHECK", 0.2)
    with pytest.raises(NotSigned, match="takes too long"):
        read(detached(TEXT, signature(TEXT, PINNED)), pinned)


@given(st.binary(max_size=200), st.integers(0, 60))
def test_whatever_is_attached_is_refused_calmly(more: bytes, place: int) -> None:
    good = signature(TEXT, PINNED)
    for der in (more, good[:place] + more):
        with pytest.raises(NotSigned):
            read(detached(TEXT, der), Path("/nonexistent"))
