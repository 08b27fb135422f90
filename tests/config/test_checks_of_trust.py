"""W110 to W115: somebody stamps the record, and what `lykta check --deploy` adds."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.config.conftest import Given
from tests.config.test_checks import numbers
from tests.connectors.web.certificates import self_signed

from lykta.config.checks_of_trust import (
    country_findings,
    deploy_findings,
    host_findings,
    stamp_findings,
    two_people_findings,
)
from lykta.config.environment import FACES
from lykta.core.vocabulary import Role
from lykta.records.people import actions as people

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


OWN_NAMES = {f"{face}_url": f"https://{face}.hotline.example" for face in FACES}


def test_w112_what_nobody_has_confirmed_is_named(given: Given) -> None:
    found = list(country_findings(given(country="se")))
    assert set(numbers(found)) == {"W112"}
    assert [one.wrong.partition("[")[2].partition("]")[0] for one in found] == [
        "law",
        "notice",
        "retention.unfounded",
        "retention.contact",
        "retention.words",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "wrong"),
    [
        ([], ["W113"]),
        ([Role.LEAD], ["W113"]),
        ([Role.ANALYST, Role.ANALYST], ["W113"]),
        ([Role.LEAD, Role.ADMINISTRATOR], ["W113"]),
        ([Role.LEAD, Role.ANALYST], []),
    ],
)
def test_w113_four_eyes_need_two_people_one_of_whom_leads(roles: list[Role], wrong: list[str]) -> None:
    for number, role in enumerate(roles):
        people.invite(by="test", username=f"n{number}", password="a long enough password", role=role)
    assert numbers(list(two_people_findings())) == wrong


def test_w114_faces_that_share_a_name(given: Given) -> None:
    assert numbers(list(host_findings(given(**OWN_NAMES)))) == []
    shared = {**OWN_NAMES, "desk_url": OWN_NAMES["report_url"] + ":8443"}
    assert numbers(list(host_findings(given(**shared)))) == ["W114"]


@pytest.mark.django_db
def test_w115_cookies_that_would_travel_in_clear(
    given: Given, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lykta.config.checks_of_trust.post_findings", lambda _: [])
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert "W115" not in numbers(list(deploy_findings(given(**OWN_NAMES))))
    settings.SESSION_COOKIE_SECURE = False
    assert "security.W012" in str([one.wrong for one in deploy_findings(given(**OWN_NAMES))])
