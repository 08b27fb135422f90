"""How a benchmark gives its figures: a printed line `name value unit`, and an entry of `var/bench.json`."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path("var") / "bench.json"


def note(name: str, value: float, unit: str) -> None:
    """Print a figure and keep it."""
    rounded = round(value, 3)
    print(f"{name} {rounded:g} {unit}", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**known, name: rounded}, indent=1, sort_keys=True) + "\n")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
