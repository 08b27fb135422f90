"""A bag is made while it is sent; the Library of Congress's own program finds it valid, and any change to it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest

from lykta.lib import bags
from lykta.lib.bags import Bag

INFO = {"Source-Organization": "Test hotline", "External-Identifier": "2026-000001"}


def payload() -> Iterator[tuple[str, list[bytes]]]:
    yield "a.txt", [b"one ", b"two"]
    yield "files/å.bin", [bytes([number]) * 50_000 for number in range(4)]
    yield "empty.txt", []


def unpacked(folder: Path) -> Path:
    data = b"".join(bags.stream([Bag("case-1", payload(), INFO)], sign=lambda listed: b"signed " + listed))
    with zipfile.ZipFile(io.BytesIO(data)) as bag:
        assert bag.testzip() is None
        bag.extractall(folder)
    return folder / "case-1"


def test_a_bag_is_valid(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.info["External-Identifier"] == "2026-000001"
    assert bag.info["Payload-Oxum"] == "200007.3"
    assert (folder / "data" / "a.txt").read_bytes() == b"one two"


def test_what_is_signed_covers_all_of_it(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    listed = (folder / "tagmanifest-sha256.txt").read_bytes()
    assert (folder / "tagmanifest-sha256.txt.asc").read_bytes() == b"signed " + listed


@pytest.mark.parametrize("file", ["data/a.txt", "bag-info.txt", "manifest-sha256.txt"])
def test_a_change_is_found(tmp_path: Path, file: str) -> None:
    folder = unpacked(tmp_path)
    (folder / file).write_bytes((folder / file).read_bytes() + b"x")
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(folder)).validate()


def test_it_comes_in_pieces_as_it_is_made() -> None:
    seen: list[str] = []

    def slow() -> Iterator[tuple[str, Iterator[bytes]]]:
        def pieces() -> Iterator[bytes]:
            for name in ("first", "second"):
                seen.append(name)
                yield bytes(range(256)) * 1000

        yield "a.bin", pieces()

    stream = bags.stream([Bag("case-1", slow(), INFO)], sign=lambda _: b"")
    next(stream)
    assert seen == ["first"]
