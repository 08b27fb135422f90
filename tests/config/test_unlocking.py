"""A locked worker waits for the key that fits, takes no other, and keeps it in memory alone."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.config.conftest import Given

from lykta.config import unlocking
from lykta.config.keys import write_secret
from lykta.core.refusals import NotNow
from lykta.lib import sealing

KEY = sealing.new_private_key()


@pytest.fixture
def path() -> Iterator[Path]:
    """A socket's path may have 107 bytes, which a folder of pytest's can exceed."""
    with tempfile.TemporaryDirectory(prefix="lykta-") as folder:
        yield Path(folder) / "run" / "unlock"


class Waiting:
    """A worker that waits, in a thread. Somebody has called it already, and gone away without a word."""

    def __init__(self, path: Path) -> None:
        self.key = b""
        self._path = path
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()
        while not _answers(path):
            self._thread.join(0.01)

    def _wait(self) -> None:
        self.key = unlocking.wait_for_key(self._path, public=sealing.public_key(KEY))

    def end(self) -> bytes:
        self._thread.join(5)
        return self.key


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as calling:
        return path.exists() and calling.connect_ex(str(path)) == 0


def test_the_key_is_handed_over_and_nothing_is_left_on_disk(path: Path) -> None:
    worker = Waiting(path)
    assert path.parent.stat().st_mode & 0o077 == 0
    unlocking.hand_over(path, KEY)
    assert worker.end() == KEY
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [b"", b"short", b"x" * 33, sealing.new_private_key()], ids=["none", "short", "long", "another"]
)
def test_what_does_not_fit_is_refused_and_the_worker_goes_on_waiting(path: Path, wrong: bytes) -> None:
    worker = Waiting(path)
    with pytest.raises(NotNow, match="did not take it"):
        unlocking.hand_over(path, wrong)
    unlocking.hand_over(path, KEY)
    assert worker.end() == KEY


def test_where_no_worker_waits_that_is_said(path: Path) -> None:
    with pytest.raises(NotNow, match="No worker waits"):
        unlocking.hand_over(path, KEY)


def test_in_a_small_hotline_the_key_comes_from_its_file(given: Given, lykta_home: Path) -> None:
    (lykta_home / "keys").mkdir()
    write_secret(lykta_home / "keys" / "hotline.key", KEY)
    assert unlocking.letter_key(given()) == KEY
