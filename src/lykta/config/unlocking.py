"""The key that opens letters, in the worker's memory: from its file, or handed over by `lykta unlock` after a start."""

import logging
import socket
from pathlib import Path

from lykta.config.environment import Environment, home, secret
from lykta.core.refusals import NotNow
from lykta.lib import sealing

log = logging.getLogger(__name__)
_KEY_BYTES = 32
_PATIENCE = 5.0


def door() -> Path:
    """The socket at which a locked worker waits: in a folder that only its own user opens."""
    return home() / "run" / "unlock"


def letter_key(given: Environment) -> bytes:
    """The key. With `letter_key = "wrapped"` this waits until somebody unlocks it; letters wait too, and are safe."""
    if given.letter_key == "file":
        return secret("hotline.key")
    return wait_for_key(door(), public=secret("hotline.pub"))


def wait_for_key(path: Path, *, public: bytes) -> bytes:
    """The key that belongs to this public key, as soon as somebody hands it over. Anything else is refused."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        log.warning("the key that opens letters is locked, and letters wait: run `lykta unlock NAME`")
        try:
            while True:
                with listening.accept()[0] as caller:
                    if key := _fitting(caller, public):
                        log.info("unlocked")
                        return key
        finally:
            path.unlink(missing_ok=True)


def hand_over(path: Path, key: bytes) -> None:
    """Give the key to the worker that waits. Raises NotNow where none does, or it does not take the key."""
    try:
        with socket.socket(socket.AF_UNIX) as calling:
            calling.settimeout(_PATIENCE)
            calling.connect(str(path))
            calling.sendall(key)
            calling.shutdown(socket.SHUT_WR)
            taken = calling.recv(3)
    except OSError:
        raise NotNow("No worker waits for the key: it is unlocked already, or it does not run.") from None
    if taken != b"yes":
        raise NotNow("The worker did not take it: this key is not the one that letters are sealed to.")


def _fitting(caller: socket.socket, public: bytes) -> bytes:
    """The key that a caller hands over, if it fits; else nothing."""
    caller.settimeout(_PATIENCE)
    try:
        with caller.makefile("rb") as said:
            key = said.read(_KEY_BYTES + 1)
        fits = len(key) == _KEY_BYTES and sealing.public_key(key) == public
        caller.sendall(b"yes" if fits else b"no")
    except OSError:
        return b""
    return key if fits else b""
