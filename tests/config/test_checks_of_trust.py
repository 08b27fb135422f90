"""W110 and E111: somebody stamps the record, and its certificate is there."""

from pathlib import Path

import pytest
from tests.config.conftest import Given
from tests.config.test_checks import numbers
from tests.connectors.web.certificates import self_signed

from lykta.config.checks_of_trust import stamp_findings

URL = "http://stamps.example/"


def test_w110_a_record_that_nobody_stamps(given: Given) -> None:
    assert numbers(list(stamp_findings(given()))) == ["W110"]
    assert numbers(list(stamp_findings(given(mode="practice")))) == []


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_e111_a_service_whose_certificate_cannot_be_read(given: Given, lykta_home: Path, content: bytes | None) -> None:
    if content is not None:
        (lykta_home / "stamps.pem").write_bytes(content)
    findings = list(stamp_findings(given(timestamp_url=URL, timestamp_certificates="stamps.pem")))
    assert numbers(findings) == ["E111"]
    assert "docs/operations/audit.md" in findings[0].advice


def test_a_service_with_a_certificate_is_well(given: Given, lykta_home: Path) -> None:
    self_signed(lykta_home)
    assert numbers(list(stamp_findings(given(timestamp_url=URL, timestamp_certificates="certificate.pem")))) == []
