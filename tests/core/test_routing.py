"""Who must be told: the table of the country file's questions, and what must never happen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.routing import Duty, Facts, duties, question
from lykta.core.vocabulary import RecipientKind

HOTLINES = frozenset({"NL", "TH"})
POLICE, HOTLINE, HOST = RecipientKind.POLICE, RecipientKind.HOTLINE, RecipientKind.HOST
COUNTRIES = st.sampled_from(["", "SE", "NL", "TH", "US"])


def told(facts: Facts) -> list[tuple[RecipientKind, str, str]]:
    return [(duty.kind, duty.country, duty.rule) for duty in duties(facts, home="SE", hotlines=HOTLINES)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(host_country="SE"), [(POLICE, "SE", "server"), (HOST, "SE", "host")]),
        (Facts(host_country="NL"), [(HOTLINE, "NL", "abroad")]),
        (Facts(host_country="US"), [(POLICE, "SE", "abroad-fallback")]),
        (Facts(host_country=""), [(POLICE, "SE", "abroad-fallback")]),
        (Facts(host_country="NL", behind_cdn=True), [(POLICE, "SE", "unsure")]),
        (Facts(host_country="SE", behind_cdn=True), [(POLICE, "SE", "unsure")]),
        (Facts(host_country="NL", host_sure=False), [(POLICE, "SE", "unsure")]),
        (Facts(host_country="SE", host_sure=False), [(POLICE, "SE", "unsure")]),
        (Facts(host_country="", host_sure=False), [(POLICE, "SE", "unsure")]),
        (Facts(host_country="NL", host_sure=False, said_by_analyst=True), [(HOTLINE, "NL", "abroad")]),
        (Facts(host_country="NL", behind_cdn=True, said_by_analyst=True), [(HOTLINE, "NL", "abroad")]),
        (Facts(host_country="US", behind_cdn=True, said_by_analyst=True), [(POLICE, "SE", "abroad-fallback")]),
        (
            Facts(host_country="SE", behind_cdn=True, said_by_analyst=True),
            [(POLICE, "SE", "server"), (HOST, "SE", "host")],
        ),
        (Facts(host_country="NL", host_sure=False, victim_country="SE"), [(POLICE, "SE", "victim")]),
        (Facts(host_country="NL", danger=True), [(POLICE, "SE", "danger"), (HOTLINE, "NL", "abroad")]),
        (Facts(host_country="SE", danger=True), [(POLICE, "SE", "danger"), (HOST, "SE", "host")]),
        (Facts(host_country="NL", victim_country="SE"), [(POLICE, "SE", "victim"), (HOTLINE, "NL", "abroad")]),
        (Facts(host_country="NL", offender_country="SE"), [(POLICE, "SE", "offender"), (HOTLINE, "NL", "abroad")]),
        (Facts(host_country="", has_host=False), [(POLICE, "SE", "no-country")]),
    ],
)
def test_who_is_told(facts: Facts, expected: list[tuple[RecipientKind, str, str]]) -> None:
    assert told(facts) == expected


def any_facts() -> st.SearchStrategy[Facts]:
    return st.builds(
        Facts,
        host_country=COUNTRIES,
        host_sure=st.booleans(),
        behind_cdn=st.booleans(),
        said_by_analyst=st.booleans(),
        danger=st.booleans(),
        victim_country=COUNTRIES,
        offender_country=COUNTRIES,
        has_host=st.booleans(),
    )


def all_duties(facts: Facts) -> tuple[Duty, ...]:
    return duties(facts, home="SE", hotlines=HOTLINES)


@given(any_facts())
def test_somebody_is_always_told(facts: Facts) -> None:
    assert any(duty.kind in {POLICE, HOTLINE} for duty in all_duties(facts))


@given(any_facts())
def test_nobody_is_told_twice(facts: Facts) -> None:
    keys = [(duty.kind, duty.country) for duty in all_duties(facts)]
    assert len(keys) == len(set(keys))


@given(any_facts())
def test_a_host_is_never_told_before_the_police(facts: Facts) -> None:
    found = all_duties(facts)
    for place, duty in enumerate(found):
        if duty.kind is HOST:
            assert duty.after_police
            assert any(earlier.kind is POLICE for earlier in found[:place])


@given(any_facts())
def test_where_it_is_not_sure_where_the_server_is_only_our_police_are_told_before_a_person_says(facts: Facts) -> None:
    sure = facts.host_sure and not facts.behind_cdn
    if facts.has_host and not sure and not facts.said_by_analyst:
        assert {duty.kind for duty in all_duties(facts)} == {POLICE}
        assert "In which country is it?" in question(facts)
    else:
        assert question(facts) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(host_country="NL", host_sure=False), "it may be NL"),
        (Facts(host_country="", host_sure=False), "The country of the server is not known."),
        (Facts(host_country="", behind_cdn=True), "A delivery network stands in front"),
        (Facts(host_country="NL", said_by_analyst=True), "An analyst says that the server is abroad (NL)."),
        (Facts(host_country="SE", said_by_analyst=True), "An analyst says that the server is in our country."),
    ],
)
def test_a_duty_says_how_sure_the_country_is(facts: Facts, words: str) -> None:
    assert words in all_duties(facts)[0].because


@given(any_facts())
def test_a_host_abroad_or_behind_a_delivery_network_is_never_written_to(facts: Facts) -> None:
    sure = facts.said_by_analyst or (facts.host_sure and not facts.behind_cdn)
    if facts.host_country != "SE" or not sure or not facts.has_host:
        assert all(duty.kind is not HOST for duty in all_duties(facts))


@given(any_facts())
def test_danger_goes_first_and_is_urgent(facts: Facts) -> None:
    first = all_duties(facts)[0]
    assert first.urgent is facts.danger
    if facts.danger:
        assert (first.kind, first.rule) == (POLICE, "danger")


@given(any_facts())
def test_every_duty_says_which_rule_and_why(facts: Facts) -> None:
    for duty in all_duties(facts):
        assert duty.rule
        assert duty.because.endswith(".")
