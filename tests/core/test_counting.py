"""Every published figure, by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lykta.core.counting import CountryCount, ItemFacts, by_country, figures
from lykta.core.vocabulary import Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


ITEMS = [
    ItemFacts(first_reported_at=START, verdict=Verdict.ILLEGAL, host_country="SE", police_told_at=after(10),
              host_told_at=after(70), gone_at=after(130)),
    ItemFacts(first_reported_at=START, verdict=Verdict.ILLEGAL, host_country="SE", police_told_at=after(30)),
    ItemFacts(first_reported_at=START, verdict=Verdict.ILLEGAL, host_country="NL", gone_at=after(10)),
    ItemFacts(first_reported_at=START, verdict=Verdict.NOT_ILLEGAL, host_country="NL", gone_at=after(1)),
    ItemFacts(first_reported_at=START),
]  # fmt: skip


def test_the_figures_are_those_that_a_person_counts() -> None:
    values = {figure.name: figure.value for figure in figures(ITEMS, reports=4)}
    assert values == {
        "reports": 4,
        "items": 5,
        "illegal": 3,
        "gone": 2,
        "to_police": 20.0,
        "to_host": 70.0,
        "to_removal": 70.0,
    }


def test_countries_count_illegal_items_only_most_first() -> None:
    assert by_country(ITEMS) == (CountryCount("SE", 2), CountryCount("NL", 1))


def test_nothing_measured_is_said_as_nothing_not_as_zero() -> None:
    values = {figure.name: figure.value for figure in figures([], reports=0)}
    assert values["to_police"] is None
    assert values["items"] == 0


def test_every_figure_has_a_definition_and_a_unit() -> None:
    for figure in figures(ITEMS, reports=1):
        assert figure.definition.endswith(".")
        assert figure.unit


@given(st.lists(st.sampled_from(ITEMS), max_size=40))
def test_parts_never_exceed_their_whole(items: list[ItemFacts]) -> None:
    values = {figure.name: figure.value or 0 for figure in figures(items, reports=len(items))}
    assert values["gone"] <= values["illegal"] <= values["items"] == len(items)
    assert sum(count.items for count in by_country(items)) == values["illegal"]
