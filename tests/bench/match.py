"""Look-up by hash beside the best open peer, `threatexchange`, on the same data in the same run.

`make bench` measures a million; with LYKTA_BENCH_LARGE=1 (`make bench-large`) ten million as well, and of ours alone a
hundred million, near and exact, in 12 GB of memory and of LYKTA_BENCH_FOLDER. The peer's figures appear where its
package is installed; nothing of ours needs it. A ratio is the peer's cost over ours.
"""

import gc
import importlib
import importlib.util
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from tests.bench.figures import note, percentile
from tests.support.hashes import Hashes, clustered, turned, uniform

from lykta.lib.matching import near
from lykta.lib.matching.exact import ExactIndex
from lykta.lib.matching.filing import Layout
from lykta.lib.matching.films import shared_by
from lykta.lib.matching.near import NearIndex

QUERIES = 1000
TURN = 100
MILLION = 1_000_000
FILMS = 5000
LARGE = bool(os.environ.get("LYKTA_BENCH_LARGE"))
DATA: dict[str, Callable[[], Hashes]] = {
    "1m": lambda: uniform(MILLION, seed=1),
    "1m.clustered": lambda: clustered(MILLION, seed=1),
    "10m": lambda: uniform(10 * MILLION, seed=1),
    "100m": lambda: uniform(100 * MILLION, seed=1),
}
TOO_MANY_FOR_THE_PEER = {"100m"}
PEER = importlib.util.find_spec("threatexchange") is not None


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="lykta-match-", dir=os.environ.get("LYKTA_BENCH_FOLDER")) as name:
        folder = Path(name)
        _compile(folder / "warm")
        _alone(_near, "1m", folder / "1m")
        _alone(_near, "1m.clustered", folder / "1m-clustered")
        _films(folder / "films")
        _exact("1m", MILLION, folder / "exact-1m")
        if LARGE:
            _alone(_near, "10m", folder / "10m")
            _alone(_near, "100m", folder / "100m")
            shutil.rmtree(folder / "100m")
            _exact("100m", 100 * MILLION, folder / "exact-100m")


def _compile(folder: Path) -> None:
    """The kernels, so that no figure holds their compilation; that of the scan, too, which is for the few."""
    for layout in (Layout(0, 0), Layout(11, 6)):
        _files(folder / f"{layout.chunks}", uniform(100, seed=1), ((1 << 32, layout),))


def _files(folder: Path, hashes: Hashes, layouts: Any = near.LAYOUTS) -> NearIndex:
    near.LAYOUTS, kept = layouts, near.LAYOUTS
    index = NearIndex.open(folder)
    index.rebuild([(np.arange(len(hashes)), hashes)])
    near.LAYOUTS = kept
    index.find(hashes[0].tobytes())
    index.find_many(hashes[:2])
    return index


def _alone(work: Callable[..., None], *arguments: Any) -> None:
    """In a new process: memory that an earlier index gave back would hide how much the next one takes."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def _near(size: str, folder: Path) -> None:
    # Compiled before, but a new process has to load them: as the peer's modules, before the clock runs.
    _compile(folder / "warm")
    shutil.rmtree(folder)
    hashes = DATA[size]()
    queries = _queries(hashes)
    start = time.perf_counter()
    index = _files(folder, hashes)
    built = time.perf_counter() - start
    note(f"match.build_s.{size}", built, "s")
    note(f"match.bytes_per_hash.{size}", _size(folder) / len(hashes), "bytes")
    note(f"match.open_ms.{size}", _milliseconds(lambda: NearIndex.open(folder).find(queries[0].tobytes())), "ms")
    note(f"match.add_ms.{size}", _adding(index, queries), "ms")
    index.rebuild()
    if not PEER or size in TOO_MANY_FOR_THE_PEER:
        note(f"match.single_ms.{size}", percentile(_singles(index, queries), 0.5), "ms")
        return
    _beside(size, index, hashes, queries, built)


def _beside(size: str, index: NearIndex, hashes: Hashes, queries: Hashes, built: float) -> None:
    """The peer takes hexadecimal digits and keeps them; the time to make those is not counted."""
    module = importlib.import_module("threatexchange.signal_type.pdq.pdq_index")
    # Like ours. On a busy machine its threads would wait for each other, and it would look many times slower.
    importlib.import_module("faiss").omp_set_num_threads(1)
    before = _memory()
    entries = [(digest.tobytes().hex(), row) for row, digest in enumerate(hashes)]
    start = time.perf_counter()
    peer = module.PDQIndex(entries)
    note(f"match.build_ratio.{size}", (time.perf_counter() - start) / built, "times")
    note(f"match.memory_ratio.{size}", (_memory() - before) / _size(index._folder), "times")
    digits = [query.tobytes().hex() for query in queries]
    ours, theirs = _in_turns([(index.find, [query.tobytes() for query in queries]), (peer.query, digits)])
    differing = sum(
        sorted(found) != sorted((hit.metadata, hit.similarity_info.distance) for hit in answer)
        for (found, _), (answer, _) in zip(ours, theirs, strict=True)
    )
    note(f"match.differing.{size}", differing, f"of {len(queries)} answers")
    for share, name in ((0.5, "single"), (0.95, "p95")):
        mine, other = (percentile([took for _, took in answers], share) for answers in (ours, theirs))
        note(f"match.{name}_ms.{size}", mine, "ms")
        note(f"match.{name}_ratio.{size}", other / mine, "times")
    _batches(size, index, peer, queries, digits)


def _in_turns(asked: Sequence[tuple[Callable[[Any], Any], Sequence[Any]]]) -> list[list[tuple[Any, float]]]:
    """Each one's answers with their milliseconds, TURN queries of one and then of the next.

    So whatever else this machine does slows both, and neither has to fetch back each time what the other displaced
    from the processor's caches: in a hotline they do not run side by side.
    """
    answers: list[list[tuple[Any, float]]] = [[] for _ in asked]
    for start in range(0, QUERIES, TURN):
        for (find, queries), found in zip(asked, answers, strict=True):
            found += [_timed(find, query) for query in queries[start : start + TURN]]
    return answers


def _batches(size: str, index: NearIndex, peer: Any, queries: Hashes, digits: list[str]) -> None:
    """All queries at once; on one thread each, though both could use more."""
    ours, theirs = [], []
    for _ in range(3):
        ours.append(_timed(lambda: index.find_many(queries))[1])
        theirs.append(_timed(lambda: peer.index.search_with_distance_in_result(digits, near.FAR))[1])
    note(f"match.batch_per_s.{size}", len(queries) / min(ours) * 1000, "1/s")
    note(f"match.batch_ratio.{size}", min(theirs) / min(ours), "times")


def _films(folder: Path) -> None:
    """300,000 frames, 60 a film; asked for are copies, of which each frame has changed a little.

    As in the river, an index of pictures with a row for each frame; on one thread each, though both could use more.
    """
    frames = uniform(60 * FILMS, seed=3)
    index = NearIndex.open(folder)
    index.rebuild([(np.arange(len(frames)), frames)])
    asked = [turned(frames[film * 60 : film * 60 + 60], np.arange(60) % 32, seed=film) for film in range(30)]
    _films_near(index, asked[0])
    ours = [_timed(_films_near, index, query) for query in asked]
    times = [took for _, took in ours]
    note("match.film_ms", percentile(times, 0.5), "ms")
    if not PEER:
        return
    # The peer's module asks for a package that decodes films, which needs a compiler; none is decoded here.
    sys.modules.setdefault("vpdq", cast("Any", SimpleNamespace(VpdqFeature=object)))
    peer = importlib.import_module("threatexchange.extensions.vpdq.vpdq_index").VPDQIndex()
    importlib.import_module("faiss").omp_set_num_threads(1)
    for film in range(FILMS):
        peer.add(_vpdq(frames[film * 60 : film * 60 + 60]), film)
    theirs = [_timed(peer.query, _vpdq(query)) for query in asked]
    note("match.film_ratio", percentile([took for _, took in theirs], 0.5) / percentile(times, 0.5), "times")
    same = [
        set(found) == {match.metadata for match in answer} for (found, _), (answer, _) in zip(ours, theirs, strict=True)
    ]
    note("match.film_differing", same.count(False), f"of {len(same)} answers")


def _films_near(index: NearIndex, frames: Hashes) -> dict[int, int]:
    hits = index.find_many(frames)
    return shared_by(zip((hits.rows // 60).tolist(), hits.queries.tolist(), strict=True), len(frames))


def _vpdq(frames: Hashes) -> str:
    """As the peer writes a film: hash, quality, seconds."""
    return json.dumps([f"{digest.tobytes().hex()},100,{number}" for number, digest in enumerate(frames)])


def _exact(size: str, count: int, folder: Path) -> None:
    def batches() -> Iterator[Any]:
        for start in range(0, count, MILLION):
            yield np.arange(start, start + MILLION), uniform(MILLION, seed=start)

    index, start = ExactIndex.open(folder), time.perf_counter()
    index.rebuild(batches())
    note(f"exact.build_s.{size}", time.perf_counter() - start, "s")
    queries = np.concatenate([uniform(MILLION, seed=0)[:200_000], uniform(200_000, seed=-1 % 2**31)])
    np.random.default_rng(1).shuffle(queries)
    assert len(index.find_many(queries).rows) == 200_000
    took = min(_timed(lambda: index.find_many(queries))[1] for _ in range(3))
    note(f"exact.batch_per_s.{size}", len(queries) / took * 1000, "1/s")
    note(f"exact.bytes_per_hash.{size}", _size(folder) / count, "bytes")
    note(f"exact.open_ms.{size}", _milliseconds(lambda: ExactIndex.open(folder).find(queries[0].tobytes())), "ms")


def _queries(hashes: Hashes) -> Hashes:
    """Half of them planted, 0 to 33 bits from a hash; half like the hashes, but none of them."""
    chosen = np.random.default_rng(7).integers(0, len(hashes), QUERIES // 2)
    return np.concatenate([turned(hashes[chosen], np.arange(QUERIES // 2) % 34, seed=8), uniform(QUERIES // 2, seed=9)])


def _adding(index: NearIndex, queries: Hashes) -> float:
    """Until an added hash is found, and until it is found no more: the longer of the two medians."""

    def with_it(row: NDArray[np.int64], query: Hashes) -> list[tuple[int, int]]:
        index.add(row, query[None])
        return index.find(query.tobytes())

    def without_it(row: NDArray[np.int64], query: Hashes) -> list[tuple[int, int]]:
        index.withdraw(row)
        return index.find(query.tobytes())

    added, gone = [], []
    for number, query in enumerate(queries[:15]):
        row = np.array([(1 << 31) + number])
        found, took = _timed(with_it, row, query)
        added.append(took)
        left, took = _timed(without_it, row, query)
        gone.append(took)
        assert (row[0], 0) in found
        assert (row[0], 0) not in left
    return max(percentile(added, 0.5), percentile(gone, 0.5))


def _singles(index: NearIndex, queries: Hashes) -> list[float]:
    return [_timed(index.find, query.tobytes())[1] for query in queries]


def _timed(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What it gives, and after how many milliseconds."""
    start = time.perf_counter()
    found = work(*arguments)
    return found, (time.perf_counter() - start) * 1000


def _milliseconds(work: Callable[[], Any]) -> float:
    return percentile([_timed(work)[1] for _ in range(5)], 0.5)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _memory() -> int:
    """Bytes of this process now, without what it maps from files."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text().split()
    return (int(pages[1]) - int(pages[2])) * resource.getpagesize()
