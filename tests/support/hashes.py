"""Numbers in place of hashes: evenly spread, in families as pictures come, and at a distance that is known."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint8]


def uniform(count: int, *, seed: int, width: int = 32) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, width), dtype=np.uint8)


def clustered(count: int, *, seed: int) -> Hashes:
    """Families of near-duplicates, few of them large (Zipf), around hashes whose bits depend on each other."""
    chance = np.random.default_rng(seed)
    kinds = uniform(max(1, count // 10), seed=seed + 1)
    kinds &= uniform(64, seed=seed + 2)[chance.integers(0, 64, len(kinds))] | uniform(len(kinds), seed=seed + 3)
    sizes = np.minimum(chance.zipf(1.6, count), max(2, count // 400))
    family = chance.permutation(np.repeat(np.arange(count) % len(kinds), sizes)[:count])
    return turned(kinds[family], chance.integers(0, 25, count), seed=seed + 4)


def turned(hashes: Hashes, distances: NDArray[np.integer], *, seed: int) -> Hashes:
    """Each hash with just so many of its 256 bits turned over."""
    chance = np.random.default_rng(seed)
    found = hashes.copy()
    for start in range(0, len(hashes), 1 << 16):
        part = slice(start, start + (1 << 16))
        order = chance.random((len(hashes[part]), 256)).argsort(axis=1).argsort(axis=1)
        found[part] ^= np.packbits(order < distances[part, None], axis=1)
    return found


def pairs_within(queries: Hashes, hashes: Hashes, limit: int) -> set[tuple[int, int, int]]:
    """The plain scan: (query, place, distance) of all pairs."""
    distances = np.bitwise_count(queries[:, None, :] ^ hashes[None, :, :]).sum(axis=2, dtype=np.int64)
    near = np.argwhere(distances <= limit)
    return {(query, place, int(distances[query, place])) for query, place in near.tolist()}
