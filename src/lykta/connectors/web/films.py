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
LONGEST_SIDE = 1920
"""Pixels; larger frames are made smaller by ffmpeg."""
CONTAINERS = "mov,matroska,avi,flv,asf,mpeg,mpegts"
"""ffmpeg's names of the formats that it may read; others, such as playlists, name further files to open."""

JAILED = ("--proc", "/proc", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives")
"""What ffmpeg needs in its jail beside programs: a name for its standard input, and where Debian keeps libraries."""

_HEADER = re.compile(rb"P5\n(\d{1,4}) (\d{1,4})\n255\n")
_PICK = "select='isnan(prev_selected_t)+gte(floor(t),floor(prev_selected_t)+1)'"
_SHRINK = f"scale=w='min(iw,{LONGEST_SIDE})':h='min(ih,{LONGEST_SIDE})':force_original_aspect_ratio=decrease"


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
        room = await self._free.get()
        try:
            room.fill(film[: self._longest])
            return await _project(room, min(len(film), self._longest), handover)
        finally:
            room.forget()
            self._free.put_nowait(room)

    def close(self) -> None:
        for room in self._rooms:
            room.close()


async def _project(room: Room, length: int, handover: Handover) -> tuple[tuple[Frame, ...], str]:
    process = await asyncio.create_subprocess_exec(
        *_command(length), stdin=room.reading, stdout=PIPE, stderr=DEVNULL, env=sandbox.bare_environment(), cwd="/"
    )
    frames: list[Frame] = []
    problem = ""
    try:
        async with asyncio.timeout(SECONDS):
            await _collect(process, frames, handover)
    except TimeoutError:
        problem = "the film kept its decoder busy for too long"
    except (ValueError, asyncio.IncompleteReadError):
        problem = "the film made its decoder fail"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    if not frames and not problem:
        problem = "no frames: not a film that can be decoded"
    return tuple(frames), problem


async def _collect(process: Process, frames: list[Frame], handover: Handover) -> None:
    """Raises ValueError for what is not a row of grey pictures."""
    if process.stdout is None:
        raise ValueError("no pipe")
    while len(frames) < MOST_FRAMES and (first := await process.stdout.readline()):
        header = _HEADER.fullmatch(first + await process.stdout.readline() + await process.stdout.readline())
        if header is None:
            raise ValueError("not a picture")
        width, height = int(header[1]), int(header[2])
        if max(width, height) > LONGEST_SIDE:
            raise ValueError("a frame that is larger than was asked for")
        brightness = await process.stdout.readexactly(width * height)
        picture = await handover.read_frame(brightness, width=width, height=height)
        if picture.hashes:
            frames.append(Frame(number=len(frames), pdq=picture.hashes[0], quality=picture.quality))


def _command(length: int) -> list[str]:
    """A jailed ffmpeg with bounds, that reads its standard input and writes a grey picture (PGM) for each second."""
    bounds = ["prlimit", f"--cpu={CPU_SECONDS}", f"--as={MEMORY}", "--core=0"]
    film = ["-protocol_whitelist", "file,subfile", "-format_whitelist", CONTAINERS]
    film += ["-i", f"subfile,,start,0,end,{length},,:/proc/self/fd/0"]
    # As vPDQ: not turned upright; the dihedral hashes of pictures find what was turned.
    ffmpeg = ["ffmpeg", "-v", "quiet", "-nostdin", "-threads", "1", "-noautorotate", *film, "-an", "-sn", "-dn"]
    frames = ["-vf", f"{_PICK},{_SHRINK}", "-fps_mode", "passthrough", "-frames:v", str(MOST_FRAMES)]
    pictures = ["-threads", "1", "-pix_fmt", "gray", "-f", "image2pipe", "-c:v", "pgm", "pipe:1"]
    return [*sandbox.jail(*JAILED), *bounds, *ffmpeg, *frames, *pictures]
