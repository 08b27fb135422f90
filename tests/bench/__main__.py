"""`make bench`: every group, or one: `make bench ONLY=intake`. Needs nothing but this machine."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import flood, intake, locators, river
from tests.support.installation import Installation, installation

GROUPS: dict[str, Callable[[Installation], None]] = {
    "intake": intake.run,
    "river": river.run,
    "flood": flood.run,
    "locators": lambda _: locators.run(),
}


def main(only: str) -> int:
    if only and only not in GROUPS:
        print(f"There is no group {only!r}: choose one of {', '.join(GROUPS)}.", file=sys.stderr)
        return 1
    for name in [only] if only else GROUPS:
        with (
            tempfile.TemporaryDirectory(prefix="lykta-bench-") as folder,
            installation(Path(folder), LYKTA_TRUSTED_PROXY="127.0.0.1") as running,
        ):
            GROUPS[name](running)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
