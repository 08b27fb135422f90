"""From a response and the facts of its body to one of the outcomes of a look. Pure.

| what came | outcome | why |
|---|---|---|
| 2xx with a body | PRESENT | unless the page says that it is gone, or is nothing but a log-in |
| 404, 410 | MISSING | the server says so |
| 401, 402, 403, 407, 451 | LOCKED | withheld from us; 403 and 451 often mean "not from your country", and taking |
| | | them for "gone" would close a case while others still see the material |
| 2xx without a body, other 4xx, 429, 5xx, other 3xx | NO_ANSWER | nothing can be concluded; look again |
"""

from lykta.connectors.web.facts import Facts
from lykta.core.vocabulary import Outcome

MISSING = frozenset({404, 410})
LOCKED = frozenset({401, 402, 403, 407, 451})


def judge(status: int, facts: Facts) -> tuple[Outcome, str]:
    """The outcome, and in words why it is not PRESENT."""
    if status in MISSING:
        return Outcome.MISSING, f"the server answers {status}"
    if status in LOCKED:
        return Outcome.LOCKED, f"the server answers {status}"
    if facts.hostile:
        return Outcome.REFUSED, facts.hostile
    if not 200 <= status < 300:
        return Outcome.NO_ANSWER, f"the server answers {status}"
    return _judge_content(facts)


def _judge_content(facts: Facts) -> tuple[Outcome, str]:
    if facts.says_gone:
        return Outcome.MISSING, "the page says that it is not there"
    if facts.asks_password:
        return Outcome.LOCKED, "the page asks for a log-in or a password"
    if facts.length == 0:
        return Outcome.NO_ANSWER, "an empty answer"
    return Outcome.PRESENT, ""
