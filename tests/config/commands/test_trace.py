"""`lykta trace`: the chain on a terminal or as JSON, and nothing of it kept."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from tests.config.conftest import Given

from lykta.config.commands import trace as command
from lykta.config.commands.trace import IN_PART, item_of, trace
from lykta.connectors.console.connector import (
    ConsoleCaller,
    ConsoleGeography,
    ConsoleLooker,
    ConsoleNames,
    ConsolePost,
    ConsoleRegistry,
    ConsoleReturns,
)
from lykta.connectors.contract import AbuseContact, Hop, Look, Medium, NameAnswer, Place, Registration, Transient
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Outcome
from lykta.workflow.house import Outside

ADDRESS = "http://pictures.nordhost.test/1"
NETWORK = Registration(
    subject="192.0.2.10",
    holder="Nordhost AB",
    country="SE",
    first_address="192.0.2.0",
    last_address="192.0.2.255",
    source="https://rdap.registry.test/ip/192.0.2.10",
    contacts=(AbuseContact(email="abuse@nordhost.test", rank=1, found_in="role abuse"),),
)
LOOK = Look(
    outcome=Outcome.PRESENT,
    hops=(Hop(address=ADDRESS, ip="192.0.2.10", status=200),),
    status=200,
    title="A \x1b[2J page",
    media=1,
    pictures=1,
    fingerprints=(Medium(address=ADDRESS + ".png", media_type="image/png", sha256="a" * 64, problem="a \x07 bell"),),
)


def outside(**changes: Any) -> Outside:
    place = Place(country="SE", asn=64500, holder="Nordhost AB", cdn=False, source="ranges", dated=date(2026, 1, 1))
    names = NameAnswer(name="pictures.nordhost.test", exists=True, addresses=("192.0.2.10",), resolver="192.0.2.53")
    doors: dict[str, Any] = {
        "names": ConsoleNames({"pictures.nordhost.test": names}),
        "registry": ConsoleRegistry(networks={"192.0.2.10": NETWORK}),
        "geography": ConsoleGeography({"192.0.2.10": (place,)}),
        "looker": ConsoleLooker({ADDRESS: LOOK}),
        "post": ConsolePost(),
        "returns": ConsoleReturns(),
        "caller": ConsoleCaller(),
    }
    return Outside(**{**doors, **changes})


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> dict[str, Outside]:
    """The doors that the command finds open; a test may put others in."""
    found = {"outside": outside()}

    @contextmanager
    def opened(_: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(outside=found["outside"])

    monkeypatch.setattr(command, "open_world", opened)
    return found


def test_the_chain_is_printed_with_its_sources_and_no_live_address(
    doors: dict[str, Outside], given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trace(given(), ADDRESS, as_json=False) == 0
    said = capsys.readouterr().out
    for line in (
        "hxxp://pictures[.]nordhost[.]test/1",
        "  Asked for: hxxp://pictures[.]nordhost[.]test/1",
        "      answered with status 200 from 192.0.2.10",
        "  Answers from: 192.0.2.10 (according to 192.0.2.53)",
        "  Network: Nordhost AB 192.0.2.0–192.0.2.255 (according to rdap.registry.test)",
        "  Placed in: Sweden (SE) (according to ranges, 2026-01-01)",
        "  Host in: Sweden (SE) [likely]",
        "  Complaints to: abuse@nordhost.test (role abuse)",
        "  On it: 1 pictures, 0 films, 1 fingerprints",
        f"        SHA-256: {'a' * 64}",
    ):
        assert line in said.splitlines(), said
    assert "http://" not in said


def test_nothing_that_a_terminal_obeys_is_printed(
    doors: dict[str, Outside], given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    trace(given(), ADDRESS, as_json=False)
    said = capsys.readouterr().out
    assert "a   bell" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_json_holds_every_field_of_a_trace(
    doors: dict[str, Outside], given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trace(given(), "hxxp://pictures[.]nordhost[.]test/1", as_json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["address"] == ADDRESS
    assert (said["outcome"], said["host_country"], said["asn"]) == ("present", "SE", 64500)
    assert said["fingerprints"][0]["sha256"] == "a" * 64
    assert said["contacts"][0]["email"] == "abuse@nordhost.test"
    assert said["at"].startswith("20")


def test_what_was_learnt_in_part_has_an_exit_status_of_its_own_and_says_what_is_missing(
    doors: dict[str, Outside], given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    doors["outside"] = outside(registry=ConsoleRegistry(networks={"192.0.2.10": Transient("too many questions")}))
    assert trace(given(), ADDRESS, as_json=False) == IN_PART
    assert "  Not learnt: RDAP: too many questions" in capsys.readouterr().out


def test_nothing_is_kept(doors: dict[str, Outside], given: Given) -> None:
    """No database is marked for this test: a single query would be an error."""
    assert trace(given(), ADDRESS, as_json=False) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "names nothing that can be traced"),
        ("two words", "names nothing that can be traced"),
        ("telegram:@somebody_example", "not on the open web"),
        ("somebody@mail.example", "not on the open web"),
    ],
)
def test_what_has_no_server_is_refused(typed: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        item_of(typed)
