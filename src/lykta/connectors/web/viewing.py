"""The way from the desk to a process that shows one picture: a Unix socket that the worker opens.

The worker accepts and hands the connection itself to a fresh `viewer`, as its standard input and output; it reads
nothing of what passes. Who may open the socket is said by its folder.
"""

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from lykta.connectors.contract import ConnectorError, Final, Medium, Shown, Transient, View
from lykta.connectors.web.facts import read_telling
from lykta.connectors.web.reduced import LONGEST_SIDE
from lykta.lib import sandbox

VIEWER = "lykta.connectors.web.viewer"
AT_ONCE = 4
SECONDS = 90.0
"""Wall-clock bound for one look: the fetch, and a film in its decoder."""
LONGEST_ANSWER = 4 * LONGEST_SIDE**2
_LONGEST_LINE = 2_000
_PIECE = 16_384
_BROKEN = "The look was broken off. Begin it again."


class Porter:
    """Starts a viewer for each connection. `settings` are those of the fetcher, as `WebLooker` has them."""

    def __init__(self, path: Path, settings: str) -> None:
        """Raises OSError where no socket can be made."""
        self._path = path
        self._command = sandbox.python_command(VIEWER, settings)
        self._places = threading.Semaphore(AT_ONCE)
        self._viewers: set[subprocess.Popen[bytes]] = set()
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # of a worker that was killed
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._accept, name="porter", daemon=True)
        self._thread.start()

    def viewers(self) -> list[int]:
        """The numbers of the processes that show something now."""
        return [viewer.pid for viewer in list(self._viewers)]

    def close(self) -> None:
        """Let nobody in any more, and end the looks."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)
        self._thread.join()
        for viewer in list(self._viewers):
            viewer.kill()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._show, args=(connection,), name="look", daemon=True).start()

    def _show(self, connection: socket.socket) -> None:
        with self._places, connection:
            viewer = subprocess.Popen(
                self._command,
                stdin=connection.fileno(),
                stdout=connection.fileno(),
                stderr=subprocess.DEVNULL,  # what goes wrong may quote an address
                env=sandbox.bare_environment(),
                cwd="/",
            )
            self._viewers.add(viewer)
            connection.close()  # so that the desk sees the end when the viewer ends
            try:
                viewer.wait(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                viewer.kill()
                viewer.wait()
            finally:
                self._viewers.discard(viewer)


@dataclass(frozen=True, slots=True)
class SocketViewer:
    """A `Viewer` that asks through the worker's socket."""

    path: Path

    def show(self, view: View) -> Shown:
        """Raises Transient where no worker runs or the look was broken off, Final where nothing can be shown."""
        try:
            answer = self._ask(view)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise Transient("The worker does not run, so nothing can be shown now.") from error
        except OSError as error:
            raise Transient(_BROKEN) from error
        try:
            length, medium = _about(answer, view.address)
        except ConnectorError:
            answer.close()
            raise
        return Shown(length=length, pieces=_pieces(answer, length), medium=medium)

    def _ask(self, view: View) -> IO[bytes]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS)
            connection.connect(str(self.path))
            connection.sendall(json.dumps(asdict(view)).encode() + b"\n")
            return connection.makefile("rb")  # which keeps it open


def _about(answer: IO[bytes], address: str) -> tuple[int, Medium]:
    """How many bytes of picture follow, and what it was made of.

    Raises Final with the viewer's reason, Transient for nonsense and silence.
    """
    try:
        given = json.loads(answer.readline(_LONGEST_LINE))
        problem, length = str(given["problem"])[:300], int(given["length"])
        medium = read_telling(given["facts"], address=address)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Transient(_BROKEN) from error
    if problem:
        raise Final(problem)
    if not 0 < length <= LONGEST_ANSWER:
        raise Transient(_BROKEN)
    return length, medium


def _pieces(answer: IO[bytes], length: int) -> Iterator[bytes]:
    """Raises Transient when the picture ends too early."""
    with answer:
        while length:
            piece = answer.read(min(length, _PIECE))
            if not piece:
                raise Transient(_BROKEN)
            length -= len(piece)
            yield piece
