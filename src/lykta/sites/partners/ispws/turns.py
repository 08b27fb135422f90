"""What one company may do at once, so that none of them keeps the others, or the rest of this face, from reporting.

A client is told to come back with a code that it tries again after, before anything of its body is read.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from lykta.lib import clock
from lykta.sites.common.floods import Buckets
from lykta.sites.partners.ispws.answers import Failed, Response

REQUESTS = Buckets(burst=600, every=0.1, most=1_000)
"""Of each partner to one process: a report with three hundred files, each of them described, then ten a second."""
UPLOADS_OF_ONE, UPLOADS = 2, 3
"""Files on their way, of one partner and of all. They take as long as the line is slow, and the face has four threads
(`config/serve.py`): one is always left for reports, answers and pages."""
SOON, LATER = 10, 30
"""Seconds after which a client is told to come back."""


def spend(slug: str) -> None:
    """Count one request of a partner. Raises Failed where it asks too often."""
    if REQUESTS.spend(slug.encode(), clock.now().timestamp()) > REQUESTS.burst:
        message = f"That was too much at once. Wait {LATER} seconds, and send it again."
        raise Failed(Response.SERVER_ERROR, message, wait=LATER)


class Uploads:
    """Files that come in now, counted by their partner."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def one(self, slug: str) -> Iterator[None]:
        """While a file of this partner comes in. Raises Failed where too many do already."""
        with self._lock:
            own = self._under_way[slug] >= UPLOADS_OF_ONE
            if own or self._under_way.total() >= UPLOADS:
                message = (
                    f"You may send {UPLOADS_OF_ONE} files at a time." if own else "Others are sending files just now."
                )
                raise Failed(Response.SERVER_ERROR, f"{message} Send it again in {SOON} seconds.", wait=SOON)
            self._under_way[slug] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= Counter({slug: 1})


UPLOADING = Uploads()
