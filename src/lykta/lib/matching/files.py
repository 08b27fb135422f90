"""Files of numbers that are mapped into memory, and the few steps that make a change on disk whole or absent."""

import fcntl
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def mapped(path: Path, kind: str) -> NDArray[Any]:
    """All numbers of a file, read only; the processes that map it share one copy, and it outlives the file's name."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return np.frombuffer(b"", kind)
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with suppress(OSError):
            # Look-ups jump about, and large pages are found faster; not every kernel or file system has them.
            memory.madvise(mmap.MADV_HUGEPAGE)
        return np.frombuffer(memory, kind)


def write(handle: int, data: bytes | memoryview, *, at: int) -> None:
    """All of it, at a place."""
    rest = memoryview(data)
    while rest:
        done = os.pwrite(handle, rest, at)
        rest, at = rest[done:], at + done


def read(handle: int, length: int, *, at: int) -> bytes:
    """So many bytes from a place, or fewer if the file ends before."""
    pieces = []
    while length and (piece := os.pread(handle, length, at)):
        pieces.append(piece)
        length, at = length - len(piece), at + len(piece)
    return b"".join(pieces)


def keep(path: Path, data: bytes) -> None:
    """A new file, on disk before this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write(handle, data, at=0)
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """The file holds the old or the new, whatever happens meanwhile."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    keep(new, data)
    new.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """What is written to a file, or the names in a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all threads and processes; who is killed lets go."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def locked_if_free(path: Path) -> Iterator[bool]:
    """The same without waiting: False where another has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(handle)
