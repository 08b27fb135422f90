"""Partners' links: a code is one partner's for good; what is taken away counts no more; sums by week and month."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.letterbox import links, tallies
from lykta.records.letterbox.models import Link
from lykta.records.letterbox.tallies import Counted

pytestmark = pytest.mark.django_db(databases=["letterbox"])
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCHOOL = "https://school.example"
AIRPORT = "https://airport.example:8443"


def add(code: str = "SCHOOL", name: str = "A school", *origins: str) -> Link:
    return links.add_link(code=code, name=name, origins=origins, now=NOW)


def test_a_link_is_found_by_its_code_in_any_case() -> None:
    add("ARN-T5", "An airport")
    assert [link and link.name for link in map(links.link_with, ("ARN-T5", "arn-t5", "ARN", ""))] == [
        "An airport",
        "An airport",
        None,
        None,
    ]


@pytest.mark.parametrize("code", ["", "a b", "small", "-A", "A_B", "Å", "A" * 33, "A\n"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(NotUnderstood, match="capital letters"):
        add(code)
    assert links.links() == []


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_link_needs_a_name(name: str) -> None:
    with pytest.raises(NotUnderstood, match="a name"):
        add("SCHOOL", name)


def test_a_code_that_is_taken_is_refused() -> None:
    add()
    with pytest.raises(NotNow, match="already"):
        add()


def test_a_code_is_never_given_to_another_partner_but_its_own_gets_it_back() -> None:
    add("SCHOOL", "A school", SCHOOL)
    links.take_away(code="SCHOOL", now=NOW)
    assert (links.links(), links.link_with("SCHOOL"), links.origins()) == ([], None, ())
    with pytest.raises(NotNow, match="posters may still hang"):
        add("SCHOOL", "Another school")
    assert links.link_with("SCHOOL") is None
    add("SCHOOL", "A school", AIRPORT)
    assert [(link.code, link.origins) for link in links.links()] == [("SCHOOL", AIRPORT)]


def test_the_sites_of_all_links_are_named_once_each() -> None:
    add("SCHOOL", "A school", SCHOOL, AIRPORT)
    add("OTHER", "Another", SCHOOL)
    add("NONE", "A third")
    assert links.origins() == (AIRPORT, SCHOOL)
    links.let_frame(code="SCHOOL", origins=())
    assert links.origins() == (SCHOOL,)


def test_what_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(NotNow):
        links.take_away(code="NOBODY", now=NOW)
    with pytest.raises(NotNow):
        links.let_frame(code="NOBODY", origins=(SCHOOL,))


def test_counts_are_summed_from_a_day_on() -> None:
    today = date(2026, 3, 31)
    for days, visits in ((0, 1), (6, 10), (7, 100), (29, 1000), (30, 10_000)):
        tallies.add("SCHOOL", day=today - timedelta(days=days), visits=visits, tips=1)
    tallies.add("OTHER", day=today, tips=5)
    assert tallies.sums(since=today - timedelta(days=6)) == {"SCHOOL": Counted(11, 2), "OTHER": Counted(0, 5)}
    assert tallies.sums(since=today - timedelta(days=29))["SCHOOL"] == Counted(1111, 4)
    assert tallies.sums()["SCHOOL"] == Counted(11_111, 5)
    shown = tallies.days("SCHOOL", since=today - timedelta(days=6))
    assert [(tally.day, tally.visits) for tally in shown] == [(today, 1), (today - timedelta(days=6), 10)]
