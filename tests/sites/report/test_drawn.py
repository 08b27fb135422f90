"""Pages that are drawn once and filled: the same as if they were drawn each time, and nothing of one stays in another."""

from collections.abc import Mapping

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from tests.sites.browsing import Page, get, press
from tests.sites.report.reporter import SHORTEST, TELL, answer, checked, journey_on, sent, told

from lykta.config.environment import Environment
from lykta.lib import clock
from lykta.records.letterbox import links
from lykta.sites.report import drawn, showing
from lykta.sites.report.drawn import filled


@pytest.fixture(autouse=True)
def _nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "_shelf", (None, {}))


def page(holes: Mapping[str, str]) -> HttpResponse:
    return HttpResponse("|".join([*holes.values(), *holes]))


def shown(**values: str) -> str:
    return filled("key", page, values).content.decode()


def test_each_page_has_its_own_values() -> None:
    assert shown(a="one", b="two") == "one|two|a|b"
    assert shown(a="three", b="one") == "three|one|a|b"


def test_values_are_escaped_as_in_a_template_unless_they_are_markup_already() -> None:
    assert shown(a='<b> & "c"', b=mark_safe("<svg/>")) == "&lt;b&gt; &amp; &quot;c&quot;|<svg/>|a|b"


@given(st.text(), st.text())
def test_no_value_reaches_into_another_hole(one: str, other: str) -> None:
    assert shown(a=one, b="second", c=other) == f"{escape(one)}|second|{escape(other)}|a|b|c"
    assert shown(a="first", b="second", c="third") == "first|second|third|a|b|c"


def test_what_is_kept_holds_no_value() -> None:
    shown(a="a secret word")
    assert "a secret word" not in str(drawn._pages())


def test_a_page_of_other_settings_is_another_page(settings: Settings) -> None:
    assert filled("key", page, {"a": "one"}).content == b"one|a"
    settings.ENVIRONMENT = Environment(name="Another hotline")
    other = filled("key", lambda _holes: HttpResponse(b"another page"), {"a": "one"})
    assert other.content == b"another page"


def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST", 3)
    for number in range(10):
        filled(number, page, {"a": "one"})
    assert len(drawn._pages()) <= 3


@pytest.mark.django_db(databases=["letterbox"])
def test_nothing_of_one_reporter_is_on_the_pages_of_the_next(report: Client) -> None:
    first = checked(report, where="https://first.example/ <first>")
    second = checked(report, where="https://second.example/ <second>")
    assert "first" not in second.source.replace('class="first"', "")
    assert "&lt;second&gt;" in second.source
    assert journey_on(first).code != journey_on(second).code
    codes = {sent(report).fields["code"] for _ in range(3)}
    assert len(codes) == 3


@pytest.mark.django_db(databases=["letterbox"])
@pytest.mark.parametrize("begun", ["/en/tell/?via=SCHOOL", "/en/tell/?via=a-secret-word", "/en/tell/?a-secret-word"])
def test_what_stands_in_the_address_of_one_visitor_is_on_no_page_of_the_next(report: Client, begun: str) -> None:
    """Pages lead on to their twins, and were kept with them."""
    links.add_link(code="SCHOOL", name="A school", now=clock.now())
    assert "a-secret-word" not in get(report, begun).source
    page = get(report, TELL)
    assert "via" not in page.source
    assert journey_on(page).link == ""


@pytest.mark.django_db(databases=["letterbox"])
def test_a_filled_page_is_the_page_that_would_have_been_drawn(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions, the check page and the receipt, each drawn afresh and drawn before."""

    def drawn_afresh(_key: object, draw: drawn.Draw, values: Mapping[str, str]) -> HttpResponse:
        return draw(values)

    def without_state(page: Page) -> str:
        return page.source.replace(page.fields["state"], "")

    danger, question, check = told(report, "web"), told(report, "web", "no"), checked(report)
    receipt = press(report, TELL, check, "send")
    monkeypatch.setattr(showing, "filled", drawn_afresh)
    assert without_state(press(report, TELL, danger, "go", answer="no")) == without_state(question)
    afresh = answer(report, question, SHORTEST["where"], "check")
    assert without_state(afresh) == without_state(check)
    assert press(report, TELL, check, "send").source == receipt.source


def test_the_first_question_is_the_same_for_everybody_but_for_its_state(report: Client) -> None:
    one, other = get(report, TELL), get(report, TELL)
    assert one.source != other.source
    assert one.source.replace(one.fields["state"], "") == other.source.replace(other.fields["state"], "")
