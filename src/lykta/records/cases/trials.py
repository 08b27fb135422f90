"""Reads of practice cases: who answered what."""

from collections import defaultdict

from lykta.records.cases.models import Trial
from lykta.records.people.models import Staff


def of(by: Staff, calibration: str) -> dict[int, dict[str, str]]:
    """What this person answered to the cases of a calibration set, by the number of the case."""
    return dict(Trial.objects.filter(by=by, calibration=calibration).values_list("number", "answers"))


def everybodys(calibration: str) -> dict[str, dict[int, dict[str, str]]]:
    """The same for everybody who began, by user name."""
    found: dict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    rows = Trial.objects.filter(calibration=calibration).order_by("by__username", "number")
    for name, number, answers in rows.values_list("by__username", "number", "answers"):
        found[name][number] = answers
    return found
