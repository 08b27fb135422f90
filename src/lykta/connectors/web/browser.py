"""Renders a page that needs a browser: Debian's Chromium with its own sandbox, inside bubblewrap, for one page.

The jail has no network: `browser_inside` hands out the one socket behind which `browser_proxy` stands. Its files are
read-only but for a folder in memory, which ends with it. No picture, film or font is fetched: their addresses are
noted and the request fails, so a page is understood without a byte of what it shows. Nothing is downloaded, no picture
is made of the page.
"""

import asyncio
import os
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lykta.connectors.web.browser_page import Page
from lykta.connectors.web.browser_proxy import Dial, FilteringProxy
from lykta.connectors.web.browser_wire import LONGEST_MESSAGE, Wire, WireError
from lykta.lib import sandbox
from lykta.lib.outbound import Hop, NoAnswer, Refused, normal

PROGRAM = Path("/usr/lib/chromium/chromium")
"""Debian's. The script of that name on the PATH reads more settings from files; this program reads its flags."""

MEMORY = 1_200_000_000
"""Bytes that all processes of one browser may hold; with an empty page they hold 200 MB. No limit of the kernel's fits,
since each process reserves far more than it uses.
"""
FOLDER_BYTES = 256 * 1024 * 1024
MOST_BYTES = 30_000_000
"""Bytes that one page may fetch, as sent: scripts, styles and data, since pictures and films are not fetched."""
LOAD_SECONDS = 10.0
"""How long a page may load before it is read as it is."""
QUIET_SECONDS = 0.6
SETTLE_SECONDS = 4.0
"""How long a page that goes on asking is waited for, once it has loaded."""

WALLS = (
    *("--proc", "/proc", "--dev", "/dev", "--size", str(FOLDER_BYTES), "--tmpfs", "/tmp"),  # noqa: S108 — the jail's
    *("--ro-bind-try", "/etc/fonts", "/etc/fonts", "--setenv", "HOME", "/tmp"),  # noqa: S108
)

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--user-data-dir=/tmp/profile",
    "--proxy-server=http://127.0.0.1:{port}",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-remote-fonts",
    "--block-new-web-contents",
    "--deny-permission-prompts",
    "--ignore-certificate-errors",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    # One page, no log-in, nothing to keep apart: all its frames in one process, which is watched in one session.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades,Prerender2,MediaRouter,Translate",
    # Without machine code made at run time, most attacks on the browser's engine have nothing to hold on to.
    "--js-flags=--jitless --max-old-space-size=512",
    "about:blank",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as its scripts have built it. `html` never leaves the sandbox.

    `media` holds the addresses of pictures and films that it wanted to show, `hosts` the hosts that it asked, sorted;
    `calls_refused` counts what the browser tried to send on its own account.
    """

    hops: tuple[Hop, ...]
    address: str
    html: str
    media: tuple[str, ...]
    hosts: tuple[str, ...]
    calls_refused: int


def works() -> bool:
    """Whether this machine can render: Debian's Chromium is there, and bubblewrap can hold it."""
    return PROGRAM.exists() and bool(sandbox.jail(*WALLS))


async def render(address: str, *, dial: Dial, seconds: float, user_agent: str = "") -> Rendered:
    """Open an address in a fresh browser. `user_agent` replaces the browser's own. Raises OutboundError.

    `dial` connects through the guard and gives the socket with the IP that it leads to.
    """
    address = normal(address)
    proxy = FilteringProxy(dial, MOST_BYTES)
    page = Page(proxy)
    try:
        async with asyncio.timeout(seconds), _browser(proxy) as wire:
            html = await _read(address, page, wire, user_agent)
    except TimeoutError as error:
        raise NoAnswer(f"no page within {seconds:g} seconds", tuple(page.hops)) from error
    except (WireError, OSError) as error:
        fault = proxy.fault(page.wanted or address) or NoAnswer(str(error))
        raise type(fault)(fault.reason, tuple(page.hops)) from error
    return Rendered(
        hops=tuple(page.hops),
        address=page.hops[-1].address,
        html=html,
        media=tuple(page.media),
        hosts=tuple(sorted(page.hosts)),
        calls_refused=proxy.calls_refused,
    )


async def _read(address: str, page: Page, wire: Wire, user_agent: str) -> str:
    await page.open(wire, address, user_agent)
    with suppress(TimeoutError):
        async with asyncio.timeout(LOAD_SECONDS):
            await page.loaded.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_SECONDS):
            await page.quiet(QUIET_SECONDS)
    if page.refusal:
        raise Refused(page.refusal, tuple(page.hops))
    if not page.hops:
        raise WireError("nothing came")
    return await page.html(wire)


@asynccontextmanager
async def _browser(proxy: FilteringProxy) -> AsyncIterator[Wire]:
    """A browser whose way out is the proxy; it has ended, with all that it held, when this is left."""
    outside, inside = socket.socketpair()
    with outside:
        with inside:
            process = await _start(inside.fileno())
        server: asyncio.Server | None = None
        watching = asyncio.create_task(_watch(process))
        wire = Wire(*_pipes(process))
        try:
            server = await proxy.listen(await asyncio.to_thread(_receive, outside))
            yield wire
        finally:
            watching.cancel()
            with suppress(ProcessLookupError):
                process.kill()
            await asyncio.gather(wire.close(), process.wait(), watching, return_exceptions=True)
            if server:
                server.close()
            await proxy.close()


async def _start(door: int) -> Process:
    inside = sandbox.python_command("lykta.connectors.web.browser_inside", str(door), str(PROGRAM), *FLAGS)
    return await asyncio.create_subprocess_exec(
        *sandbox.jail(*WALLS),
        *inside,
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=sandbox.bare_environment(),
        cwd="/",
        pass_fds=[door],
        limit=LONGEST_MESSAGE,
    )


def _pipes(process: Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if process.stdin is None or process.stdout is None:
        raise WireError("the browser has no pipes")
    return process.stdout, process.stdin


def _receive(outside: socket.socket) -> socket.socket:
    outside.settimeout(10)
    _, sockets, _, _ = socket.recv_fds(outside, 16, 1)
    if not sockets:
        raise WireError("the jail did not start")
    return socket.socket(fileno=sockets[0])


async def _watch(process: Process) -> None:
    """End a browser that holds more memory than it may."""
    while process.returncode is None:
        if sum(_held(number) for number in _family(process.pid)) > MEMORY:
            process.kill()
        await asyncio.sleep(0.25)


def _family(number: int) -> list[int]:
    with suppress(OSError):
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
        return [number, *(one for child in children for one in _family(int(child)))]
    return []


def _held(number: int) -> int:
    """Bytes of memory that are a process's own; what many share, such as the program itself, is not counted."""
    with suppress(OSError, ValueError):
        resident, shared = Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1:3]
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return 0
