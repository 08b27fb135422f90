from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connections
from pysequoia import Cert, Profile, Tsk
from tests.config.conftest import Given
from tests.config.test_checks import numbers

from lykta.config import checks_of_records as checks
from lykta.config.databases import CASEBOOK, LETTERBOX
from lykta.core.vocabulary import RecipientKind, Role
from lykta.records.people import actions as people
from lykta.records.people import holders
from lykta.records.people.models import Staff
from lykta.records.referrals.actions import set_recipient

TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.django_db(databases=[CASEBOOK, LETTERBOX])


def certificate() -> str:
    return str(Tsk.generate("Police <police@polis.test>", profile=Profile.RFC4880).extract_certificate())


def know_police(key: str) -> None:
    set_recipient(
        by="test", kind=RecipientKind.POLICE, country="SE", name="Practice police", email="police@polis.test", key=key
    )


@pytest.mark.parametrize("alias", [CASEBOOK, LETTERBOX])
def test_a_migrated_database_is_well(alias: str) -> None:
    assert checks.database_findings(alias) == []


@pytest.mark.parametrize(("alias", "app"), [(CASEBOOK, "cases"), (LETTERBOX, "letterbox")])
def test_e020_a_database_lacks_tables(alias: str, app: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [app])
    found = checks.database_findings(alias)
    assert numbers(found) == ["E020"]
    assert "lykta init" in found[0].advice


def test_e021_a_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_alias: str) -> list[str]:
        raise OperationalError("connection to server at 192.0.2.5, user secret-name failed")

    monkeypatch.setattr(checks, "missing_migrations", refuse)
    found = checks.database_findings(CASEBOOK)
    assert numbers(found) == ["E021"]
    assert "secret-name" not in str(found[0])


def test_w014_the_wrapped_key_hangs_on_too_few_people(given: Given) -> None:
    wrapped = given(letter_key="wrapped")
    assert numbers(checks.holder_findings(given())) == []
    assert numbers(checks.holder_findings(wrapped)) == ["W014"]
    for name in ("anna", "lena"):
        staff = people.invite(by="test", username=name, role=Role.LEAD)
        holders.hold(by="test", staff=staff, passphrase="bada-kilo", key=b"k" * 32)
    assert numbers(checks.holder_findings(wrapped)) == []


def test_e051_nobody_could_read() -> None:
    assert numbers(checks.staff_findings()) == ["E051"]
    anna = people.invite(by="test", username="anna", password="a long enough password", role=Role.ANALYST)
    assert numbers(checks.staff_findings()) == []
    Staff.objects.filter(pk=anna.pk).update(is_active=False)
    assert numbers(checks.staff_findings()) == ["E051"]


def test_w055_nobody_could_give_a_second_opinion(given: Given) -> None:
    people.invite(by="test", username="anna", password="a long enough password", role=Role.ANALYST)
    people.invite(by="test", username="adam", password="a long enough password", role=Role.ADMINISTRATOR)
    assert numbers(checks.colleague_findings(given())) == ["W055"]
    assert numbers(checks.colleague_findings(given(second_opinions=""))) == []
    people.invite(by="test", username="lena", password="a long enough password", role=Role.LEAD)
    assert numbers(checks.colleague_findings(given())) == []


def test_e050_tips_would_reach_nobody(given: Given) -> None:
    found = list(checks.recipient_findings(given(), TODAY))
    assert numbers(found) == ["E050"]
    assert "SE" in found[0].wrong
    know_police(certificate())
    assert numbers(checks.recipient_findings(given(), TODAY)) == []


def test_e050_the_police_of_another_country_are_not_enough(given: Given) -> None:
    set_recipient(by="test", kind=RecipientKind.POLICE, country="NL", name="P", email="p@polis.test", key=certificate())
    assert numbers(checks.recipient_findings(given(), TODAY)) == ["E050"]


def test_w052_a_recipient_without_a_certificate(given: Given) -> None:
    know_police("")
    assert numbers(checks.recipient_findings(given(), TODAY)) == ["W052"]


def test_w053_a_certificate_that_cannot_be_used(given: Given) -> None:
    know_police("nonsense")
    assert numbers(checks.recipient_findings(given(), TODAY)) == ["W053"]


def test_w053_a_certificate_that_was_revoked(given: Given) -> None:
    secret = Tsk.generate("Police <police@polis.test>", profile=Profile.RFC4880)
    public = secret.extract_certificate()
    know_police(str(Cert.from_bytes(bytes(public) + bytes(public.revoke(secret.certifier())))))
    found = list(checks.recipient_findings(given(), TODAY))
    assert numbers(found) == ["W053"]
    assert "revoked" in found[0].wrong


def test_w053_and_w054_a_certificate_that_ends_or_has_ended(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    know_police(certificate())
    ends = datetime(2026, 6, 20, tzinfo=UTC)

    class Ending:
        fingerprint, is_revoked, expiration = "0", False, ends

    monkeypatch.setattr("lykta.connectors.mail.openpgp.Cert.from_bytes", lambda _bytes: Ending)
    monkeypatch.setattr(checks, "now", lambda: ends - timedelta(days=19))
    assert numbers(checks.recipient_findings(given(), TODAY)) == ["W054"]
    monkeypatch.setattr(checks, "now", lambda: ends + timedelta(days=1))
    assert numbers(checks.recipient_findings(given(), TODAY)) == ["W053"]
