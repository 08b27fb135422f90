"""E100 to W106: the mail that is taken in."""

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysequoia import Tsk
from tests.config.conftest import Given
from tests.config.test_checks import numbers
from tests.connectors.imap.server import PASSWORD, Imap, imap_server
from tests.connectors.imap.test_smime import AUTHORITY, BEGAN, DAY, PINNED, identity

from lykta.config import checks_of_mail
from lykta.config.checks import Finding
from lykta.config.checks_of_mail import mail_findings
from lykta.config.environment import Environment
from lykta.config.keys import make_keys
from lykta.lib import clock


@pytest.fixture
def senders(lykta_home: Path) -> Path:
    """One sender who is well, and a password."""
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    (lykta_home / "keys" / "mail-intake-password").write_text(f"{PASSWORD}\n")
    folder = lykta_home / "data" / "senders" / "partner"
    folder.mkdir(parents=True)
    (folder / "polder.asc").write_text(str(Tsk.generate("desk@polder.test").extract_certificate()))
    return folder


@pytest.fixture
def intake(given: Given) -> Environment:
    return given(mail_intake_host="127.0.0.1", mail_intake_port=1, mail_intake_user="intake")


def found(given: Environment, *, now: dt.datetime | None = None, visiting: bool = False) -> list[Finding]:
    return list(mail_findings(given, now or clock.now(), visiting=visiting))


def describe(senders: Path, name: str, text: str) -> None:
    (senders / f"{name}.toml").write_text(text)


def test_where_no_mail_is_taken_in_nothing_is_wrong(given: Given) -> None:
    assert found(given(), visiting=True) == []


def test_an_intake_that_is_well_has_no_finding(senders: Path, intake: Environment) -> None:
    describe(senders, "platform", 'address = "trust@platform.test"\ndkim = true\n')
    assert found(intake) == []


def test_e100_there_is_no_password(senders: Path, intake: Environment, lykta_home: Path) -> None:
    (lykta_home / "keys" / "mail-intake-password").unlink()
    [finding] = found(intake)
    assert finding.number == "E100"
    assert "mail-intake-password" in finding.wrong


def test_e100_the_name_servers_are_not_understood(senders: Path, given: Given) -> None:
    assert numbers(found(given(mail_intake_host="127.0.0.1", resolvers="nowhere"))) == ["E100"]


def test_w101_the_server_is_not_there(senders: Path, intake: Environment) -> None:
    [finding] = found(intake, visiting=True)
    assert finding.number == "W101"
    assert "127.0.0.1:1 does not open: The intake server was lost" in finding.wrong


@pytest.fixture
def imap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Imap]:
    """A server that this machine trusts."""
    with imap_server(tmp_path) as here:
        monkeypatch.setattr(ssl, "create_default_context", lambda: here.client_tls)
        yield here


@pytest.mark.parametrize(("password", "wrong"), [(PASSWORD, []), ("other", ["W101"])])
def test_w101_the_mailbox_is_tried_out(
    password: str, wrong: list[str], senders: Path, given: Given, imap: Imap
) -> None:
    (senders.parents[2] / "keys" / "mail-intake-password").write_text(password)
    intake = given(mail_intake_host=imap.host, mail_intake_port=imap.port, mail_intake_user="intake")
    findings = found(intake, visiting=True)
    assert numbers(findings) == wrong
    assert all("refuses the user name or the password" in finding.wrong for finding in findings)
    assert imap.heard[-1] == "LOGOUT"


def test_w102_nobody_is_registered(senders: Path, intake: Environment) -> None:
    (senders / "polder.asc").unlink()
    assert numbers(found(intake)) == ["W102"]


FAULTS = {
    "no toml": ("hello", ""),
    "no address": ("dkim = true", "lacks the address"),
    "two addresses": ('address = "a@b.test, c@d.test"\ndkim = true', "lacks the address"),
    "no proof": ('address = "a@b.test"', "nothing that proves"),
    "dkim said no": ('address = "a@b.test"\ndkim = false', "nothing that proves"),
    "unknown word": ('address = "a@b.test"\ndkim = true\nsmime = true', "smime: unknown"),
    "wrong kind": ('address = "a@b.test"\ndkim = "yes"', "dkim: unknown, or of the wrong kind"),
    "no such file": ('address = "a@b.test"\ncertificate = "gone.crt"', "No such file"),
    "elsewhere": ('address = "a@b.test"\ncertificate = "../polder.crt"', "in the same folder"),
    "no certificate": ('address = "a@b.test"\nauthority = "polder.asc"', "no certificate in PEM"),
    "a private key": ('address = "a@b.test"\ncertificate = "private.crt"', "private key: do not keep it"),
    "expired": ('address = "a@b.test"\ncertificate = "old.crt"', "old.crt has expired"),
    "both": ('address = "a@b.test"\ncertificate = "polder.crt"\nauthority = "ca.crt"', "either one certificate"),
    "two pinned": ('address = "a@b.test"\ncertificate = "two.crt"', "either one certificate"),
}


@pytest.mark.parametrize("what", list(FAULTS))
def test_w103_a_file_lets_nobody_in(what: str, senders: Path, intake: Environment) -> None:
    text, why = FAULTS[what]
    from_tests = {"polder.crt": PINNED.pem, "ca.crt": AUTHORITY.pem, "two.crt": PINNED.pem + AUTHORITY.pem}
    shown = {**from_tests, "private.crt": "-----BEGIN PRIVATE KEY-----", "old.crt": expired()}
    for name, content in shown.items():
        (senders / name).write_text(content)
    describe(senders, "other", text)
    [finding] = found(intake)
    assert finding.number == "W103"
    assert finding.wrong.startswith("partner/other.toml lets nobody in: ")
    assert why in finding.wrong


def expired() -> str:
    return identity("old", "a@b.test", until=clock.now() - DAY / 2).pem


def test_w103_an_openpgp_certificate_that_is_none(senders: Path, intake: Environment) -> None:
    (senders / "other.asc").write_text("no certificate")
    assert numbers(found(intake)) == ["W103"]


def test_w104_a_certificate_will_expire(senders: Path, intake: Environment) -> None:
    (senders / "polder.crt").write_text(PINNED.pem)
    describe(senders, "other", 'address = "desk@polder.test"\ncertificate = "polder.crt"\n')
    key = Tsk.generate("desk@soon.test", validity_seconds=29 * 86_400)
    (senders / "soon.asc").write_text(str(key.extract_certificate()))
    findings = found(intake)
    assert numbers(findings) == ["W104", "W104"]
    assert f"partner/other: the certificate expires on {BEGAN + 30 * DAY:%Y-%m-%d}" in findings[0].wrong


def test_w105_an_address_is_registered_twice(senders: Path, intake: Environment) -> None:
    for name in ("one", "two"):
        describe(senders, name, 'address = "desk@polder.test"\ndkim = true\n')
    assert numbers(found(intake)) == ["W105"]


def test_w106_there_is_no_openssl(senders: Path, intake: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_of_mail, "find_openssl", lambda: None)
    assert found(intake) == []
    (senders / "ca.crt").write_text(AUTHORITY.pem)
    describe(senders, "other", 'address = "desk@polder.test"\nauthority = "ca.crt"\n')
    assert "W106" in numbers(found(intake))
