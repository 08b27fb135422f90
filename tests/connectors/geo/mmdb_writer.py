"""Writes small MMDB files (MaxMind DB file format 2.0), as much of the format as the tests need."""

import struct
from ipaddress import ip_network
from typing import Any

_NOTHING = b"\x00" * 16
Node = list[Any]


def mmdb(networks: dict[str, dict[str, Any]], *, kind: str, built: int) -> bytes:
    """A file of IPv6 and IPv4 networks, each with its record; 24 bits for each half of a node."""
    nodes: list[Node] = [[None, None]]
    data = b""
    for network, record in networks.items():
        block = ip_network(network)
        bits, length = (int(block[0]), block.prefixlen + (96 if block.version == 4 else 0))
        at = 0
        for depth in range(length - 1):
            side = bits >> (127 - depth) & 1
            if nodes[at][side] is None:
                nodes.append([None, None])
                nodes[at][side] = len(nodes) - 1
            at = nodes[at][side]
        nodes[at][bits >> (128 - length) & 1] = ("data", len(data))
        data += _value(record)
    tree = b"".join(_half(half, len(nodes)) for node in nodes for half in node)
    about = {
        "node_count": len(nodes),
        "record_size": 24,
        "ip_version": 6,
        "database_type": kind,
        "languages": [],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": built,
        "description": {"en": "test"},
    }
    return tree + _NOTHING + data + b"\xab\xcd\xefMaxMind.com" + _value(about)


def _half(half: Any, count: int) -> bytes:
    number = count if half is None else half if isinstance(half, int) else count + len(_NOTHING) + half[1]
    return struct.pack(">I", number)[1:]


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return bytes([int(value), 14 - 7])
    if isinstance(value, int):
        written = value.to_bytes((value.bit_length() + 7) // 8 or 1)
        return (bytes([6 << 5 | len(written)]) if len(written) <= 4 else bytes([len(written), 9 - 7])) + written
    if isinstance(value, str):
        written = value.encode()
        assert len(written) < 285
        head = bytes([2 << 5 | len(written)]) if len(written) < 29 else bytes([2 << 5 | 29, len(written) - 29])
        return head + written
    if isinstance(value, dict):
        return bytes([7 << 5 | len(value)]) + b"".join(_value(name) + _value(inner) for name, inner in value.items())
    return bytes([len(value), 11 - 7]) + b"".join(map(_value, value))
