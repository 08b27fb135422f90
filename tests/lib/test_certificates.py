"""Certificates as people paste them."""

from datetime import UTC, datetime, timedelta

import pytest
from pysequoia import Cert, Tsk

from lykta.core.refusals import NotUnderstood
from lykta.lib import certificates

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def owner() -> Tsk:
    return Tsk.generate("Police unit <unit@police.test>", validity_seconds=1_000_000)


def test_a_certificate_says_whose_it_is_and_until_when(owner: Tsk) -> None:
    found = certificates.read(str(owner.extract_certificate()), now=NOW)
    assert found.names == ("Police unit <unit@police.test>",)
    assert found.fingerprint.replace(" ", "").lower() == owner.extract_certificate().fingerprint
    assert len(found.fingerprint.split()) == 10
    assert found.usable
    assert found.expires is not None
    found.check()


def test_an_expired_certificate_is_read_and_refused(owner: Tsk) -> None:
    found = certificates.read(str(owner.extract_certificate()), now=NOW + timedelta(days=365 * 5))
    assert not found.usable
    with pytest.raises(NotUnderstood, match="expired"):
        found.check()


def test_a_revoked_certificate_is_read_and_refused(owner: Tsk) -> None:
    certificate = owner.extract_certificate()
    revoked = Cert.from_bytes(bytes(certificate) + bytes(certificate.revoke(owner.certifier())))
    found = certificates.read(str(revoked), now=NOW)
    assert found.revoked
    with pytest.raises(NotUnderstood, match="revoked"):
        found.check()


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "no certificate",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----",
        "\x00\x01é",
    ],
)
def test_anything_else_is_refused_with_advice(pasted: str) -> None:
    with pytest.raises(NotUnderstood, match="from the line with BEGIN"):
        certificates.read(pasted, now=NOW)


def test_a_certificate_that_was_cut_off_is_refused(owner: Tsk) -> None:
    whole = str(owner.extract_certificate())
    with pytest.raises(NotUnderstood):
        certificates.read(whole[: len(whole) // 4], now=NOW)


def test_a_private_key_is_refused_by_name(owner: Tsk) -> None:
    with pytest.raises(NotUnderstood, match="private key"):
        certificates.read(str(owner), now=NOW)
