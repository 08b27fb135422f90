"""Calibration sets from `lykta/labels/calibration/*.toml`, one for each label set that has one."""

import tomllib
from functools import cache

from lykta.core.calibration import Calibration, PracticeCase
from lykta.lib.labels import FOLDER


@cache
def calibration(label_set: str) -> Calibration | None:
    """The made-up cases for a label set; None where there are none."""
    path = FOLDER / "calibration" / f"{label_set}.toml"
    if not path.exists():
        return None
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    cases = tuple(PracticeCase(one["text"], one["expected"], one["because"]) for one in tables["cases"])
    return Calibration(tables["label_set"], cases)
