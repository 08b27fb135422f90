"""The decoder, as the process that it is."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO

import pytest
from tests.support.drawings import draw, encoded

from lykta.connectors.web import decoder, handover
from lykta.connectors.web.facts import Facts, read_facts
from lykta.connectors.web.handover import Decoder, DecoderDied, Handover
from lykta.lib import sandbox
from lykta.lib.fingerprints import pdq


def about(body: bytes) -> bytes:
    words = {"size": len(body), "content_type": "text/html", "encoding": "", "complete": True, "limit": 1000}
    return json.dumps(words).encode() + b"\n" + body


def test_bodies_are_answered_in_turn_each_with_processor_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[int] = []
    monkeypatch.setattr(sandbox, "allow_cpu", allowed.append)  # it would bound the process that the tests run in
    answers = BytesIO()
    decoder.serve(BytesIO(about(b"<title>one</title>") + about(b"<title>two\n</title>")), answers)
    assert [read_facts(line).title for line in answers.getvalue().splitlines()] == ["one", "two"]
    assert allowed == [decoder.CPU_SECONDS] * 2


def test_the_process_cannot_open_a_file_or_a_socket() -> None:
    command = sandbox.python_command("lykta.connectors.web.decoder")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=sandbox.bare_environment(), cwd="/"
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(about(b"x"))
        process.stdin.flush()
        assert read_facts(process.stdout.readline()).length == 1
        limits = subprocess.run(
            ["cat", f"/proc/{process.pid}/limits"], capture_output=True, text=True, check=True
        ).stdout
        process.stdin.close()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert rows["Max open files"] == rows["Max file size"] == rows["Max core file size"] == ["0", "0"]
    assert rows["Max address space"] == [str(decoder.MEMORY)] * 2
    assert rows["Max cpu time"][0] != "unlimited"


def ask(reader: Decoder | Handover, body: bytes, *, encoding: str = "") -> Awaitable[Facts]:
    return reader.read(body, content_type="text/html", encoding=encoding, complete=True, limit=1_000_000)


def run(story: Callable[[Decoder], Awaitable[None]]) -> None:
    async def told() -> None:
        one = Decoder()
        try:
            await story(one)
        finally:
            await one.stop()

    asyncio.run(told())


@pytest.mark.parametrize("jailed", [True, False])
def test_a_body_goes_out_and_facts_come_back(monkeypatch: pytest.MonkeyPatch, *, jailed: bool) -> None:
    body = b"<title>hello</title>" + b"x" * 300_000
    if not jailed:
        monkeypatch.setattr(sandbox, "jail", lambda: ())

    async def story(one: Decoder) -> None:
        facts = await ask(one, body)
        assert (facts.title, facts.length, facts.sha256) == ("hello", len(body), hashlib.sha256(body).hexdigest())

    run(story)


def test_a_decoder_that_died_between_two_bodies_is_replaced_without_blame() -> None:
    async def story(one: Decoder) -> None:
        await ask(one, b"x")
        assert one._process
        one._process.kill()
        await one._process.wait()
        assert (await ask(one, b"y")).length == 1

    run(story)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import time; time.sleep(60)", "busy for too long"),
        ("print('nonsense')", "made the decoder fail"),
        ("print('x' * 100_000)", "made the decoder fail"),
        ("pass", "made the decoder fail"),
    ],
)
def test_a_decoder_that_was_taken_over_cannot_hurt(monkeypatch: pytest.MonkeyPatch, script: str, reason: str) -> None:
    real = sandbox.python_command
    command = [real("x")[0], "-I", "-c", script]
    monkeypatch.setattr(sandbox, "python_command", lambda _: command)
    monkeypatch.setattr(handover, "SECONDS", 1.0)

    async def story(one: Decoder) -> None:
        with pytest.raises(DecoderDied, match=reason):
            await ask(one, b"x")
        monkeypatch.setattr(sandbox, "python_command", real)
        monkeypatch.setattr(handover, "SECONDS", 10.0)
        assert (await ask(one, b"x")).length == 1

    run(story)


def test_a_decoder_is_retired_after_its_share_of_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "BODIES", 2)

    async def story(one: Decoder) -> None:
        pids = []
        for _ in range(4):
            await ask(one, b"x")
            assert one._process
            pids.append(one._process.pid)
        assert pids[0] == pids[1] != pids[2] == pids[3]

    run(story)


DYING = """
import json, sys
about = json.loads(sys.stdin.buffer.readline())
sys.stdin.buffer.read(about["size"])
from lykta.connectors.web.facts import Facts, write_facts
if about.get("opaque"):
    sys.stdout.buffer.write(write_facts(Facts(sha256="a" * 64, length=about["size"])))
    sys.stdout.flush()
"""


def test_of_a_body_that_its_decoder_died_of_another_one_makes_the_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    start = f"import sys; sys.path[:0] = {sys.path!r}\n{DYING}"
    command = [sys.executable, "-I", "-c", start]
    monkeypatch.setattr(sandbox, "python_command", lambda _: command)
    monkeypatch.setattr(sandbox, "jail", lambda: ())

    async def story() -> None:
        shared = Handover()
        try:
            facts = await ask(shared, b"xyz")
        finally:
            await shared.stop()
        assert facts == Facts(sha256="a" * 64, length=3, hostile="the content made the decoder fail")

    asyncio.run(story())


def test_of_a_body_that_no_decoder_survives_nothing_is_known_but_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "python_command", lambda _: ["true"])
    monkeypatch.setattr(sandbox, "jail", lambda: ())

    async def story() -> None:
        shared = Handover()
        assert await ask(shared, b"x") == Facts(hostile="the content made the decoder fail")
        assert (await shared.read_frame(b"x", width=1, height=1)).problem == "the content made the decoder fail"
        await shared.stop()

    asyncio.run(story())


def test_a_decoder_whose_answer_nobody_waits_for_is_ended() -> None:
    """Else its answer would be taken for that to the next body."""

    async def story(one: Decoder) -> None:
        await ask(one, b"x")
        assert one._process
        before = one._process.pid
        given_up = asyncio.ensure_future(ask(one, b"<p>" * 300_000))
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert (await ask(one, b"xy")).length == 2
        assert one._process.pid != before

    run(story)


def test_pictures_pass_a_warm_decoder_in_its_jail_and_hostile_ones_leave_it_alive() -> None:
    picture = encoded(draw("rings", seed=1, height=80, width=120))

    async def story(one: Decoder) -> None:
        pids = set()
        for body in (picture, picture[:-70], b"GIF89a" + picture, picture):
            facts = await ask(one, body)
            assert facts.picture
            assert bool(facts.picture.problem) is (body != picture)
            assert one._process
            pids.add(one._process.pid)
        assert len(pids) == 1

    run(story)


def test_a_frame_is_hashed_as_its_picture_would_be() -> None:
    grey = draw("rings", seed=1, height=80, width=120)[:, :, 0]

    async def story() -> None:
        shared = Handover()
        try:
            frame = await shared.read_frame(grey.tobytes(), width=120, height=80)
            short = await shared.read_frame(grey.tobytes()[1:], width=120, height=80)
        finally:
            await shared.stop()
        plain = pdq(grey)
        assert plain
        assert (frame.hashes, frame.quality) == (plain.hashes, plain.quality)
        assert short.problem == "the content made the decoder fail"

    asyncio.run(story())


def test_many_bodies_share_a_few_decoders() -> None:
    async def story() -> None:
        shared = Handover()
        try:
            facts = await asyncio.gather(*(ask(shared, b"x" * size) for size in range(20)))
        finally:
            await shared.stop()
        assert [fact.length for fact in facts] == list(range(20))

    asyncio.run(story())
