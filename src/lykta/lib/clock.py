"""The one place that asks what time it is, so that the rules below never do."""

import ctypes
from datetime import UTC, datetime

_TIMEX_BYTES = 256
"""More than the 208 of `struct timex`; zeros ask for nothing to be changed."""
_TIME_ERROR = 5


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def is_kept() -> bool | None:
    """Whether something keeps this machine's clock right, as its kernel says (adjtimex(2)); None if it does not."""
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _TIME_ERROR
