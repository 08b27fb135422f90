import json
from ipaddress import ip_network
from pathlib import Path

import pytest

from lykta.config import practising
from lykta.config.checks import common_findings
from lykta.config.environment import environment
from lykta.config.house import house
from lykta.lib.guard import GuardPolicy


def test_the_settings_for_practice_are_written_once_and_stay(lykta_home: Path) -> None:
    assert practising.write_settings()
    file = lykta_home / "lykta.toml"
    file.write_text(file.read_text() + 'name = "Our own name"\n')
    environment.cache_clear()
    assert not practising.write_settings()
    assert environment().name == "Our own name"


def test_they_pass_the_checks_and_lead_to_the_practice_world(lykta_home: Path) -> None:
    practising.write_settings()
    given = environment()
    assert list(common_findings(given)) == []
    assert given.name_servers() == [("127.0.0.1", given.practice_dns_port, "")]
    assert (given.mail_host, given.mail_port) == ("127.0.0.1", given.practice_smtp_port)
    assert (house(given).hold.total_seconds(), house(given).look_every) != (0, None)


def test_they_follow_the_ports_that_were_chosen(lykta_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYKTA_PRACTICE_DNS_PORT", "9053")
    monkeypatch.setenv("LYKTA_PRACTICE_SMTP_PORT", "9025")
    practising.write_settings()
    assert list(common_findings(environment())) == []


def test_the_guard_opens_the_practice_networks_and_not_the_rest_of_this_machine(lykta_home: Path) -> None:
    practising.write_settings()
    policy = GuardPolicy.read(only=environment().guard_only, ports=environment().guard_ports)
    assert all(network.subnet_of(ip_network("127.0.0.0/8")) for network in policy.only)  # type: ignore[arg-type]
    assert policy.refuses("127.10.0.5", 8079) is None
    assert policy.refuses("127.0.0.1", 8002) is not None
    assert policy.refuses("169.254.169.254", 80) is not None


def test_nothing_of_the_internet_is_ever_asked_in_practice(lykta_home: Path) -> None:
    practising.write_settings()
    policy = GuardPolicy.read(only=environment().guard_only, ports=environment().guard_ports)
    for address in ("8.8.8.8", "93.184.215.14", "2606:4700::1111"):
        assert "outside the networks" in str(policy.refuses(address, 80))


def test_a_real_hotline_is_never_turned_into_a_practice_one(lykta_home: Path) -> None:
    (lykta_home / "keys").mkdir()
    with pytest.raises(RuntimeError, match="not for practice"):
        practising.write_settings()
    assert not (lykta_home / "lykta.toml").exists()


def test_a_file_that_says_production_is_left_alone(lykta_home: Path) -> None:
    (lykta_home / "lykta.toml").write_text('mode = "production"\n')
    environment.cache_clear()
    with pytest.raises(RuntimeError, match="says production"):
        practising.write_settings()
    assert (lykta_home / "lykta.toml").read_text() == 'mode = "production"\n'


def test_demo_accounts_are_drawn_once_and_only_their_owner_reads_them(lykta_home: Path) -> None:
    accounts = practising.demo_accounts()
    assert practising.demo_accounts() == accounts
    assert [(one["username"], one["role"]) for one in accounts] == [
        ("anna", "analyst"),
        ("lena", "lead"),
        ("adam", "administrator"),
        ("kim", "communicator"),
    ]
    assert practising.accounts_file().stat().st_mode & 0o777 == 0o600
    assert json.loads(practising.accounts_file().read_text()) == accounts


def test_passphrases_and_secrets_are_long_and_never_the_same() -> None:
    drawn = {practising.passphrase() for _ in range(50)} | {practising.totp_secret() for _ in range(50)}
    assert len(drawn) == 100
    assert min(len(one) for one in drawn) >= 24


def test_each_port_of_the_practice_world_can_be_changed_by_its_setting(lykta_home: Path) -> None:
    names = [name for name, _host, _port in practising.practice_ports(environment())]
    assert len(names) == len(set(names)) == 5
    assert all(hasattr(environment(), name) for name in names)
