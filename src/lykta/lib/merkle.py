"""Hash trees (RFC 9162 section 2.1): one short root stands for many entries, and each can be shown without the others.

SHA-256. A leaf is hashed with 0x00 before it, a node with 0x01, so that neither is taken for the other.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, at least one."""
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return _node(root(leaves[:split]), root(leaves[split:]))


def proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """What leads from the leaf at `index` to the root: ("left" | "right", hash) for each step up."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*proof(leaves[:split], index), ("right", root(leaves[split:]))]
    return [*proof(leaves[split:], index - split), ("left", root(leaves[:split]))]


def climb(leaf: bytes, steps: Sequence[tuple[str, bytes]]) -> bytes:
    """The root to which a proof leads from a leaf hash."""
    for side, other in steps:
        leaf = _node(other, leaf) if side == "left" else _node(leaf, other)
    return leaf


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return int(1 << (count - 1).bit_length() - 1)
