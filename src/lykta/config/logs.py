"""One readable log for every process: `time name level text`, one line each, times in UTC.

A log line never holds what a visitor or a reporter wrote. An exception is logged as its class and its places in the
code, since its message may quote data; the public faces drop the messages of the web framework for the same reason.
"""

import logging
import re
import sys
import time
from http.client import TOO_MANY_REQUESTS
from traceback import extract_tb
from types import TracebackType

_NAME_WIDTH = 8
_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S+ ")
_QUOTES_VISITORS = ("django",)


def set_up(name: str, *, public: bool) -> None:
    """Send every logger of this process to standard error. `public`: no message that may quote a visitor."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(name))
    if public:
        handler.addFilter(_without_visitors)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries chat about is not for the operator, and may name recipients.
    root.setLevel(logging.WARNING)
    logging.getLogger("lykta").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def line(name: str, level: str, text: str, *, at: float | None = None) -> str:
    """One log line without its line end. Control characters are written out, so that nobody can forge a line."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    plain = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return f"{moment} {name:<{_NAME_WIDTH}} {level:<7} {plain}"


def is_line(text: str) -> bool:
    """Whether this is a line of ours already, rather than what some program printed."""
    return _LINE.match(text) is not None


def places(error: BaseException) -> str:
    """An exception as its class and where it passed, the innermost place first; never its message."""
    found = " < ".join(_frames(error.__traceback__)) or "unknown place"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{type(error).__name__} in {found}" + (f", after {places(cause)}" if cause else "")


def _frames(trace: TracebackType | None) -> list[str]:
    frames = list(reversed(extract_tb(trace)))[:6]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class _OneLine(logging.Formatter):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def format(self, record: logging.LogRecord) -> str:
        # Below the first line the server writes an exception with its message.
        text = record.getMessage().partition("\n")[0]
        if record.exc_info and record.exc_info[1]:
            text = f"{text}: {places(record.exc_info[1])}"
        return line(self._name, record.levelname, text, at=record.created)


def _without_visitors(record: logging.LogRecord) -> bool:
    """Requests' paths, hosts and addresses stand in these loggers' warnings: only that something happened is kept.

    Not even that of wait pages: a flood would fill the disk with them.
    """
    if record.levelno >= logging.WARNING and record.name.startswith(_QUOTES_VISITORS):
        status = getattr(record, "status_code", None)
        if status == TOO_MANY_REQUESTS:
            return False
        record.msg = f"{record.name}: a request was answered with {status}" if status else f"{record.name}: a fault"
        record.args = ()
    return True
