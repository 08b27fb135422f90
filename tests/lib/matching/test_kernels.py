"""No hash within the distance is missed and none beyond it told, whatever the hashes; the plain scan is the judge."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.hashes import Hashes, clustered, pairs_within, turned, uniform

from lykta.lib.matching import kernels, near
from lykta.lib.matching.filing import Layout
from lykta.lib.matching.near import FAR, LAYOUTS, _flips, _words

SMALL = (Layout(11, 8), Layout(12, 7), Layout(16, 6), Layout(11, 11))
FILED = [layout for _, layout in LAYOUTS if layout.chunks]


def filed_under(hashes: Hashes, layout: Layout) -> kernels.Filed:
    chunks, bits = layout
    filled, ranks = np.empty((chunks, 2**bits // 64), np.uint64), np.empty((chunks, 2**bits // 64), np.uint32)
    starts, places = [np.empty(0, np.uint32)], np.empty((chunks, len(hashes)), np.uint32)
    for chunk in range(chunks):
        pairs, room = np.empty(len(hashes), np.uint64), np.empty(len(hashes) + 1, np.uint32)
        ends = kernels.begins(_words(hashes), chunk, (*layout, FAR))
        kernels.part(_words(hashes), chunk, (*layout, FAR), ends, pairs)
        kept = kernels.file_under(pairs, ends, kernels.Filed(filled[chunk], ranks[chunk], room, places[chunk]))
        ranks[chunk] += np.uint32(sum(map(len, starts)))
        starts.append(room[:kept])
    filed = kernels.Filed(filled, ranks, np.concatenate(starts), places)
    for numbers in filed:
        numbers.flags.writeable = False
    return filed


def probed(queries: Hashes, hashes: Hashes, layout: Layout, limit: int) -> list[tuple[int, int, int]]:
    filed = filed_under(hashes, layout)
    found = kernels.probe(_words(queries), _words(hashes), filed, _flips(layout.bits), (*layout, limit))
    return [(query, place, distance) for query, place, distance in found.tolist()]


def drawn(kind: str, count: int, seed: int) -> Hashes:
    return clustered(count, seed=seed) if kind == "clustered" else uniform(count, seed=seed)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["uniform", "clustered"]),
    st.sampled_from([0, 1, 2, 3, 40, 300]),
    st.integers(0, 10_000),
    st.sampled_from(SMALL),
    st.integers(0, FAR),
)
def test_every_hash_within_the_distance_is_found_once(
    kind: str, count: int, seed: int, layout: Layout, limit: int
) -> None:
    hashes = drawn(kind, count, seed)
    planted = turned(hashes[:34], np.arange(len(hashes[:34])), seed=seed)
    queries = np.concatenate([planted, hashes[:2], uniform(3, seed=seed + 1)])
    truth = pairs_within(queries, hashes, limit)
    found = probed(queries, hashes, layout, limit)
    assert len(found) == len(set(found))
    assert set(found) == truth
    scanned = [tuple(hit) for hit in kernels.scan(_words(queries), _words(hashes), limit).tolist()]
    assert scanned == sorted(truth)


@pytest.mark.parametrize("distance", range(34))
def test_a_planted_hash_is_found_up_to_31_bits_away_and_never_beyond(distance: int) -> None:
    hashes = uniform(200, seed=distance)
    queries = turned(hashes, np.full(200, distance), seed=distance)
    assert np.bitwise_count(queries ^ hashes).sum(axis=1).tolist() == [distance] * 200
    wanted = {(place, place, distance) for place in range(200)} if distance <= FAR else set()
    for layout in SMALL:
        assert set(probed(queries, hashes, layout, FAR)) == wanted


@pytest.mark.parametrize("chunk", range(16))
def test_flips_that_all_fall_into_few_chunks_are_found_by_the_others(chunk: int) -> None:
    """The pigeonhole at its worst: 31 flips side by side, from every place."""
    hashes = uniform(1, seed=chunk)
    bits = np.unpackbits(np.repeat(hashes, 16, axis=0), axis=1, bitorder="little")
    for row in range(16):
        bits[row, np.arange(chunk * 16 + row, chunk * 16 + row + FAR) % 256] ^= 1
    queries = np.packbits(bits, axis=1, bitorder="little")
    for layout in SMALL:
        assert set(probed(queries, hashes, layout, FAR)) == {(row, 0, FAR) for row in range(16)}


@pytest.mark.parametrize("layout", FILED)
@pytest.mark.parametrize("limit", range(FAR + 1))
def test_the_layouts_keep_the_pigeonhole_and_never_need_three_flips(layout: Layout, limit: int) -> None:
    flips = [kernels.flips_of(chunk, layout.chunks, limit) for chunk in range(layout.chunks)]
    assert sum(most + 1 for most in flips) == limit + 1
    assert min(flips) >= -1
    assert max(flips) <= 2
    assert flips == sorted(flips, reverse=True)
    assert layout.bits <= 256 // layout.chunks


def test_keys_that_end_with_a_word_are_as_exact() -> None:
    hashes = clustered(3000, seed=5)
    queries = turned(hashes[:100], np.arange(100) % 34, seed=6)
    truth = pairs_within(queries, hashes, FAR)
    assert len(truth) > 100
    assert set(probed(queries, hashes, Layout(16, 16), FAR)) == truth


@given(st.sampled_from([0, 1, 5, 200]), st.integers(0, 10_000), st.sampled_from(SMALL))
def test_each_key_leads_to_the_hashes_that_have_it(count: int, seed: int, layout: Layout) -> None:
    hashes = clustered(count, seed=seed)
    filed = filed_under(hashes, layout)
    for chunk in range(layout.chunks):
        keys = [int(kernels.cut(_words(hashes), row, chunk, (*layout, FAR))) for row in range(count)]
        for key in range(2**layout.bits):
            word, bit = int(filed.filled[chunk, key // 64]), key % 64
            having = [row for row, other in enumerate(keys) if other == key] if key in keys else []
            assert word >> bit & 1 == bool(having)
            if having:
                rank = int(filed.ranks[chunk, key // 64]) + (word & (1 << bit) - 1).bit_count()
                first, last = filed.starts[rank : rank + 2]
                assert sorted(filed.places[chunk, first:last].tolist()) == having


def test_keys_are_the_bits_of_their_chunk_across_words() -> None:
    words = _words(uniform(4, seed=1))
    for chunks, bits in (*FILED, Layout(12, 21), Layout(16, 16)):
        for row in range(4):
            whole = int.from_bytes(words[row].tobytes(), "little")
            for chunk in range(chunks):
                wanted = whole >> (chunk * (256 // chunks)) & (1 << bits) - 1
                assert kernels.cut(words, row, chunk, (chunks, bits, FAR)) == wanted


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40), max_size=60),
    st.integers(0, 2**64 - 1) | st.integers(0, 40),
)
def test_a_place_among_numbers_is_found_however_unevenly_they_lie(heads: list[int], head: int) -> None:
    ascending = np.sort(np.array(heads, np.uint64))
    ascending.flags.writeable = False
    assert kernels.first_at_least(ascending, np.uint64(head)) == np.searchsorted(ascending, np.uint64(head))


def test_where_no_folder_can_be_written_it_is_compiled_without_being_kept() -> None:
    names: dict[str, object] = {}
    # What comes from no file has no place beside it: numba finds none, as in a read-only installation.
    exec(compile("def twice(number):\n    return 2 * number\n", "<nowhere>", "exec"), names)  # noqa: S102
    function = names["twice"]
    assert callable(function)
    assert kernels.compiled(function)(21) == 42


def test_the_compiled_code_is_kept_where_the_installation_says(tmp_path: Path) -> None:
    code = "import numpy as np; from lykta.lib.matching import kernels; kernels.flips_of(0, 11, 31)"
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert [path.name for path in tmp_path.rglob("kernels.flips_of*.nbc")] != []


def test_near_uses_the_scan_only_for_few() -> None:
    assert [bool(layout.chunks) for _, layout in near.LAYOUTS] == [False, True]
