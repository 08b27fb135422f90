"""A chain that cannot be altered unseen: every kind of tampering is found at its place."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.records.audit.chain import START, Content, Fault, first_fault, seal

KEY = b"k" * 32
Row = tuple[Content, str]


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    before: str = START
    for number in range(1, length + 1):
        content = Content(number=number, at="t", by="anna", word="case.seen", subject=f"case:{number}", facts="{}")
        before = seal(content, before=before, key=KEY)
        rows.append((content, before))
    return rows


def check(rows: list[Row], *, head: tuple[int, str] | None = None, noted: dict[int, str] | None = None) -> Fault | None:
    end = head or ((rows[-1][0].number, rows[-1][1]) if rows else (0, ""))
    return first_fault(rows, key=KEY, head=end, checkpoints=noted or {})


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_an_untouched_chain_holds(length: int) -> None:
    rows = chain(length)
    assert check(rows, noted={row[0].number: row[1] for row in rows}) is None


@pytest.mark.parametrize("field", ["at", "by", "word", "subject", "facts"])
def test_a_changed_field_is_found_at_its_entry(field: str) -> None:
    rows = chain(5)
    changes: dict[str, Any] = {field: "changed"}
    rows[2] = (replace(rows[2][0], **changes), rows[2][1])
    fault = check(rows)
    assert fault is not None
    assert fault.number == 3


def test_a_removed_entry_is_found() -> None:
    rows = chain(5)
    del rows[2]
    fault = check(rows)
    assert fault is not None
    assert fault.number == 3


def test_a_removed_entry_is_found_even_when_the_rest_is_renumbered() -> None:
    rows = chain(5)
    del rows[2]
    rows = [(replace(content, number=place), given) for place, (content, given) in enumerate(rows, 1)]
    fault = check(rows)
    assert fault is not None
    assert fault.number == 3


def test_swapped_entries_are_found() -> None:
    rows = chain(5)
    rows[1], rows[2] = rows[2], rows[1]
    assert check(rows) is not None


def test_an_added_entry_is_found() -> None:
    rows = chain(3)
    forged = Content(number=4, at="t", by="eve", word="case.seen", subject="case:4", facts="{}")
    assert check([*rows, (forged, seal(forged, before=rows[-1][1], key=b"x" * 32))]) is not None


def test_removed_newest_entries_are_found_by_the_head() -> None:
    rows = chain(5)
    fault = check(rows[:3], head=(5, rows[-1][1]))
    assert fault is not None
    assert "head says 5" in fault.what


def test_removed_newest_entries_with_their_head_are_found_by_the_checkpoints() -> None:
    rows = chain(5)
    fault = check(rows[:3], noted={5: rows[-1][1]})
    assert fault is not None
    assert "checkpoints know entry 5" in fault.what


def test_a_chain_written_anew_is_found_by_the_checkpoints() -> None:
    noted = {2: "0" * 64}
    fault = check(chain(3), noted=noted)
    assert fault is not None
    assert fault.number == 2


@given(seed=st.integers(), length=st.integers(2, 12))
def test_any_other_order_is_found(seed: int, length: int) -> None:
    rows = chain(length)
    shuffled = random.Random(seed).sample(rows, length)
    assert (check(shuffled, head=(length, rows[-1][1])) is None) is (shuffled == rows)
