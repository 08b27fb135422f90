"""The inner loops, compiled to machine code at first use; all of them let other threads run meanwhile.

The code is kept in NUMBA_CACHE_DIR (else beside this file, else in the user's cache folder), which only the
installation may write: what is found there is run. Where nothing can be kept each process compiles for some seconds.
Integers are cast by hand, since a signed and an unsigned 64-bit one would meet as floating point.
"""

# What is one integer to numba is several types to mypy.
# mypy: disable-error-code="arg-type, assignment, no-any-return, return-value"

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Keys = NDArray[np.uint32]
Found = NDArray[np.int64]
Layout = tuple[int, int, int]
"""Chunks, bits of each that make a key, and the greatest distance that is looked for."""


class Filed(NamedTuple):
    """Where to find the hashes of each chunk by their keys.

    Of a million hashes nine keys in ten have none: a bit for each key stays in the processor's memory, where the starts
    of all keys would not.
    """

    filled: Words
    """chunks × 2**bits / 64: a bit for each key, set where some hash has it."""
    ranks: Keys
    """chunks × 2**bits / 64: where in `starts` the first set bit of each word is meant."""
    starts: Keys
    """For each key that some hash has, where in `places` the hashes begin; for each chunk one more, where they end."""
    places: Keys
    """chunks × hashes: which hash it is."""


Function = TypeVar("Function", bound=Callable[..., Any])

FIRST_ROOM = 64
"""Hits that fit without asking for more memory."""
BLOCK = 1024
"""Hashes that are looked at together: 32 KB, what the processor keeps nearest."""
LOW = 13
"""Bits of a key that are sorted in the processor's nearest memory."""
GUESSES = 3
ONE, SIX = np.uint64(1), np.uint64(6)
WORD = np.uint64(64)


def compiled(function: Function) -> Function:
    """To machine code, kept on disk if there is a place."""
    try:
        return cast("Function", njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        # numba found no folder that can be written.
        return cast("Function", njit(nogil=True, error_model="numpy")(function))


@cast("Callable[[Any], Callable[[Any], int]]", intrinsic)
def ones(_context: Any, word: Any) -> Any:
    """How many bits of a 64-bit word are set: one instruction of the processor."""
    return word(word), lambda _context, builder, _signature, arguments: builder.ctpop(arguments[0])


@compiled
def apart(queries: Words, query: int, hashes: Words, place: int) -> int:
    """In how many of 256 bits a query and a hash differ."""
    return np.int64(
        ones(queries[query, 0] ^ hashes[place, 0])
        + ones(queries[query, 1] ^ hashes[place, 1])
        + ones(queries[query, 2] ^ hashes[place, 2])
        + ones(queries[query, 3] ^ hashes[place, 3])
    )


@compiled
def grown(found: Found) -> Found:
    more = np.empty((2 * len(found), found.shape[1]), np.int64)
    more[: len(found)] = found
    return more


@compiled
def count_near(queries: Words, query: int, hashes: Words, limit: int) -> int:
    """How many of the hashes are near; without a branch, so that the processor compares eight at once."""
    one, two, three, four = queries[query, 0], queries[query, 1], queries[query, 2], queries[query, 3]
    count = 0
    for place in range(len(hashes)):
        distance = (
            ones(one ^ hashes[place, 0])
            + ones(two ^ hashes[place, 1])
            + ones(three ^ hashes[place, 2])
            + ones(four ^ hashes[place, 3])
        )
        count += np.int64(distance) <= limit
    return count


@compiled
def scan(queries: Words, hashes: Words, limit: int) -> Found:
    """All pairs at most `limit` apart: rows of (query, place, distance)."""
    found, count = np.empty((FIRST_ROOM, 3), np.int64), 0
    for query in range(len(queries)):
        for start in range(0, len(hashes), BLOCK):
            block = hashes[start : start + BLOCK]
            if not count_near(queries, query, block, limit):
                continue
            for place in range(len(block)):
                distance = apart(queries, query, block, place)
                if distance <= limit:
                    if count == len(found):
                        found = grown(found)
                    found[count, 0], found[count, 1], found[count, 2] = query, start + place, distance
                    count += 1
    return found[:count]


@compiled
def flips_of(chunk: int, chunks: int, limit: int) -> int:
    """In how many bits at most a chunk may differ, so that every pair within `limit` passes in at least one chunk.

    The pigeonhole: if each chunk differed in more, the whole would in sum(flips + 1) = limit + 1. -1: not even in none.
    """
    share, more = (limit + 1) // chunks, (limit + 1) % chunks
    return share if chunk < more else share - 1


@compiled
def cut(words: Words, row: int, chunk: int, layout: Layout) -> np.uint64:
    """The first `bits` bits of one of the equal chunks of a hash."""
    chunks, bits, _ = layout
    start = np.uint64(chunk * (256 // chunks))
    word, shift = start >> SIX, start & (WORD - ONE)
    key = words[row, word] >> shift
    if shift + np.uint64(bits) > WORD:
        key |= words[row, word + ONE] << (WORD - shift)
    return key & ((ONE << np.uint64(bits)) - ONE)


@compiled
def is_known(queries: Words, hashes: Words, pair: tuple[int, int], chunk: int, layout: Layout) -> bool:
    """Whether an earlier chunk has led to the same (query, place): each is to be told once."""
    chunks, _, limit = layout
    for earlier in range(chunk):
        differing = cut(queries, pair[0], earlier, layout) ^ cut(hashes, pair[1], earlier, layout)
        if np.int64(ones(differing)) <= flips_of(earlier, chunks, limit):
            return True
    return False


@compiled
def near_ones(queries: Words, query: int, hashes: Words, candidates: Keys, limit: int) -> Keys:
    """Those of the candidates that are near, moved to their front; without a branch, so that the fetches overlap."""
    count = 0
    for place in candidates:
        candidates[count] = place
        count += np.int64(apart(queries, query, hashes, place) <= limit)
    return candidates[:count]


@compiled
def gather(
    key: np.uint32,
    flips: Keys,
    filed: Filed,
    bounds: NDArray[np.int64],
    candidates: Keys,
) -> tuple[Keys, int]:
    """The hashes of one chunk whose key is a flip away; in loops of their own, so that the fetches overlap."""
    filled, ranks, starts, places = filed
    keys, total = 0, 0
    for flip in flips:
        near = key ^ flip
        # Noted in any case, and kept if some hash has it: a branch would be guessed wrong too often.
        bounds[keys, 0] = near
        keys += np.int64(filled[near >> np.uint32(6)] >> np.uint64(near & np.uint32(63)) & ONE)
    for at in range(keys):
        word, bit = bounds[at, 0] >> 6, np.uint64(bounds[at, 0] & 63)
        rank = ranks[word] + np.int64(ones(filled[word] & ((ONE << bit) - ONE)))
        bounds[at, 0], bounds[at, 1] = starts[rank], starts[rank + 1]
        total += bounds[at, 1] - bounds[at, 0]
    if total > len(candidates):
        candidates = np.empty(2 * total, np.uint32)
    count = 0
    for at in range(keys):
        for place in range(bounds[at, 0], bounds[at, 1]):
            candidates[count] = places[place]
            count += 1
    return candidates, count


@compiled
def probe(
    queries: Words,
    hashes: Words,
    filed: Filed,
    flipping: tuple[Keys, NDArray[np.int64]],
    layout: Layout,
) -> Found:
    """What `scan` finds, by multi-index hashing: only hashes that have a chunk nearly in common are compared.

    `flipping` is (flips, ends): keys with no, one and two bits set, the first `ends[n]` with at most n.
    """
    flips, ends = flipping
    chunks, _, limit = layout
    found, count = np.empty((FIRST_ROOM, 3), np.int64), 0
    bounds, candidates = np.empty((len(flips) + 1, 2), np.int64), np.empty(BLOCK, np.uint32)
    for query in range(len(queries)):
        for chunk in range(chunks):
            most = flips_of(chunk, chunks, limit)
            if most < 0:
                break
            key = np.uint32(cut(queries, query, chunk, layout))
            here = Filed(filed.filled[chunk], filed.ranks[chunk], filed.starts, filed.places[chunk])
            candidates, length = gather(key, flips[: ends[most]], here, bounds, candidates)
            for place in near_ones(queries, query, hashes, candidates[:length], limit):
                if not is_known(queries, hashes, (query, np.int64(place)), chunk, layout):
                    if count == len(found):
                        found = grown(found)
                    found[count, 0], found[count, 1] = query, place
                    found[count, 2] = apart(queries, query, hashes, place)
                    count += 1
    return found[:count]


@compiled
def begins(hashes: Words, chunk: int, layout: Layout) -> NDArray[np.int64]:
    """Where each part of the keys of one chunk begins; a part has the upper bits of its keys in common."""
    low = np.uint64(min(LOW, layout[1]))
    places = np.zeros((1 << layout[1] >> low) + 1, np.int64)
    for row in range(len(hashes)):
        places[np.int64(cut(hashes, row, chunk, layout) >> low) + 1] += 1
    for upper in range(1, len(places)):
        places[upper] += places[upper - 1]
    return places


@compiled
def part(hashes: Words, chunk: int, layout: Layout, places: NDArray[np.int64], pairs: Words) -> None:
    """Fill `pairs` with (key, row), part by part; `places`, where the parts begin, becomes where they end.

    Not in one function with `begins`: there the compiler makes code that takes five times as long.
    """
    low = np.uint64(min(LOW, layout[1]))
    for row in range(len(hashes)):
        key = cut(hashes, row, chunk, layout)
        upper = np.int64(key >> low)
        # Counted before the pair is written: the compiler cannot know that `pairs` is not `places`.
        place = places[upper]
        places[upper] = place + 1
        pairs[place] = key << np.uint64(32) | np.uint64(row)


@compiled
def file_under(pairs: Words, ends: NDArray[np.int64], chunk: Filed) -> int:
    """Fill the `Filed` of one chunk from what `part` made: a counting sort of the keys. Returns how many starts it has.

    Part by part, since a key and its place would both be fetched from far memory for each row otherwise.
    """
    filled, ranks, starts, places = chunk
    words = len(filled) // (len(ends) - 1)
    counts = np.empty(64 * words, np.int64)
    only_low = np.uint64(len(counts) - 1)
    first, kept = np.int64(0), 0
    for upper in range(len(ends) - 1):
        last = ends[upper]
        counts[:] = 0
        for at in range(first, last):
            counts[pairs[at] >> np.uint64(32) & only_low] += 1
        total = first
        for word in range(words):
            held = np.uint64(0)
            ranks[upper * words + word] = np.uint32(kept)
            for bit in range(64):
                # Noted in any case, and kept if some hash has the key: a branch would be guessed wrong too often.
                starts[kept] = np.uint32(total)
                has = counts[64 * word + bit] > 0
                held |= np.uint64(has) << np.uint64(bit)
                kept += has
                total += counts[64 * word + bit]
                counts[64 * word + bit] = total
            filled[upper * words + word] = held
        for at in range(last - 1, first - 1, -1):
            key = pairs[at] >> np.uint64(32) & only_low
            counts[key] -= 1
            places[counts[key]] = np.uint32(pairs[at] & np.uint64(0xFFFFFFFF))
        first = last
    starts[kept] = np.uint32(first)
    return kept + 1


@compiled
def first_at_least(heads: Words, head: np.uint64) -> int:
    """Where in an ascending list a number stands, or would stand.

    Digests are evenly spread, so the place is guessed and twice corrected by the number found there; then the search
    goes on from the guess in doubling steps and halves what is left: a list that is not even costs a few steps more.
    """
    low, high = 0, len(heads)
    if not high:
        return 0
    each = high / 2.0**64
    place, below = np.int64(np.float64(head) * each), False
    for _ in range(GUESSES):
        place = min(max(place, low), high - 1)
        below = heads[place] < head
        if below:
            low = place + 1
            place += np.int64(np.float64(head - heads[place]) * each)
        else:
            high = place
            place -= np.int64(np.float64(heads[place] - head) * each)
        if low >= high:
            return low
    step = 4
    if below:
        while low + step < high and heads[low + step] < head:
            low, step = low + step + 1, 2 * step
        high = min(high, low + step)
    else:
        while high - step > low and heads[high - step] >= head:
            high, step = high - step, 2 * step
        low = max(low, high - step)
    while low < high:
        place = (low + high) // 2
        if heads[place] < head:
            low = place + 1
        else:
            high = place
    return low


@compiled
def equal(rests: NDArray[np.uint8], query: int, others: NDArray[np.uint8], place: int) -> bool:
    for byte in range(rests.shape[1]):  # noqa: SIM110 (a generator is not compiled)
        if rests[query, byte] != others[place, byte]:
            return False
    return True


@compiled
def look_up(
    heads: Words,
    rests: NDArray[np.uint8],
    query_heads: Words,
    query_rests: NDArray[np.uint8],
) -> Found:
    """Where the queries stand among digests that ascend by their first 8 bytes: rows of (query, place)."""
    found, count = np.empty((FIRST_ROOM, 2), np.int64), 0
    for query in range(len(query_heads)):
        head = query_heads[query]
        place = first_at_least(heads, head)
        while place < len(heads) and heads[place] == head:
            if equal(query_rests, query, rests, place):
                if count == len(found):
                    found = grown(found)
                found[count, 0], found[count, 1] = query, place
                count += 1
            place += 1
    return found[:count]
