"""S/MIME signatures (RFC 8551), checked by the system's `openssl`; what it reads and writes stays in memory."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lykta.connectors.imap.registrations import NotSigned, Registration

LONGEST_CHECK = 10.0
"""Seconds for one sender; a signature is checked in some hundredths of one."""
ENVIRONMENT = {"OPENSSL_CONF": os.devnull}
"""What `openssl` is told beside its arguments: no configuration of this machine."""
_LENGTH = rb"(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)"
_SIGNED_DATA = rb"\x30%b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0%b\x30%b\x02\x01.\x31([\x01-\x7f])"
_BEGINNING = re.compile(_SIGNED_DATA % (_LENGTH, _LENGTH, _LENGTH), re.DOTALL)
"""RFC 5652 3 and 5.1: contentType signedData, version, and the length of digestAlgorithms, in DER or BER."""
_SHA2 = re.compile(rb"(?:\x30[\x0b\x0d]\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02[\x01-\x03](?:\x05\x00)?)+")
"""RFC 5754 2: SHA-256, SHA-384 or SHA-512."""


def find_openssl() -> str | None:
    """Where `openssl` is; without it no S/MIME signature counts."""
    return shutil.which("openssl")


def check(
    message: bytes, part: bytes | None, known: tuple[Registration, ...], *, now: datetime
) -> tuple[Registration, bytes]:
    """Whose signature it is, and what they signed. `part` is what a detached signature is of, None if it is inside.

    Raises NotSigned for what is encrypted, for digests other than SHA-2, and unless every signer is the one sender.
    """
    beginning = _BEGINNING.match(message)
    if not beginning:
        raise NotSigned("it is S/MIME, but not signed: what is encrypted with S/MIME cannot be opened here")
    if not _SHA2.fullmatch(message[beginning.end() :][: beginning[1][0]]):
        raise NotSigned("its S/MIME signature does not rest on SHA-256 or better")
    program = find_openssl()
    if program is None:
        raise NotSigned("openssl is not installed, so that no S/MIME signature can be checked")
    for registration in known:
        content = _content(program, message, part, registration, now) if registration.trusted else None
        if content is not None:
            return registration, content
    raise NotSigned("no S/MIME signature of a known sender holds")


def _content(
    program: str, message: bytes, part: bytes | None, registration: Registration, now: datetime
) -> bytes | None:
    """What was signed, if it was signed by this sender and by nobody else."""
    anchors = b"".join(one.public_bytes(Encoding.PEM) for one in registration.trusted)
    with (
        _in_memory(message) as given,
        _in_memory(part or b"") as content,
        _in_memory(anchors) as trusted,
        _in_memory(b"") as signers,
    ):
        # The system's own authorities must not count (-no-CA…); an authority need not be a root (-partial_chain).
        command = [program, "cms", "-verify", "-inform", "DER", "-binary", "-in", _path(given)]
        command += ["-CAfile", _path(trusted), "-no-CApath", "-no-CAstore", "-partial_chain"]
        command += ["-purpose", "smimesign", "-auth_level", "2", "-attime", str(int(now.timestamp()))]
        command += ["-signer", _path(signers)]
        command += ["-content", _path(content)] if part is not None else []
        command += ["-nointern", "-certfile", _path(trusted)] if registration.certificate else []
        said = _run(command, (given, content, trusted, signers))
        shown = os.pread(signers, os.fstat(signers).st_size, 0)
    return said if said is not None and _all_theirs(shown, registration) else None


def _run(command: list[str], files: tuple[int, ...]) -> bytes | None:
    try:
        done = subprocess.run(
            command,
            pass_fds=files,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_CHECK,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        raise NotSigned("its S/MIME signature takes too long to check") from None
    return None if done.returncode else done.stdout


def _all_theirs(shown: bytes, registration: Registration) -> bool:
    """Whether each signer's certificate is the registered one, or carries the sender's address."""
    signers = x509.load_pem_x509_certificates(shown) if shown else []
    if registration.certificate:
        return bool(signers) and all(one == registration.certificate for one in signers)
    return bool(signers) and all(registration.address in _addresses(one) for one in signers)


def _addresses(certificate: x509.Certificate) -> set[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {name.lower() for name in names.get_values_for_type(x509.RFC822Name)}


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """A file that is on no disk, as a descriptor."""
    descriptor = os.memfd_create("mail")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(content)
        yield descriptor
    finally:
        os.close(descriptor)


def _path(descriptor: int) -> str:
    return f"/dev/fd/{descriptor}"
