"""The decoder, as the process that it is."""

import asyncio
import hashlib
import json
import subprocess
from collections.abc import Awaitable, Callable
from io import BytesIO

import pytest

from lykta.connectors.web import decoder, handover
from lykta.connectors.web.facts import Facts, read_facts
from lykta.connectors.web.handover import Decoder, Handover
from lykta.lib import sandbox


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
        assert reason in (await ask(one, b"x")).hostile
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


def test_many_bodies_share_a_few_decoders() -> None:
    async def story() -> None:
        shared = Handover()
        try:
            facts = await asyncio.gather(*(ask(shared, b"x" * size) for size in range(20)))
        finally:
            await shared.stop()
        assert [fact.length for fact in facts] == list(range(20))

    asyncio.run(story())
