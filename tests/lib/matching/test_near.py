"""The index as its callers see it: what was added is found, what was withdrawn is not, before and after a rebuild."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.hashes import clustered, pairs_within, turned, uniform

from lykta.lib.matching import near
from lykta.lib.matching.filing import Layout
from lykta.lib.matching.near import FAR, NearIndex

POOL = np.concatenate([clustered(40, seed=1), uniform(20, seed=2)])
QUERIES = np.concatenate([turned(POOL, np.arange(60) % 34, seed=3), POOL[:20]])
ROWS = [5, 6, 7, 2**32, -1, 2**62]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.tuples(st.sampled_from(ROWS), st.integers(0, 59)), max_size=8)),
        st.tuples(st.just("withdraw"), st.lists(st.sampled_from(ROWS), max_size=3)),
        st.tuples(st.just("rebuild"), st.lists(st.tuples(st.sampled_from(ROWS), st.integers(0, 59)), max_size=8)),
        st.tuples(st.just("open"), st.just([])),
    ),
    max_size=12,
)


def answers(held: list[tuple[int, int]], distance: int) -> dict[tuple[int, int], int]:
    """(query, row) → the least distance, by the plain scan."""
    found: dict[tuple[int, int], int] = {}
    hashes = POOL[[place for _, place in held]]
    for query, number, bits in pairs_within(QUERIES, hashes, distance):
        pair = (query, held[number][0])
        found[pair] = min(bits, found.get(pair, bits))
    return found


def batch(
    pairs: list[tuple[int, int]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.uint8]]]:
    return np.array([row for row, _ in pairs], np.int64), POOL[np.array([place for _, place in pairs], np.int64)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, distance=st.sampled_from([0, 7, FAR]))
def test_after_any_steps_it_answers_as_a_plain_scan_would(
    small_layout: None, steps: list[tuple[str, list[Any]]], distance: int
) -> None:
    held: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        index = other = NearIndex.open(Path(folder))
        for verb, what in steps:
            if verb == "add":
                index.add(*batch(what))
                held += what
            elif verb == "withdraw":
                index.withdraw(np.array(what, np.int64))
                held = [pair for pair in held if pair[0] not in what]
            elif verb == "rebuild":
                index.rebuild([batch(what)])
                held += what
            else:
                index = NearIndex.open(Path(folder))
            truth = answers(held, distance)
            for asked in (index, other):
                hits = asked.find_many(QUERIES, distance)
                found = list(zip(hits.queries.tolist(), hits.rows.tolist(), hits.distances.tolist(), strict=True))
                assert found == sorted((*pair, bits) for pair, bits in truth.items())
            one = index.find(QUERIES[3].tobytes(), distance)
            assert one == sorted(
                ((row, bits) for (query, row), bits in truth.items() if query == 3), key=lambda hit: (hit[1], hit[0])
            )


def test_an_empty_index_finds_nothing_and_one_hash_is_found_after_a_rebuild(index: NearIndex) -> None:
    """A peer's index with just one hash found nothing once it was stored."""
    assert index.find(bytes(32)) == []
    assert len(index.find_many(uniform(0, seed=1)).rows) == 0
    index.rebuild([(np.array([9]), uniform(1, seed=1))])
    assert index.find(uniform(1, seed=1).tobytes()) == [(9, 0)]
    index.add(np.array([10]), turned(uniform(1, seed=1), np.array([31]), seed=2))
    assert index.find(uniform(1, seed=1).tobytes()) == [(9, 0), (10, 31)]


def test_a_row_with_several_hashes_is_told_once_with_its_nearest(index: NearIndex) -> None:
    base = uniform(1, seed=1)
    index.add(np.array([1, 1, 1]), np.concatenate([turned(base, np.array([bits]), seed=bits) for bits in (20, 3, 9)]))
    assert index.find(base.tobytes()) == [(1, 3)]
    assert index.find_many(base).distances.tolist() == [3]


def test_a_withdrawn_row_that_comes_again_is_found_by_its_new_hash_only(index: NearIndex) -> None:
    old, new = uniform(1, seed=1), uniform(1, seed=2)
    index.rebuild([(np.array([1]), old)])
    index.withdraw(np.array([1]))
    index.add(np.array([1]), new)
    for _ in range(2):
        assert index.find(old.tobytes()) == []
        assert index.find(new.tobytes()) == [(1, 0)]
        index.rebuild()


@pytest.mark.parametrize("distance", [-1, FAR + 1])
def test_a_distance_that_is_not_guaranteed_is_refused(index: NearIndex, distance: int) -> None:
    with pytest.raises(ValueError, match="31"):
        index.find(bytes(32), distance)


@pytest.mark.parametrize("shape", [(2, 32), (1, 31), (32,)])
def test_hashes_that_do_not_fit_the_rows_are_refused(index: NearIndex, shape: tuple[int, ...]) -> None:
    wrong = (np.array([1]), np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match="1 rows need"):
        index.add(*wrong)
    with pytest.raises(ValueError, match="1 rows need"):
        index.rebuild([wrong])
    with pytest.raises(ValueError, match="reshape"):
        index.find(bytes(31))
    assert index.find(bytes(32)) == []
    index.rebuild()


def test_small_row_numbers_take_half_the_room(tmp_path: Path, small_layout: None) -> None:
    sizes = []
    for row in (2**32 - 1, 2**32, -1):
        index = NearIndex.open(tmp_path / str(row))
        index.rebuild([(np.array([row]), uniform(1, seed=1))])
        sizes.append((tmp_path / str(row) / "generation-1" / "rows").stat().st_size)
        assert index.find(uniform(1, seed=1).tobytes()) == [(row, 0)]
    assert sizes == [4, 8, 8]


def test_small_row_numbers_may_be_followed_by_great_ones(index: NearIndex) -> None:
    hashes = uniform(30, seed=1)
    rows = np.array([*range(10), *range(2**40, 2**40 + 10), *range(20, 30)])
    index.rebuild([(rows[start : start + 10], hashes[start : start + 10]) for start in (0, 10, 20)])
    assert index.find_many(hashes).rows.tolist() == rows.tolist()


def test_a_generation_is_copied_in_pieces(index: NearIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "PIECE", 7)
    hashes = uniform(50, seed=1)
    index.rebuild([(np.arange(50), hashes)])
    index.withdraw(np.arange(0, 50, 2))
    index.rebuild()
    hits = index.find_many(hashes)
    assert hits.rows.tolist() == hits.queries.tolist() == list(range(1, 50, 2))


def test_one_that_was_filed_otherwise_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = uniform(30, seed=1)
    for layout in (Layout(0, 0), Layout(12, 7), Layout(16, 6)):
        monkeypatch.setattr(near, "LAYOUTS", ((1 << 32, layout),))
        index = NearIndex.open(tmp_path)
        assert len(index.find_many(hashes).rows) in {0, 30}
        index.rebuild([] if len(index.find_many(hashes).rows) else [(np.arange(30), hashes)])
        assert NearIndex.open(tmp_path).find_many(hashes).rows.tolist() == list(range(30))
        assert NearIndex.open(tmp_path).view().generation.layout == layout
