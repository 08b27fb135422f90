"""What is new is told from 16 bytes for each row, as a dictionary of all rows would tell it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib.hashlists.cells import Field
from lykta.lib.hashlists.checks import Rows
from lykta.records.matching.marks import Marks, Standing, Words, names_of, seals_of


def words(numbers: list[int]) -> Words:
    return np.array(numbers, np.uint64)


def one_row(**fields: bytes) -> Rows:
    """A row with these digests and texts."""
    widths = {Field.SHA256: 32, Field.SHA1: 20, Field.MD5: 16, Field.PDQ: 32}
    digests = {name: np.frombuffer(fields.get(name, bytes(width)), np.uint8)[None] for name, width in widths.items()}
    texts = {name: np.frombuffer(fields.get(name, b""), np.uint8)[None] for name in (Field.CATEGORY, Field.REFERENCE)}
    quality = np.frombuffer(fields.get("quality", b"\xff"), np.uint8)
    return Rows(np.array([1]), digests, quality, texts, np.zeros(1, np.bool_))


_BATCH = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 2)), max_size=15)


@given(_BATCH, st.lists(st.tuples(_BATCH, st.lists(st.integers(1, 12), max_size=3, unique=True)), max_size=4))
def test_marks_tell_what_a_dictionary_tells(
    held: list[tuple[int, int]], batches: list[tuple[list[tuple[int, int]], list[int]]]
) -> None:
    known = dict(held)
    named: set[int] = set()
    pairs = np.array([pair for item in known.items() for pair in item], ">u8")
    marks = Marks(iter([pairs[:4].tobytes(), pairs[4:].tobytes()]))
    for batch, dropped in batches:
        expected = []
        for name, seal in batch:
            if name not in known:
                expected.append((Standing.NEW, 0))
            elif known[name] == seal:
                expected.append((Standing.KEPT, 0))
            elif name in named:
                expected.append((Standing.CONTRADICTS, 0))
                continue
            else:
                expected.append((Standing.CHANGED, known[name]))
            known[name] = seal
            named.add(name)
        standing, before = marks.meet(words([name for name, _ in batch]), words([seal for _, seal in batch]))
        assert [
            (one, old if one == Standing.CHANGED else 0)
            for one, old in zip(standing.tolist(), before.tolist(), strict=True)
        ] == expected
        there, seals = marks.drop(words(dropped))
        assert dict(zip(words(dropped)[there].tolist(), seals[there].tolist(), strict=True)) == {
            name: known.pop(name) for name in dropped if name in known
        }
        named -= set(dropped)
    names, seals = marks.unseen()
    assert dict(zip(names.tolist(), seals.tolist(), strict=True)) == {n: s for n, s in known.items() if n not in named}


SHA256, MD5 = b"\x01" * 32, b"\x02" * 16


@pytest.mark.parametrize(
    "fields",
    [{"category": b"1"}, {"category": b"11"}, {"md5": MD5}, {"quality": b"\x05"}, {"pdq": SHA256}],
)
def test_what_a_row_says_is_sealed_and_does_not_name_it(fields: dict[str, bytes]) -> None:
    plain, other = one_row(sha256=SHA256), one_row(sha256=SHA256, **fields)
    assert names_of(plain, b"salt") == names_of(other, b"salt")
    assert seals_of(plain, b"salt") != seals_of(other, b"salt")


def test_a_row_is_named_by_their_number_or_by_its_strongest_hash() -> None:
    rows = [
        one_row(sha256=SHA256),
        one_row(pdq=SHA256),
        one_row(md5=MD5),
        one_row(md5=SHA256[:16]),
        one_row(sha256=SHA256, reference=b"a"),
        one_row(reference=b"b"),
    ]
    assert len({int(names_of(row, b"salt")[0]) for row in rows}) == len(rows)
    assert names_of(one_row(sha256=SHA256, md5=MD5), b"salt") == names_of(one_row(sha256=SHA256), b"salt")
    assert names_of(one_row(md5=MD5, reference=b"a"), b"salt") == names_of(one_row(reference=b"a"), b"salt")


def test_a_name_is_the_same_among_rows_that_have_numbers() -> None:
    rows = one_row(sha256=SHA256)
    wide = Rows(
        rows.lines, rows.digests, rows.quality, {**rows.texts, Field.REFERENCE: np.zeros((1, 9), np.uint8)}, rows.gone
    )
    assert names_of(rows, b"salt") == names_of(wide, b"salt")


def test_without_the_salt_nobody_knows_a_name() -> None:
    row = one_row(sha256=SHA256)
    assert names_of(row, b"one") != names_of(row, b"two")
    assert seals_of(row, b"one") != seals_of(row, b"two")
