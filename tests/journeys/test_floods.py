"""A hundred networks flood the real report face: an honest reporter notices nothing, and nothing about them is kept."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.support.flooders import AGENT, NETWORK, flood
from tests.support.installation import Installation, installation, new_network

from lykta.lib import codes

pytestmark = pytest.mark.journey
SECONDS = 8.0
HONEST = "127.200.0.1"
GUESSER = "127.201.0.1"
PLANTED = "127.202.0.1"
WRONG_CODES = 1_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("floods") / "home") as made:
        yield made


def test_an_honest_report_gets_through_a_flood_from_a_hundred_networks(running: Installation) -> None:
    """How long it takes is measured by `make bench`: here other tests may use the machine."""
    shown: list[str] = []
    with flood(running, networks=100, seconds=SECONDS) as answered:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            shown.append(running.report("I saw this: http://pictures.example/1", source=new_network()))
            time.sleep(0.3)
    assert len(set(shown)) == len(shown) >= 3
    assert set(answered) == {200, 429}
    assert answered[200] < answered[429]


def test_a_thousand_wrong_codes_change_nothing_for_anybody_else(running: Installation) -> None:
    code = running.report("I saw this: http://pictures.example/2", source=HONEST)
    processes = len(running.processes()["serve report"]) - 1  # without their master
    answers = [guess(running, codes.spell(codes.new()), GUESSER) for _ in range(WRONG_CODES)]
    assert answers[:10] == [422] * 10
    assert answers.count(422) <= 10 * processes, "the guesser is slowed, by each process"
    assert guess(running, code, HONEST) == 200


def guess(running: Installation, code: str, source: str) -> int:
    form = {"code": code, "step": "open"}
    status, _ = running.ask("POST", "report", "/en/mailbox/", form, source=source)
    return status


def test_nothing_about_the_strangers_is_at_rest(running: Installation) -> None:
    """Their addresses and their program are on every request of the flood."""
    with flood(running, networks=5, seconds=4) as answered:
        running.report("I saw this: http://pictures.example/3", source=PLANTED)
        assert guess(running, "no code", PLANTED) == 422
    assert answered[429] > 0
    files = [path for path in running.home.rglob("*") if path.is_file()]
    content: dict[str, bytes] = {}
    assert running.home / "log.txt" in files
    for path in files:
        with suppress(FileNotFoundError):  # what is written anew meanwhile has another name by now
            content[str(path)] = path.read_bytes()
    assert len(content) > len(files) // 2
    for name, held in content.items():
        for planted in (AGENT, f"{NETWORK}.", PLANTED):
            assert planted.encode() not in held, f"{planted} lies in {name}"
