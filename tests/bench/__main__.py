"""`make bench`: every quick group, or one of all: `make bench ONLY=bulk`. Needs nothing but this machine."""

import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import bulk, desk, flood, imports, intake, locators, match, pdq, river, trace
from tests.support.installation import Installation, installation

GROUPS: dict[str, Callable[[Installation], None]] = {
    "intake": intake.run,
    "river": river.run,
    "flood": flood.run,
    "locators": lambda _: locators.run(),
    "pdq": lambda _: pdq.run(),
    "trace": trace.run,
    "match": lambda _: match.run(),
}
BY_HAND: dict[str, Callable[[Installation], None]] = {
    "bulk": bulk.run,
    "desk": desk.run,
    "imports": lambda _: imports.run(),
}
"""Groups that take minutes."""


def main(only: str) -> int:
    groups = {**GROUPS, **BY_HAND}
    if only and only not in groups:
        print(f"There is no group {only!r}: choose one of {', '.join(groups)}.", file=sys.stderr)
        return 1
    # How a Python was built makes a quarter of a difference: docs/operations/install.md.
    print(f"Python {platform.python_version()} of {sys.base_prefix}", flush=True)
    settings = {"trace": trace.SETTINGS}
    for name in [only] if only else GROUPS:
        with (
            tempfile.TemporaryDirectory(prefix="lykta-bench-") as folder,
            installation(Path(folder), LYKTA_TRUSTED_PROXY="127.0.0.1", **settings.get(name, {})) as running,
        ):
            groups[name](running)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
