"""The command as a person runs it: real processes, real databases, the practice world, on free ports."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.config.test_processes import is_running, source_on_path

from lykta.config.environment import FACES
from lykta.config.keys import PUBLIC, SECRETS
from lykta.config.processes import port_is_free
from lykta.practice.settings import PracticeSettings

pytestmark = pytest.mark.journey


class House:
    """A LYKTA_HOME with ports of its own, and the `lykta` command in it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        faces = PracticeSettings.on_free_ports(folder)
        world = PracticeSettings.on_free_ports(folder)
        self.ports = dict(zip(FACES, (faces.dns_port, faces.web_port, faces.rdap_port, faces.smtp_port), strict=True))
        settings = {f"{face}_port": port for face, port in self.ports.items()} | {
            "practice_port": world.page_port,
            "practice_dns_port": world.dns_port,
            "practice_web_port": world.web_port,
            "practice_rdap_port": world.rdap_port,
            "practice_smtp_port": world.smtp_port,
        }
        self.practice_page = world.page_url
        kept = {name: value for name, value in source_on_path().items() if not name.startswith("LYKTA_")}
        self.environment = {
            **kept,
            "LYKTA_HOME": str(self.home),
            "NUMBA_CACHE_DIR": "",  # as other tests: beside the source
            **{f"LYKTA_{name.upper()}": str(port) for name, port in settings.items()},
        }

    def lykta(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lykta", *words],
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )

    def secrets(self) -> list[str]:
        """What must never be printed: keys, and the secrets of the authenticators."""
        found = [path.read_bytes().decode(errors="ignore").strip() for path in (self.home / "keys").glob("*")]
        accounts = json.loads((self.home / "practice" / "accounts.json").read_text())
        return [secret for secret in found if secret] + [account["totp_secret"] for account in accounts]


class Running:
    """`lykta up --practice`, and what it has printed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.output = house.home.parent / "up.log"
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lykta", "up", "--practice"],
                env=house.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while "Lykta is up." not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def family(self) -> list[int]:
        """Every process below the supervisor."""
        parents = {int(stat.parent.name): _parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found[1:]

    def process_of(self, words: str) -> int:
        """The child that runs these words of the command."""
        for pid in self.family():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if command.strip().endswith(words) and _parent(Path(f"/proc/{pid}/stat")) == self.process.pid:
                return pid
        raise LookupError(words)


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def all_gone(processes: list[int]) -> bool:
    deadline = time.monotonic() + 30
    while any(is_running(pid) for pid in processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(is_running(pid) for pid in processes)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A practice hotline that was prepared and does not run."""
    made = House(tmp_path_factory.mktemp("house"))
    done = made.lykta("init", "--practice")
    assert done.returncode == 0, done.stdout
    return made


@pytest.fixture
def running(house: House) -> Iterator[Running]:
    """A practice hotline that answers."""
    running = Running(house)
    try:
        running.wait_until_up()
        yield running
    finally:
        family = running.family()
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(40)
        assert all_gone(family)


def test_preparing_twice_changes_nothing(house: House) -> None:
    files = [path for path in house.home.rglob("*") if path.is_file() and "sqlite3" not in path.name]
    before = {path: path.read_bytes() for path in files}
    done = house.lykta("init", "--practice")
    assert done.returncode == 0
    assert {path: path.read_bytes() for path in files} == before
    assert "New keys" not in done.stdout


def test_a_prepared_practice_hotline_has_no_finding_but_perhaps_a_weak_sandbox(house: House) -> None:
    done = house.lykta("check")
    assert done.returncode == 0
    assert set(re.findall(r"LYKTA-\w+", done.stdout)) <= {"LYKTA-W060", "LYKTA-W003"}


def test_nobody_else_can_read_what_was_prepared(house: House) -> None:
    assert house.home.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o007 == 0 for path in house.home.iterdir())
    assert (house.home / "matching").stat().st_mode & 0o077 == 0


def test_a_practice_hotline_knows_a_picture_of_its_world(house: House) -> None:
    listed = (house.home / "practice" / "known.csv").read_text().splitlines()[1].split(",")
    done = house.lykta("match", "--hash", listed[0])
    assert (done.returncode, "known: no look needed" in done.stdout) == (5, True)


def test_an_interrupted_preparation_is_finished_by_the_next(tmp_path: Path) -> None:
    half = House(tmp_path)
    half.lykta("init", "--practice")
    (half.home / "keys" / "mail.pub.asc").unlink()
    (half.home / "casebook.sqlite3").unlink()
    accounts = (half.home / "practice" / "accounts.json").read_text()
    done = half.lykta("init", "--practice")
    assert done.returncode == 0, done.stdout
    assert half.lykta("check").returncode == 0
    assert (half.home / "practice" / "accounts.json").read_text() == accounts


def test_a_real_hotline_gets_one_account_whose_password_is_shown_once(tmp_path: Path) -> None:
    real = House(tmp_path)
    first = real.lykta("init", "--staff", "maria")
    second = real.lykta("init", "--staff", "maria")
    assert re.search(r"First account: maria, password \w+(-\w+){4}", first.stdout)
    assert "password" not in second.stdout
    taken = real.lykta("staff", "add", "maria", "--role", "analyst")
    assert (taken.returncode, "already" in taken.stdout) == (1, True)
    assert real.lykta("staff", "add", "erik", "--role", "analyst").returncode == 0
    assert real.lykta("init", "--practice").returncode == 1


def test_a_real_hotline_does_not_start_before_somebody_would_be_told(tmp_path: Path) -> None:
    real = House(tmp_path)
    real.lykta("init")
    for words in (["up"], ["serve", "desk"], ["work"]):
        done = real.lykta(*words)
        assert done.returncode == 1
        assert "LYKTA-E050" in done.stdout
        assert "Not started" in done.stdout


def test_nothing_starts_without_keys(tmp_path: Path) -> None:
    empty = House(tmp_path)
    empty.home.mkdir(mode=0o700)
    done = empty.lykta("serve", "report")
    assert done.returncode == 1
    assert "run `lykta init`" in done.stdout
    check = empty.lykta("check")
    assert (check.returncode, check.stdout.count("LYKTA-E010")) == (1, len((*SECRETS, *PUBLIC)))


def test_the_practice_world_never_starts_in_production(house: House) -> None:
    for words in (["up", "--practice"], ["practice"], ["code", "anna"]):
        done = house.lykta(*words, LYKTA_MODE="production")
        assert done.returncode == 1
        assert "Traceback" not in done.stdout


def test_a_port_that_is_taken_is_named_with_its_setting_before_anything_starts(house: House) -> None:
    with socket.create_server(("127.0.0.1", house.ports["desk"])):
        done = house.lykta("up", "--practice")
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert f"Port {house.ports['desk']} is taken" in done.stdout
    assert "LYKTA_DESK_PORT" in done.stdout


def test_every_face_and_the_practice_page_answer_and_the_record_holds(running: Running) -> None:
    house = running.house
    for address in [f"http://127.0.0.1:{port}/" for port in house.ports.values()] + [house.practice_page]:
        with urlopen(address, timeout=10) as answer:
            assert answer.status == 200
            assert "granian" not in str(answer.headers).lower()
    text = running.output.read_text()
    accounts = json.loads((house.home / "practice" / "accounts.json").read_text())
    assert all(f"http://127.0.0.1:{port}/" in text for port in house.ports.values())
    assert all(account["password"] in text for account in accounts)
    assert re.fullmatch(r"\d{6}\n", house.lykta("code", "anna").stdout)
    assert "The record holds" in house.lykta("audit", "verify").stdout
    assert not [secret for secret in house.secrets() if secret in running.output.read_text()]


def test_a_face_that_is_killed_answers_again(running: Running) -> None:
    before = running.process_of("serve report")
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while running.output.read_text().count("report ended with status -9") == 0 or not _answers(running.house):
        assert time.monotonic() < deadline, running.output.read_text()
        time.sleep(0.1)
    assert running.process_of("serve report") != before


def test_after_a_clean_stop_no_process_no_port_and_no_socket_is_left(house: House) -> None:
    running = Running(house)
    running.wait_until_up()
    family = running.family()
    assert len(family) >= 6
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(40) == 0
    assert all_gone(family)
    assert all(port_is_free("127.0.0.1", port) for port in house.ports.values())
    assert [path for path in house.home.rglob("*") if path.is_socket()] == []


def test_when_the_supervisor_itself_is_killed_its_children_end_too(house: House) -> None:
    running = Running(house)
    running.wait_until_up()
    family = running.family()
    running.process.kill()
    running.process.wait()
    assert all_gone(family)


def test_settings_for_practice_can_be_read_by_a_person(house: House) -> None:
    found = tomllib.loads((house.home / "lykta.toml").read_text())
    assert found["mode"] == "practice"
    assert (found["hold_seconds"], found["look_again_seconds"]) == (60, 5)


def _answers(house: House) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{house.ports['report']}/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
