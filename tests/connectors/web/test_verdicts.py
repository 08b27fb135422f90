import pytest

from lykta.connectors.web.facts import Facts
from lykta.connectors.web.verdicts import judge
from lykta.core.vocabulary import Outcome

FULL = Facts(length=10)


@pytest.mark.parametrize(
    ("status", "facts", "outcome"),
    [
        (200, FULL, Outcome.PRESENT),
        (206, FULL, Outcome.PRESENT),
        (200, Facts(length=10, says_gone=True), Outcome.MISSING),
        (200, Facts(length=10, asks_password=True), Outcome.LOCKED),
        (200, Facts(length=10, says_gone=True, asks_password=True), Outcome.MISSING),
        (200, Facts(hostile="a bomb"), Outcome.REFUSED),
        (200, Facts(), Outcome.NO_ANSWER),
        (204, Facts(), Outcome.NO_ANSWER),
        (302, FULL, Outcome.NO_ANSWER),
        (400, FULL, Outcome.NO_ANSWER),
        (401, FULL, Outcome.LOCKED),
        (402, FULL, Outcome.LOCKED),
        (403, FULL, Outcome.LOCKED),
        (404, FULL, Outcome.MISSING),
        (404, Facts(hostile="a bomb"), Outcome.MISSING),
        (407, FULL, Outcome.LOCKED),
        (410, FULL, Outcome.MISSING),
        (429, FULL, Outcome.NO_ANSWER),
        (451, FULL, Outcome.LOCKED),
        (500, FULL, Outcome.NO_ANSWER),
        (503, Facts(length=10, says_gone=True), Outcome.NO_ANSWER),
    ],
)
def test_a_status_and_a_body_make_one_outcome(status: int, facts: Facts, outcome: Outcome) -> None:
    found, reason = judge(status, facts)
    assert found is outcome
    assert (reason == "") is (outcome is Outcome.PRESENT)
