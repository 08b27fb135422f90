import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.contract import Frame, Hop, Look, Medium
from lykta.connectors.web.facts import Facts, Picture, read_facts, read_look, write_facts, write_look
from lykta.core.vocabulary import Outcome

PICTURE = Picture(width=3, height=4, frames=5, hashes=("c" * 64,) * 8, quality=6, problem="x")
FACTS = Facts(
    sha256="a" * 64,
    sha1="b" * 40,
    md5="c" * 32,
    length=5,
    kind="image/png",
    picture=PICTURE,
    title="Å\n",
    language="sv",
    media=2,
    pictures=1,
    films=1,
    named=("http://a.test/å",),
    likeness="0" * 16,
    asks_password=True,
    says_gone=True,
    hostile="no",
)
MEDIUM = Medium(
    address="http://a.test/a.mp4", length=7, pdq=("d" * 64,), frames=(Frame(number=0, pdq="e" * 64, quality=9),)
)
LOOK = Look(
    outcome=Outcome.MISSING,
    hops=(Hop(address="http://a.test/", ip="127.10.0.1", status=404),),
    status=404,
    title="Å\n",
    headers={"server": "x"},
    fingerprints=(MEDIUM,),
)


def test_facts_survive_the_pipe() -> None:
    assert write_facts(FACTS).count(b"\n") == 1
    assert read_facts(write_facts(FACTS)) == FACTS


def test_a_look_survives_the_pipe() -> None:
    assert write_look(7, LOOK).count(b"\n") == 1
    assert read_look(write_look(7, LOOK)) == (7, LOOK)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 201},
        {"title": 5},
        {"sha256": "a" * 65},
        {"sha256": "a" * 63},
        {"sha256": "A" * 64},
        {"sha1": "a" * 64},
        {"md5": 1},
        {"kind": "x" * 41},
        {"language": "swed"},
        {"likeness": "0"},
        {"named": "http://a.test/"},
        {"named": [1]},
        {"named": ["x" * 2001]},
        {"picture": []},
        {"picture": {"width": 1}},
        {"picture": asdict(PICTURE) | {"hashes": ["c" * 64] * 9}},
        {"picture": asdict(PICTURE) | {"hashes": ["x" * 64]}},
        {"picture": asdict(PICTURE) | {"pixels": "AAAA"}},
        {"length": -1},
        {"length": True},
        {"media": "2"},
        {"media": 1.5},
        {"hostile": None},
        {"more": 1},
    ],
)
def test_facts_that_a_hijacked_decoder_could_send_are_refused(change: dict[str, object]) -> None:
    given_facts = json.loads(write_facts(FACTS)) | change
    with pytest.raises(ValueError, match=r"not "):
        read_facts(json.dumps(given_facts).encode())


@given(st.binary(max_size=100))
def test_noise_is_no_facts_and_no_look(noise: bytes) -> None:
    for read in (read_facts, read_look):
        with pytest.raises(ValueError, match=r"."):
            read(noise)


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": 1}',
        b'{"id": 1, "look": {}}',
        b'{"id": 1, "look": {"outcome": "present", "hops": [{"x": 1}]}}',
        b'{"id": "x", "look": {"outcome": "present", "hops": []}}',
        b'{"id": 1, "look": {"outcome": "unheard", "hops": []}}',
        b'{"id": 1, "look": {"outcome": "present", "hops": [], "body": "x"}}',
        b'{"id": 1, "look": {"outcome": "present", "hops": [], "fingerprints": [{"pdq": [], "frames": [{"x": 1}]}]}}',
        b'{"id": 1, "look": {"outcome": "present", "hops": [], "fingerprints": [{"pdq": [], "frames": [], "body": 1}]}}',
    ],
)
def test_what_is_not_a_look_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_look(line)
