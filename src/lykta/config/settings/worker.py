"""The worker: the only process that holds the private key which opens letters, in `World.staffroom` alone."""

import os

from lykta.config.settings.staff import *  # noqa: F403
from lykta.config.settings.staff import INDEXES

# Before numba is imported, which keeps compiled code there. Where it cannot write, each process compiles for itself.
os.environ.setdefault("NUMBA_CACHE_DIR", str(INDEXES / "compiled"))
