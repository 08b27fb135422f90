"""Where a practice world listens, keeps its state, and how fast its hosts act."""

import random
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

HOME = "127.0.0.1"
REGISTRY = "127.40.0.1"
_PORTS = ("dns_port", "web_port", "rdap_port", "smtp_port", "page_port")


@dataclass(frozen=True, kw_only=True)
class PracticeSettings:
    """The settings of one practice world.

    `removal_seconds` pass between a notice and the removal: 0 at once, negative never. `latency_seconds` is added to
    every answer by name server, host and registry. `seed` chooses the patterns of the pictures. `partners_url` and
    `report_url` are the faces of Lykta that the world's page links to.
    """

    folder: Path
    dns_port: int
    web_port: int
    rdap_port: int
    smtp_port: int
    page_port: int
    removal_seconds: float = 20
    latency_seconds: float = 0.0
    seed: int = 7
    partners_url: str = ""
    report_url: str = ""

    @classmethod
    def on_free_ports(cls, folder: Path, **others: Any) -> Self:
        """Settings with ports that nobody uses at the moment, for tests and for several worlds side by side."""
        ports: dict[str, Any] = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
        return cls(folder=folder, **ports, **others)

    @property
    def page_url(self) -> str:
        """The address of the world's own page."""
        return f"http://{HOME}:{self.page_port}/"


def _free_ports(count: int) -> list[int]:
    """Below the range from which Linux takes ports for outgoing connections, so that none is taken meanwhile."""
    ports: list[int] = []
    with ExitStack() as held:
        while len(ports) < count:
            port = random.SystemRandom().randrange(15_000, 32_000)
            try:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    for address in (HOME, REGISTRY):
                        held.enter_context(socket.socket(type=kind)).bind((address, port))
            except OSError:
                continue
            ports.append(port)
    return ports
