"""Each branch from its first page to its letter: one question at a time, in order, and on every page all ways out work."""

import gzip
import re

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import press
from tests.sites.report.reporter import CHECK, SWEDISH, TELL, Stop, ask, journey_on, shown, title_of, typed_on, walk

from lykta.core import asking
from lykta.core.vocabulary import Asked, Topic
from lykta.sites.common.headers import HEADERS

pytestmark = [pytest.mark.django_db(databases=["letterbox"]), pytest.mark.parametrize("topic", [*Topic])]

MOST_BYTES = 14_000
ADDRESS = re.compile(r'\b(?:href|src|action|formaction)="([^"]*)"')


def stored() -> list[dict[str, str]]:
    """The answers in each letter."""
    return [letter["answers"] for letter in letters.opened()]


def title(stop: Stop) -> str:
    return title_of(stop.at, stop.answers)


def test_every_page_comes_in_order_and_asks_one_thing(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        assert (stop.page.status, stop.page.title) == (200, title(stop))
        assert [stop.page.tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1", "title")] == [1] * 6
        assert stop.page.links[:4] == ["#main", "/en/", "/leave/", "tel:112"]
        assert len(stop.page.ids) == len({*stop.page.ids})
        assert [name for name in stop.page.fields if name != "state"] in ([], ["answer"], ["answer", "fingerprints"])


def test_every_field_has_a_label_and_is_not_remembered(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        source = stop.page.source
        named = re.findall(r'<(?:input|textarea)[^>]* id="([^"]+)" name=', source)
        assert all(f'<label for="{identity}">' in source for identity in named)
        assert source.count('autocomplete="off"') == len(named) + 1
        choices = re.findall(r'<input type="(?:radio|checkbox)"', source)
        assert len(choices) == source.count('<label class="choice"><input ') == len(stop.page.offered)


def test_each_answer_is_stored_before_the_next_page_is_there(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        assert stored() == ([stop.answers] if stop.answers else [])
        assert letters.kinds() == (["part"] if stop.answers else [])


def test_what_was_answered_arrives_and_nothing_else(report: Client, topic: Topic) -> None:
    *_, last = walk(report, topic)
    receipt = press(report, TELL, last.page, "send")
    assert "Thank you. We have received it." in receipt.text
    assert letters.kinds() == ["report"]
    assert letters.opened() == [{"answers": last.answers, "files": [], "language": "en"}]


def test_the_check_page_shows_every_answer(report: Client, topic: Topic) -> None:
    *_, last = walk(report, topic)
    for asked, said in last.answers.items():
        if asked not in asking.CHOICES:
            assert " ".join(said.split()) in last.page.text
    assert "Not said" not in last.page.text
    assert {f"change-{asked}" for asked in last.answers} - {*last.page.buttons} <= {
        "change-fingerprints",
        "change-country",
    }


def test_skip_leaves_out_what_is_not_needed(report: Client, topic: Topic) -> None:
    page, answers = ask(report), {Asked.TOPIC: str(topic)}
    page = press(report, TELL, page, "go", answer=topic)
    while page.title != CHECK:
        at = journey_on(page).at
        needed = at in asking.NEEDED[topic]
        assert ("skip" in page.buttons) is (isinstance(at, Asked) and not needed)
        if needed and isinstance(at, Asked):
            answers[at] = "x"
        step = "skip" if "skip" in page.buttons else "go"
        page = press(report, TELL, page, step, **({"answer": "x"} if needed else typed_on(at, topic)))
    press(report, TELL, page, "send")
    assert stored() == [answers]


def test_what_is_needed_cannot_be_skipped(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        if stop.at in asking.NEEDED[topic]:
            refused = press(report, TELL, stop.page, "skip", answer="")
            assert (refused.status, refused.title) == (422, title(stop))
            assert "#answer" in refused.links


def test_back_comes_to_the_page_before_with_its_answer_and_forth_again_loses_nothing(
    report: Client, topic: Topic
) -> None:
    before: Stop | None = None
    for stop in walk(report, topic):
        if before is None:
            assert "back" not in stop.page.buttons
        else:
            back = press(report, TELL, stop.page, "back", **stop.typed)
            assert (back.status, back.title) == (200, title(before))
            assert shown(back) == before.typed
            forth = press(report, TELL, back, "go")
            assert forth.title == title(stop)
            assert shown(forth) == stop.typed
            assert stored() == [stop.then]
        before = stop


def test_another_language_comes_to_the_same_page_with_what_was_typed_and_stores_it_with_the_next_button(
    report: Client, topic: Topic
) -> None:
    for stop in walk(report, topic):
        assert f'formaction="{SWEDISH}" name="step" value="again"' in stop.page.source
        swedish = press(report, SWEDISH, stop.page, "again", **stop.typed)
        assert (swedish.status, '<html lang="sv"' in swedish.source) == (200, True)
        assert journey_on(swedish).at == stop.at
        assert shown(swedish) == stop.typed
        english = press(report, TELL, swedish, "again")
        assert (english.title, shown(english)) == (title(stop), stop.typed)
        if stop.at is not None:
            press(report, TELL, english, "go")
            assert stored() == [stop.then]


def test_who_reloads_a_page_or_presses_twice_comes_to_the_same_page(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        pages = [press(report, TELL, stop.page, "go", **stop.typed) for _ in range(2) if stop.at]
        assert len({page.title for page in pages}) == len({page.text for page in pages}) == bool(stop.at)
    assert letters.kinds() == ["part"]


def test_the_rest_can_be_skipped_as_soon_as_what_is_needed_is_said(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        later = isinstance(stop.at, Asked) and stop.at is not Asked.TOPIC
        missing = {*asking.missing(stop.answers)} - {stop.at}
        assert ("check" in stop.page.buttons) is (later and not missing)


def test_every_page_is_light_remembers_nothing_and_names_no_answer_in_an_address(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        assert {header: stop.page.headers[header] for header in HEADERS} == HEADERS
        assert not re.search(r"<style| style=| on\w+=|<img|<iframe", stop.page.source)
        parts = ["tokens.css", "public.css", *(script.removeprefix("/static/") for script in stop.page.scripts)]
        weight = [stop.page.source.encode(), *(report.get(f"/static/{name}").getvalue() for name in parts)]
        assert sum(len(gzip.compress(part)) for part in weight) <= MOST_BYTES
        for address in ADDRESS.findall(stop.page.source):
            assert re.fullmatch(r"#main|tel:[+0-9]+|/([a-z]{2,3}(-[a-z]+)?/)?([a-z]+/)?([a-z]+\.(css|js))?", address)
    assert not report.cookies


def test_on_every_page_it_can_be_thrown_away_and_asks_first(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        if stop.answers:
            throw = press(report, TELL, stop.page, "throw", **stop.typed)
            assert "Do you want to throw this away?" in throw.text
            kept = press(report, TELL, throw, "again")
            assert (kept.title, shown(kept)) == (title(stop), stop.typed)
        else:
            assert "throw" not in stop.page.buttons


def test_a_letterbox_that_fails_on_any_page_loses_nothing(report: Client, topic: Topic) -> None:
    for stop in walk(report, topic):
        if stop.at is None or stop.then == stop.answers:
            continue
        with letters.failing("UPDATE" if stop.answers else "INSERT"):
            failed = press(report, TELL, stop.page, "go", **stop.typed)
        assert (failed.status, failed.title) == (503, title(stop))
        assert "We could not receive it" in failed.text
        assert shown(failed) == stop.typed
        assert stored() == ([stop.answers] if stop.answers else [])
        assert press(report, TELL, failed, "go").status == 200
        assert stored() == [stop.then]


def test_enter_presses_what_the_page_is_about(report: Client, topic: Topic) -> None:
    """A browser presses the first button of the form (HTML, implicit submission)."""
    for stop in walk(report, topic):
        first = re.search(r'<button[^>]*form="answers"[^>]*>', stop.page.source)
        assert first is not None
        step = {None: "send", "emergency": "number"}.get(stop.at, "go")
        assert f'name="step" value="{step}"' in first.group()
        assert "formaction" not in first.group()
