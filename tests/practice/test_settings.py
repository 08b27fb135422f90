from pathlib import Path

from lykta.practice.settings import PracticeSettings


def test_free_ports_are_five_different_ones_outside_the_range_for_outgoing_connections(tmp_path: Path) -> None:
    found = PracticeSettings.on_free_ports(tmp_path)
    ports = {found.dns_port, found.web_port, found.rdap_port, found.smtp_port, found.page_port}
    assert len(ports) == 5
    assert all(15_000 <= port < 32_000 for port in ports)


def test_two_worlds_get_different_ports(tmp_path: Path) -> None:
    assert PracticeSettings.on_free_ports(tmp_path) != PracticeSettings.on_free_ports(tmp_path)


def test_other_settings_are_passed_on(tmp_path: Path) -> None:
    found = PracticeSettings.on_free_ports(tmp_path, removal_seconds=-1, seed=3)
    assert (found.removal_seconds, found.seed, found.folder) == (-1, 3, tmp_path)


def test_hosts_take_twenty_seconds_and_nothing_is_slowed_by_default(tmp_path: Path) -> None:
    found = PracticeSettings.on_free_ports(tmp_path)
    assert (found.removal_seconds, found.latency_seconds) == (20, 0)


def test_the_page_is_on_this_machine(tmp_path: Path) -> None:
    found = PracticeSettings.on_free_ports(tmp_path)
    assert found.page_url == f"http://127.0.0.1:{found.page_port}/"
