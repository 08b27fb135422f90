"""Two traces side by side: what differs is marked, and what one of them did not learn is seen as that."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lykta.records.tracing.models import Observation
from lykta.sites.desk.comparing import Comparison, compare

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = FIRST + timedelta(days=2)
NETWORK: dict[str, Any] = {"holder": "Nordhost AB", "country": "SE", "contacts": [{"email": "abuse@nordhost.test"}]}


def seen(what: str, kept_at: datetime, /, problem: str = "", **facts: Any) -> Observation:
    """Something that was observed three seconds before its trace was kept."""
    return Observation(what=what, source="a source", at=kept_at - timedelta(seconds=3), facts=facts, problem=problem)


def compared(*observations: Observation) -> Comparison:
    found = compare(observations, [SECOND, FIRST])
    assert found is not None
    return found


def differing(found: Comparison) -> dict[str, tuple[str, str]]:
    return {line.what: (line.before, line.now) for line in found.lines if line.differs}


def test_one_trace_has_nothing_beside_it() -> None:
    assert compare([seen("network", FIRST, **NETWORK)], [FIRST]) is None
    assert compare([], []) is None


def test_two_traces_that_learnt_the_same_do_not_differ() -> None:
    found = compared(seen("network", FIRST, **NETWORK), seen("network", SECOND, **NETWORK))
    assert found.differing == 0
    assert (found.before_at, found.now_at) == (FIRST, SECOND)
    assert [line.what for line in found.lines] == ["Network", "Network registered to", "Contacts of the network"]


def test_what_moved_is_marked_with_both_values() -> None:
    found = compared(
        seen("names", FIRST, chain=["old.example"], addresses=["192.0.2.1"]),
        seen("names", SECOND, chain=["new.example"], addresses=["192.0.2.1", "192.0.2.2"]),
    )
    assert differing(found) == {
        "Also named": ("old[.]example", "new[.]example"),
        "Answers from": ("192.0.2.1", "192.0.2.1, 192.0.2.2"),
    }
    assert found.differing == 2


def test_the_order_of_an_answer_is_no_difference() -> None:
    found = compared(
        seen("names", FIRST, addresses=["192.0.2.1", "192.0.2.2"]),
        seen("names", SECOND, addresses=["192.0.2.2", "192.0.2.1"]),
    )
    assert differing(found) == {}


def test_what_is_there_is_compared_by_outcome_title_and_digest() -> None:
    hops = [{"address": "http://a.example/1", "ip": "192.0.2.1", "status": 200}]
    there: dict[str, Any] = {
        "outcome": "present",
        "status": 200,
        "title": "A page",
        "sha256": "a" * 64,
        "media": 3,
        "hops": hops,
    }
    found = compared(seen("look", FIRST, **there), seen("look", SECOND, outcome="missing", status=404, hops=hops))
    assert differing(found) == {
        "What is there": ("there 200", "not there 404"),
        "Title": ("A page", ""),
        "SHA-256 of the page": ("a" * 64, ""),
        "Pictures and films": ("3", ""),
    }
    assert "hxxp://a[.]example/1" in {line.now for line in found.lines}


def test_each_source_places_it_on_its_own() -> None:
    found = compared(
        seen("place", FIRST, source="first", country="SE"),
        seen("place", FIRST, source="second", country="SE"),
        seen("place", SECOND, source="first", country="SE"),
        seen("place", SECOND, source="second", country="NL"),
    )
    [line] = found.lines
    assert line.before == "first: Sweden (SE); second: Sweden (SE)"
    assert line.now == "first: Sweden (SE); second: Netherlands (NL)"


def test_who_did_not_answer_is_told() -> None:
    found = compared(seen("network", FIRST, **NETWORK), seen("network", SECOND, problem="RDAP: too many questions"))
    assert differing(found)["Did not tell"] == ("", "Network: RDAP: too many questions")


def test_holder_and_registrar_are_compared() -> None:
    found = compared(
        seen("autnum", FIRST, name="NORD-AS"),
        seen("domain", FIRST, registrar="One"),
        seen("autnum", SECOND, name="NORD-AS", holder="Nordhost"),
        seen("domain", SECOND, registrar="Two"),
    )
    assert differing(found) == {"Announced by": ("NORD-AS", "Nordhost"), "Name sold by": ("One", "Two")}


def test_only_the_last_two_of_many_traces_are_compared() -> None:
    third = SECOND + timedelta(days=1)
    observations = [seen("domain", at, registrar=name) for at, name in ((FIRST, "A"), (SECOND, "B"), (third, "C"))]
    found = compare(observations, [FIRST, SECOND, third])
    assert found is not None
    assert (found.lines[0].before, found.lines[0].now) == ("B", "C")


def test_an_observation_after_the_last_kept_trace_belongs_to_none() -> None:
    late = seen("domain", SECOND + timedelta(minutes=1), registrar="C")
    found = compared(seen("domain", FIRST, registrar="A"), seen("domain", SECOND, registrar="B"), late)
    assert (found.lines[0].before, found.lines[0].now) == ("A", "B")
