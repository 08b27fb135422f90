"""Films through the real ffmpeg in its jail; it and bubblewrap are needed."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.support.films import film, still_of

from lykta.connectors.contract import Frame
from lykta.connectors.web import films
from lykta.connectors.web.films import Projector, Room, missing
from lykta.connectors.web.handover import Handover
from lykta.lib import sandbox
from lykta.lib.fingerprints import distance, pdq

LONGEST = 400_000


def show(*bodies: bytes) -> list[tuple[tuple[Frame, ...], str]]:
    async def story() -> list[tuple[tuple[Frame, ...], str]]:
        projector, handover = Projector(longest=LONGEST), Handover()
        try:
            return [await projector.show(body, handover) for body in bodies]
        finally:
            await handover.stop()
            projector.close()

    return asyncio.run(story())


def test_what_films_need_is_here() -> None:
    assert missing() == ""


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykta.connectors.web.films.shutil.which", lambda _: None)
    assert missing.__wrapped__() == "ffmpeg is missing"
    monkeypatch.undo()
    monkeypatch.setattr(sandbox, "jail", lambda *_: ())
    assert missing.__wrapped__() == "bubblewrap is missing, or does not work here"


def test_without_ffmpeg_a_film_has_no_frames_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "missing", lambda: "ffmpeg is missing")
    assert show(b"film") == [((), "no frames: ffmpeg is missing")]


@pytest.mark.parametrize(
    ("ending", "codec"), [("mp4", "mpeg4"), ("avi", "mpeg4"), ("mkv", "mjpeg"), ("flv", "flv"), ("ts", "mpeg2video")]
)
def test_one_frame_a_second_is_hashed(tmp_path: Path, ending: str, codec: str) -> None:
    body = film(tmp_path, ending, codec=codec) if codec != "mpeg2video" else film(tmp_path, ending, codec="mpeg4")
    [(frames, problem)] = show(body)
    assert problem == ""
    assert [frame.number for frame in frames] == [0, 1, 2]
    for second, frame in enumerate(frames):
        plain = pdq(still_of(second))
        assert plain
        assert distance(frame.pdq, plain.hashes[0]) <= 31
        assert frame.quality > 50


def test_a_film_with_its_table_of_contents_at_the_end_is_what_mp4_tests_show(tmp_path: Path) -> None:
    body = film(tmp_path)
    assert body.find(b"mdat") < body.find(b"moov")


def test_of_a_cut_film_the_frames_that_came_are_hashed(tmp_path: Path) -> None:
    body = film(tmp_path, "avi", seconds=6)
    [(frames, _)] = show(body[: len(body) * 2 // 3])
    assert 2 <= len(frames) < 6


def test_what_is_no_film_has_no_frames(tmp_path: Path) -> None:
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"
    found = show(b"\0\0\0\x18ftypisom" + bytes(3000), playlist, b"", film(tmp_path)[:200])
    assert found == [((), "no frames: not a film that can be decoded")] * 4


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("exec sleep 60", "busy for too long"),
        ("echo nonsense", "made its decoder fail"),
        ("printf 'P5\\n9999 2\\n255\\n'", "made its decoder fail"),
        ("printf 'P5\\n20 20\\n255\\nshort'", "made its decoder fail"),
        ("exit 1", "not a film"),
    ],
)
def test_an_ffmpeg_that_was_taken_over_cannot_hurt(monkeypatch: pytest.MonkeyPatch, script: str, problem: str) -> None:
    monkeypatch.setattr(films, "_command", lambda *_: ["sh", "-c", script])
    monkeypatch.setattr(films, "SECONDS", 1.0)
    [(frames, why)] = show(b"x")
    assert frames == ()
    assert problem in why


def test_frames_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(films, "MOST_FRAMES", 2)
    [(frames, problem)] = show(film(tmp_path, seconds=4))
    assert (len(frames), problem) == (2, "")


def test_the_jail_of_ffmpeg_has_no_network_no_home_and_cannot_write_the_film() -> None:
    room = Room.make(100)
    try:
        room.fill(b"film")
        script = "head -c 4 /proc/self/fd/0; ls /home /root /etc/passwd /sys 2>/dev/null; cat /proc/net/route | wc -l; (echo x >/proc/self/fd/0) 2>/dev/null && echo written; echo x >/new || echo closed"
        command = [*sandbox.jail(*films.JAILED), "sh", "-c", script]
        done = subprocess.run(
            command, stdin=room.reading, capture_output=True, env=sandbox.bare_environment(), check=True
        )
    finally:
        room.close()
    assert done.stdout.split() == [b"film1", b"closed"]


def test_a_room_is_empty_after_a_film_and_cannot_be_made_larger() -> None:
    room = Room.make(10_000)
    try:
        room.fill(b"film" * 2000)
        assert os.pread(room.reading, 4, 0) == b"film"
        assert os.fstat(room.reading).st_blocks > 0
        room.forget()
        assert os.pread(room.reading, 10_000, 0) == bytes(10_000)
        assert os.fstat(room.reading).st_blocks == 0
        with pytest.raises(OSError, match=r"(not permitted|Bad file|Invalid)") as refused:
            os.ftruncate(room.reading, 20_000)
        assert refused.value.errno in {errno.EPERM, errno.EBADF, errno.EINVAL}
    finally:
        room.close()


def test_a_process_that_may_write_no_file_can_still_fill_a_room() -> None:
    script = (
        "import os, sys; from lykta.connectors.web.films import Room; from lykta.lib import sandbox\n"
        "room = Room.make(9000); sandbox.drop_powers(memory=10**9, open_files=50, may_start_processes=False)\n"
        "room.fill(b'x' * 9000); assert os.pread(room.reading, 9000, 0) == b'x' * 9000\n"
        "room.forget(); assert os.fstat(room.reading).st_blocks == 0; print('done')"
    )
    start = f"import sys; sys.path[:0] = {sys.path!r}\n{script}"
    done = subprocess.run([sys.executable, "-I", "-c", start], capture_output=True, check=False)
    assert done.stdout == b"done\n", done.stderr


@pytest.mark.parametrize(("seconds", "expected"), [(1, [0]), (3, [0, 1, 2]), (12, [0, 1, 2, 4, 5, 6, 8, 9, 11])])
def test_at_most_nine_small_stills_are_spread_over_a_film(tmp_path: Path, seconds: int, expected: list[int]) -> None:
    async def story(body: bytes) -> tuple[list[films.Still], str]:
        projector = Projector(longest=LONGEST)
        try:
            return await projector.stills(body, side=64)
        finally:
            projector.close()

    stills, problem = asyncio.run(story(film(tmp_path, "avi", seconds=seconds)))
    assert problem == ""
    assert {(one.width, one.height, len(one.brightness)) for one in stills} == {(64, 48, 64 * 48)}
    small = [np.asarray(Image.fromarray(still_of(second)).resize((64, 48)), np.int16) for second in range(seconds)]
    shown = [np.frombuffer(one.brightness, np.uint8).reshape(48, 64).astype(np.int16) for one in stills]
    assert [min(range(seconds), key=lambda at: int(np.abs(small[at] - one).sum())) for one in shown] == expected


@pytest.mark.parametrize("reason", ["", "ffmpeg is missing"])
def test_what_has_no_stills_says_why(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    monkeypatch.setattr(films, "missing", lambda: reason)

    async def story() -> tuple[list[films.Still], str]:
        projector = Projector(longest=LONGEST)
        try:
            return await projector.stills(b"no film", side=64)
        finally:
            projector.close()

    assert asyncio.run(story()) == ([], reason or "not a film that can be decoded")
