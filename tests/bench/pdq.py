"""Processor time from a 12-megapixel JPEG to its eight PDQ hashes, as the decoder makes them, and beside its parts.

`threatexchange`, which decodes the whole and hashes it with `pdqhash`, took 377 to 441 ms on the same kind of machine.
`pdq.cpu_ms.12mp.pdqhash` is measured where that package is installed; nothing of ours needs it.
"""

import importlib
import importlib.util
import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from tests.bench.figures import note
from tests.support.drawings import encoded, photo

from lykta.connectors.web.pictures import SHORT_SIDE, read_picture

TIMES = 9


def run() -> None:
    grain = np.random.default_rng(1).normal(0, 6, (3000, 4000, 3))
    pixels = np.clip(photo(1, height=3000, width=4000) + grain, 0, 255).astype(np.uint8)
    body = encoded(pixels, "JPEG", quality=88)
    note("pdq.cpu_ms.12mp", _milliseconds(lambda: read_picture(body, "JPEG")), "ms")
    note("pdq.cpu_ms.12mp.decoding", _milliseconds(lambda: _decode(body)), "ms")
    small = encoded(photo(1, height=512, width=512), "JPEG", quality=88)
    note("pdq.cpu_ms.512", _milliseconds(lambda: read_picture(small, "JPEG")), "ms")
    if importlib.util.find_spec("pdqhash"):
        pdqhash = importlib.import_module("pdqhash")
        note("pdq.cpu_ms.12mp.pdqhash", _milliseconds(lambda: pdqhash.compute_dihedral(_whole(body))), "ms")


def _decode(body: bytes) -> None:
    with Image.open(io.BytesIO(body)) as image:
        image.draft("L", (SHORT_SIDE, SHORT_SIDE))
        image.load()


def _whole(body: bytes) -> object:
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image.convert("RGB"))


def _milliseconds(work: Callable[[], object]) -> float:
    """The median; of this process only, so that others on the same processors count less."""
    spent = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        spent.append((time.process_time() - start) * 1000)
    return sorted(spent)[TIMES // 2]
