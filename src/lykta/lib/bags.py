"""Bags (BagIt, RFC 8493) as a zip that is made while it is sent: nothing of it lies on a disk or whole in memory.

A bag is a folder with `data/`, a list of the SHA-256 digests of what is in it, and a list of the digests of the lists.
Whoever has the latter, signed, has all of it.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

Content = Iterable[bytes]
Sign = Callable[[bytes], bytes]
"""Makes a detached signature over bytes."""


@dataclass(slots=True)
class _Pipe:
    """What a zip is written to: it keeps what came since it was last emptied, and cannot go back."""

    waiting: list[bytes] = field(default_factory=list)

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag: the folder that it is in, paths below `data/`, each once, with their content, and what `info` says."""

    name: str
    payload: Iterable[tuple[str, Content]]
    info: dict[str, str]


def stream(bags: Iterable[Bag], *, sign: Sign) -> Iterator[bytes]:
    """The zip of these bags, piece by piece; each is asked for when the one before it is whole.

    `tagmanifest-sha256.txt.asc` is the signature over the list of lists, and so over all of a bag.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:  # type: ignore[call-overload] # it cannot tell where it is
        for bag in bags:
            yield from _write(file, pipe, bag, sign)
    yield pipe.taken()


def _write(out: zipfile.ZipFile, pipe: _Pipe, bag: Bag, sign: Sign) -> Iterator[bytes]:
    manifest, octets, count = [], 0, 0
    for path, content in bag.payload:
        digest = hashlib.sha256()
        with out.open(f"{bag.name}/data/{path}", "w") as file:
            for piece in content:
                digest.update(piece)
                octets += file.write(piece)
                yield pipe.taken()
        count += 1
        manifest.append(f"{digest.hexdigest()}  data/{path}")
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{k}: {v}\n" for k, v in {**bag.info, "Payload-Oxum": f"{octets}.{count}"}.items()),
        "manifest-sha256.txt": "".join(f"{line}\n" for line in manifest),
    }
    listed = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {file}\n" for file, text in tags.items())
    tags["tagmanifest-sha256.txt"] = listed
    for name, text in tags.items():
        out.writestr(f"{bag.name}/{name}", text)
    out.writestr(f"{bag.name}/tagmanifest-sha256.txt.asc", sign(listed.encode()))
    yield pipe.taken()
