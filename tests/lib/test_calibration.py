"""The practice cases that come with Lykta fit the label set that they are for."""

import pytest

from lykta.core.calibration import PracticeCase
from lykta.core.labels import complete
from lykta.lib.calibration import calibration
from lykta.lib.labels import label_set

SET = calibration("lykta-2")


def test_only_a_set_that_has_them_has_practice_cases() -> None:
    assert calibration("lykta-1") is None
    assert SET is not None
    assert SET.label_set == "lykta-2"


@pytest.mark.parametrize("case", SET.cases if SET else ())
def test_what_is_expected_can_be_answered_and_is_explained(case: PracticeCase) -> None:
    answers = complete(label_set("lykta-2"), case.expected)
    assert {name: answers[name] for name in case.expected} == dict(case.expected)
    assert case.text.endswith(".")
    assert case.because.endswith(".")


def test_every_finding_is_practised() -> None:
    assert SET is not None
    findings = set(label_set("lykta-2").questions[0].values)
    assert {case.expected["finding"] for case in SET.cases} == findings
