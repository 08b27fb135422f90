"""Takes one picture a second from a film, in memory, as vPDQ does. Runs in the fetcher; a jailed ffmpeg decodes.

The film lies in a memory file (`memfd_create`) that has no name and no disk: a pipe would not do, since many films keep
their table of contents at the end. The fetcher may write to no file, so the memory files are made before it gives that
up, as long as the longest film; it then fills them as memory. ffmpeg gets one of them as its standard input, read-only,
and has no network, no other file, one processor and bounded memory. Its frames go to the decoder one by one.
"""

import asyncio
import fcntl
import mmap
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Self

from lykta.connectors.contract import Frame
from lykta.connectors.web.handover import Handover
from lykta.lib import sandbox

ROOMS = 2
"""Films that are decoded at the same time."""
SECONDS = 30.0
"""Wall-clock bound for one film."""
CPU_SECONDS = 20
MEMORY = 1024**3
MOST_FRAMES = 300
"""Five minutes; what is later in a film is rarely what it is known by, and the bound on bytes cuts most before that."""
STILLS = 9
NOT_A_FILM = "not a film that can be decoded"
LONGEST_SIDE = 1920
"""Pixels; larger frames are made smaller by ffmpeg."""
CONTAINERS = "mov,matroska,avi,flv,asf,mpeg,mpegts"
"""ffmpeg's names of the formats that it may read; others, such as playlists, name further files to open."""

JAILED = ("--proc", "/proc", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives")
"""What ffmpeg needs in its jail beside programs: a name for its standard input, and where Debian keeps libraries."""

_HEADER = re.compile(rb"P5\n(\d{1,4}) (\d{1,4})\n255\n")
_PICK = "select='isnan(prev_selected_t)+gte(floor(t),floor(prev_selected_t)+1)'"
_SHRINK = "scale=w='min(iw,{side})':h='min(ih,{side})':force_original_aspect_ratio=decrease"


@dataclass(frozen=True, slots=True)
class Room:
    """A memory file for one film: mapped to be filled, and open to be read."""

    memory: mmap.mmap
    reading: int

    @classmethod
    def make(cls, size: int) -> Self:
        """Raises OSError where the machine has no memory files."""
        number = os.memfd_create("film", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(number, size)
            fcntl.fcntl(number, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
            # Opened anew, since what is handed to ffmpeg must not be writable.
            return cls(mmap.mmap(number, size), os.open(f"/proc/self/fd/{number}", os.O_RDONLY | os.O_CLOEXEC))
        finally:
            os.close(number)

    def fill(self, film: bytes) -> None:
        self.memory[: len(film)] = film

    def forget(self) -> None:
        """Give the memory back, and with it every byte."""
        self.memory.madvise(mmap.MADV_REMOVE)

    def close(self) -> None:
        self.memory.close()
        os.close(self.reading)


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of a film, as bytes of brightness, row by row."""

    width: int
    height: int
    brightness: bytes


Take = Callable[[Still], Awaitable[None]]
"""What is done with each still as it comes."""


@cache
def missing() -> str:
    """Which program is missing for films to be decoded, "" if none is."""
    if shutil.which("ffmpeg") is None:
        return "ffmpeg is missing"
    return "" if sandbox.jail(*JAILED) else "bubblewrap is missing, or does not work here"


class Projector:
    """Shows films of up to `longest` bytes to the decoder. Make it before the process gives up its powers."""

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._rooms = [Room.make(longest) for _ in range(ROOMS)]
        self._free: asyncio.Queue[Room] = asyncio.Queue()
        for room in self._rooms:
            self._free.put_nowait(room)

    async def show(self, film: bytes, handover: Handover) -> tuple[tuple[Frame, ...], str]:
        """The frames of a film or of its beginning, and in words why there are none or not all of them."""
        if missing():
            return (), f"no frames: {missing()}"
        frames: list[Frame] = []

        async def fingerprint(still: Still) -> None:
            picture = await handover.read_frame(still.brightness, width=still.width, height=still.height)
            if picture.hashes:
                frames.append(Frame(number=len(frames), pdq=picture.hashes[0], quality=picture.quality))

        problem = await self._play(film, fingerprint)
        return tuple(frames), problem if frames or problem else f"no frames: {NOT_A_FILM}"

    async def _play(self, film: bytes, take: Take, *, side: int = LONGEST_SIDE) -> str:
        room = await self._free.get()
        try:
            room.fill(film[: self._longest])
            return await _project(_command(min(len(film), self._longest), side), room, take)
        finally:
            room.forget()
            self._free.put_nowait(room)

    async def stills(self, film: bytes, *, side: int) -> tuple[list[Still], str]:
        """At most nine grey pictures of at most `side` pixels, spread over the film; in words why there are none."""
        if missing():
            return [], missing()
        found: list[Still] = []

        async def keep(still: Still) -> None:
            found.append(still)

        problem = await self._play(film, keep, side=side)
        several = min(STILLS, len(found))
        picked = [found[number * (len(found) - 1) // max(several - 1, 1)] for number in range(several)]
        return picked, "" if picked else problem or NOT_A_FILM

    def close(self) -> None:
        for room in self._rooms:
            room.close()


async def _project(command: list[str], room: Room, take: Take) -> str:
    """Play what lies in the room; in words what went wrong, "" for nothing."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=room.reading, stdout=PIPE, stderr=DEVNULL, env=sandbox.bare_environment(), cwd="/"
    )
    try:
        async with asyncio.timeout(SECONDS):
            await _collect(process, take)
    except TimeoutError:
        return "the film kept its decoder busy for too long"
    except (ValueError, asyncio.IncompleteReadError):
        return "the film made its decoder fail"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return ""


async def _collect(process: Process, take: Take) -> None:
    """Raises ValueError for what is not a row of grey pictures."""
    if process.stdout is None:
        raise ValueError("no pipe")
    count = 0
    while count < MOST_FRAMES and (first := await process.stdout.readline()):
        header = _HEADER.fullmatch(first + await process.stdout.readline() + await process.stdout.readline())
        if header is None:
            raise ValueError("not a picture")
        width, height = int(header[1]), int(header[2])
        if max(width, height) > LONGEST_SIDE:
            raise ValueError("a frame that is larger than was asked for")
        await take(Still(width, height, await process.stdout.readexactly(width * height)))
        count += 1


def _command(length: int, side: int = LONGEST_SIDE) -> list[str]:
    """A jailed ffmpeg with bounds, that reads its standard input and writes a grey picture (PGM) for each second."""
    bounds = ["prlimit", f"--cpu={CPU_SECONDS}", f"--as={MEMORY}", "--core=0"]
    film = ["-protocol_whitelist", "file,subfile", "-format_whitelist", CONTAINERS]
    film += ["-i", f"subfile,,start,0,end,{length},,:/proc/self/fd/0"]
    # As vPDQ: not turned upright; the dihedral hashes of pictures find what was turned.
    ffmpeg = ["ffmpeg", "-v", "quiet", "-nostdin", "-threads", "1", "-noautorotate", *film, "-an", "-sn", "-dn"]
    frames = ["-vf", f"{_PICK},{_SHRINK.format(side=side)}", "-fps_mode", "passthrough", "-frames:v", str(MOST_FRAMES)]
    pictures = ["-threads", "1", "-pix_fmt", "gray", "-f", "image2pipe", "-c:v", "pgm", "pipe:1"]
    return [*sandbox.jail(*JAILED), *bounds, *ffmpeg, *frames, *pictures]
