import json
import time
from pathlib import Path

import pytest

from lykta.practice import atlas
from lykta.practice.state import State

GALLERY = "pictures.example/gallery"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


def network(domain: str) -> atlas.Network:
    return next(network for network in atlas.NETWORKS if network.domain == domain)


def test_at_first_everything_is_there(state: State) -> None:
    assert not state.is_removed(GALLERY)
    assert state.removal_due(GALLERY) is None
    assert not state.has_moved("moving.example")


def test_what_is_removed_is_gone_and_can_come_back(state: State) -> None:
    state.remove(GALLERY)
    assert state.is_removed(GALLERY)
    state.bring_back(GALLERY)
    assert not state.is_removed(GALLERY)


def test_a_planned_removal_holds_when_its_time_has_come(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state.remove(GALLERY, after_seconds=60)
    assert not state.is_removed(GALLERY)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert state.is_removed(GALLERY)


@pytest.mark.parametrize(("first", "second"), [(10, 100), (100, 10)])
def test_a_second_notice_never_postpones_a_removal(state: State, first: float, second: float) -> None:
    state.remove(GALLERY, after_seconds=first)
    state.remove(GALLERY, after_seconds=second)
    due = state.removal_due(GALLERY)
    assert due is not None
    assert due - time.time() == pytest.approx(10, abs=2)


def test_a_second_run_remembers(state: State, tmp_path: Path) -> None:
    state.remove(GALLERY)
    state.move("moving.example")
    again = State(tmp_path)
    assert again.is_removed(GALLERY)
    assert again.has_moved("moving.example")


def test_the_file_is_whole_and_alone(state: State, tmp_path: Path) -> None:
    state.remove(GALLERY)
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]
    assert set(json.loads((tmp_path / "state.json").read_text())) == {"removed", "moved"}


def test_what_never_was_cannot_be_removed(state: State) -> None:
    with pytest.raises(LookupError, match="nothing at"):
        state.remove("pictures.example/other")


@pytest.mark.parametrize("name", ["pictures.example", atlas.UNKNOWN])
def test_most_names_stay_where_they_are(state: State, name: str) -> None:
    with pytest.raises(LookupError, match="does not move"):
        state.move(name)


def test_a_moved_name_has_its_other_address_until_it_is_brought_back(state: State) -> None:
    state.move("moving.example")
    assert state.addresses("moving.example") == ("127.21.0.8",)
    state.bring_back("moving.example")
    assert state.addresses("moving.example") == ("127.10.0.8",)


@pytest.mark.parametrize(
    ("address", "host", "served"),
    [
        ("127.10.0.5", "pictures.example", True),
        ("127.10.0.5", "www.pictures.example", True),
        ("127.10.0.6", "pictures.example", False),
        ("127.30.0.7", "album.example", True),
        ("127.20.0.7", "album.example", True),
        ("127.10.0.5", atlas.UNKNOWN, False),
    ],
)
def test_a_server_knows_its_own_sites(state: State, address: str, host: str, served: bool) -> None:  # noqa: FBT001  # a table
    assert state.serves(address, host) is served


@pytest.mark.parametrize(
    ("domain", "host", "hosted"),
    [
        ("nordhost.test", "pictures.example", True),
        ("veil-cdn.test", "album.example", True),
        ("polderhost.test", "album.example", True),
        ("nordhost.test", "album.example", False),
        ("nordhost.test", atlas.UNKNOWN, False),
    ],
)
def test_a_network_knows_what_stands_in_it(state: State, domain: str, host: str, hosted: bool) -> None:  # noqa: FBT001  # a table
    assert state.hosted_by(network(domain), host) is hosted
