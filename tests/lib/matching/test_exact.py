"""Exact look-up, whatever the digests: the judge is a dictionary."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.hashes import Hashes, uniform

from lykta.lib.matching import exact
from lykta.lib.matching.exact import MD5, SHA1, SHA256, ExactIndex

ROWS = [5, 6, 7, 2**40, -1]
pairs = st.lists(st.tuples(st.sampled_from(ROWS), st.integers(0, 29)), max_size=10)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), pairs),
        st.tuples(st.just("withdraw"), st.lists(st.sampled_from(ROWS), max_size=2)),
        st.tuples(st.just("rebuild"), pairs),
        st.tuples(st.just("open"), st.just([])),
    ),
    max_size=10,
)


def pool(width: int) -> Hashes:
    """A third evenly spread, a third with the same first 8 bytes, a third with nearly the same."""
    digests = uniform(30, seed=width, width=width)
    digests[10:20, :8] = digests[10, :8]
    digests[20:, :7] = 0
    return digests


@settings(max_examples=25, deadline=None)
@given(steps=steps, width=st.sampled_from([SHA256, SHA1, MD5]), run=st.sampled_from([3, 1 << 21]))
def test_after_any_steps_it_answers_as_a_dictionary_would(
    steps: list[tuple[str, list[Any]]], width: int, run: int
) -> None:
    digests = pool(width)
    held: set[tuple[int, int]] = set()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "RUN", run)
        index = other = ExactIndex.open(Path(folder), width=width)
        for verb, what in steps:
            batch = (
                (np.array([row for row, _ in what]), digests[[place for _, place in what]])
                if verb in {"add", "rebuild"} and what
                else None
            )
            if verb == "add" and batch:
                index.add(*batch)
                held |= set(what)
            elif verb == "withdraw":
                index.withdraw(np.array(what, np.int64))
                held = {pair for pair in held if pair[0] not in what}
            elif verb == "rebuild":
                index.rebuild([batch] if batch else [])
                held |= set(what)
            elif verb == "open":
                index = ExactIndex.open(Path(folder), width=width)
            for asked in (index, other):
                hits = asked.find_many(digests)
                assert list(zip(hits.queries.tolist(), hits.rows.tolist(), strict=True)) == sorted(
                    (place, row) for row, place in held
                )


def test_many_runs_are_merged_in_order_and_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "RUN", 100)
    index = ExactIndex.open(tmp_path)
    digests = uniform(2500, seed=1)
    index.rebuild((np.arange(start, start + 50), digests[start : start + 50]) for start in range(0, 2000, 50))
    index.rebuild([(np.arange(2000, 2500), digests[2000:])])
    heads = index.view().generation.heads
    assert len(heads) == 2500
    assert (heads[1:] >= heads[:-1]).all()
    assert index.find_many(digests).rows.tolist() == list(range(2500))
    assert len(index.find_many(uniform(500, seed=2)).rows) == 0
    assert sorted(path.name for path in (tmp_path / "generation-2").iterdir()) == [
        "about.json",
        "heads",
        "journal",
        "rests",
        "rows",
    ]


def test_a_digest_on_several_lists_has_several_rows_each_told_once(tmp_path: Path) -> None:
    index = ExactIndex.open(tmp_path, width=MD5)
    [digest] = digests = uniform(1, seed=1, width=MD5)
    index.rebuild([(np.array([7, 3, 3]), digests.repeat(3, axis=0))])
    index.add(np.array([5, 3]), digests.repeat(2, axis=0))
    assert index.find(digest.tobytes()) == [3, 5, 7]
    index.withdraw(np.array([3]))
    assert index.find(digest.tobytes()) == [5, 7]


def test_nothing_is_found_in_an_empty_one_and_another_length_is_refused(tmp_path: Path) -> None:
    index = ExactIndex.open(tmp_path, width=SHA1)
    assert index.find(bytes(SHA1)) == []
    with pytest.raises(ValueError, match="reshape"):
        index.find(bytes(SHA256))
    with pytest.raises(ValueError, match="is not an index of"):
        ExactIndex.open(tmp_path, width=SHA256)


def test_a_sha_256_with_its_row_takes_40_bytes(tmp_path: Path) -> None:
    index = ExactIndex.open(tmp_path)
    index.rebuild([(np.arange(1000), uniform(1000, seed=1))])
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "generation-1").iterdir()}
    assert sizes.pop("about.json") < 100
    assert sum(sizes.values()) == 40_000
