"""Our list of hashes as others fetch it: whoever pages through it while it grows loses nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykta.core.refusals import NotUnderstood
from lykta.records.letterbox import feed
from lykta.records.letterbox.feed import AHEAD, EARLY, Line, Span
from lykta.records.letterbox.models import Feedback, FeedEntry, Fetch

pytestmark = pytest.mark.django_db(databases=["letterbox"])
NOW = datetime(2026, 1, 1, tzinfo=UTC)
THEN = datetime(1970, 1, 1, tzinfo=UTC)


def number(index: int) -> UUID:
    return UUID(int=index + 1)


def line(index: int, revision: int = 1, *, deleted: bool = False) -> Line:
    md5 = "" if deleted else f"{index:032x}"
    return Line(entry=number(index), revision=revision, deleted=deleted, kind="picture", md5=md5)


def publish(*lines: Line, now: datetime = NOW) -> None:
    feed.append(lines, now=now)


def whole(until: datetime, *, size: int, since: datetime = THEN) -> Iterator[FeedEntry]:
    """Every line, page by page."""
    span: Span | None = Span(since=since, until=until)
    while span is not None:
        page = feed.page(span, size=size, now=until)
        assert len(page.lines) <= size
        yield from page.lines
        span = page.following


def test_each_line_comes_once_and_in_order_over_pages_of_any_size() -> None:
    publish(*[line(index) for index in range(7)])
    for size in (1, 2, 3, 6, 7, 8):
        found = [one.entry for one in whole(NOW + timedelta(hours=1), size=size)]
        assert found == [number(index) for index in range(7)]


def test_a_line_is_dated_ahead_so_that_nobody_was_served_beyond_it() -> None:
    publish(line(0))
    assert list(whole(NOW + EARLY, size=5)) == []
    assert [one.entry for one in whole(NOW + AHEAD + timedelta(seconds=1), size=5, since=NOW + EARLY)] == [number(0)]


def test_a_span_holds_its_beginning_and_not_its_end() -> None:
    publish(line(0))
    dated = NOW + AHEAD
    assert list(whole(dated, size=5)) == []
    assert len(list(whole(dated + timedelta(seconds=1), size=5, since=dated))) == 1


def test_who_asks_for_the_future_is_told_to_set_the_clock() -> None:
    with pytest.raises(NotUnderstood, match=r"7200 seconds in the future by our clock.*TZ=UTC"):
        feed.page(Span(since=THEN, until=NOW + timedelta(hours=2)), size=5, now=NOW)
    with pytest.raises(NotUnderstood, match="before"):
        feed.page(Span(since=NOW, until=THEN), size=5, now=NOW)


def test_a_clock_that_was_put_back_dates_no_line_before_another() -> None:
    publish(line(0))
    publish(line(1), now=NOW - timedelta(days=1))
    assert {one.dated for one in FeedEntry.objects.using("letterbox").all()} == {NOW + AHEAD}


def test_what_was_taken_off_is_served_as_a_deletion_without_its_fingerprints() -> None:
    publish(line(0), line(1))
    publish(line(0, 2, deleted=True))
    found = {one.entry: (one.deleted, one.md5) for one in whole(NOW + timedelta(hours=1), size=5)}
    assert found == {number(0): (True, ""), number(1): (False, f"{1:032x}")}
    assert (feed.offers(number(0)), feed.offers(number(1)), feed.offers(number(2))) == (False, True, False)


def test_publishing_twice_counts_once() -> None:
    for _ in range(2):
        publish(line(0), line(1))
    assert FeedEntry.objects.using("letterbox").count() == 2


@dataclass
class Client:
    """As threatexchange goes about it: a checkpoint is kept when the last page of a span was read."""

    since: datetime = THEN
    following: Span | None = None
    state: dict[UUID, bool] = field(default_factory=dict)
    seen: set[UUID] = field(default_factory=set)

    def ask(self, now: datetime) -> None:
        span = self.following or Span(since=self.since, until=now - timedelta(seconds=5))
        page = feed.page(span, size=2, now=now)
        for one in page.lines:
            self.seen.add(one.entry)
            self.state[one.entry] = not one.deleted
        self.following = page.following
        if page.following is None:
            self.since = span.until

    def ask_all(self, now: datetime) -> None:
        self.ask(now)
        while self.following is not None or self.since < now - timedelta(seconds=5):
            self.ask(now)


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("turn"), st.lists(st.integers(0, 4), min_size=1, max_size=4)),
        st.tuples(st.just("wait"), st.integers(0, 90)),
        st.tuples(st.just("ask"), st.integers(0, 1)),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_however_publishing_and_paging_alternate_every_client_ends_with_the_list_as_it_is(
    deeds: list[tuple[str, list[int] | int]],
) -> None:
    FeedEntry.objects.using("letterbox").all().delete()
    now, clients, offered, revisions = NOW, [Client(), Client()], set[UUID](), dict.fromkeys(range(5), 0)
    for deed, what in deeds:
        if isinstance(what, list):
            lines = []
            for index in dict.fromkeys(what):
                revisions[index] += 1
                offered ^= {number(index)}
                lines.append(line(index, revisions[index], deleted=number(index) not in offered))
            publish(*lines, now=now)
        elif deed == "wait":
            now += timedelta(seconds=what)
        else:
            clients[what].ask(now)
    now += timedelta(minutes=3)
    for client in clients:
        client.ask_all(now)
        assert client.seen == {number(index) for index, revision in revisions.items() if revision}
        assert {entry for entry, is_there in client.state.items() if is_there} == offered


def test_it_is_known_who_fetched_how_much_and_up_to_when() -> None:
    publish(*[line(index) for index in range(3)])
    publish(line(0, 2, deleted=True))
    now = NOW + timedelta(hours=1)
    span: Span | None = Span(since=THEN, until=now)
    while span is not None:
        page = feed.page(span, size=2, now=now)
        feed.note_fetch(slug="social", span=span, served=page, now=now)
        span = page.following
    [found] = feed.subscribers()
    assert (found.slug, found.requests, found.added, found.deleted) == ("social", 2, 2, 1)
    assert (found.last_at, found.has_all_before) == (now, now)
    assert [one.complete for one in feed.fetches("social", limit=5)] == [True, False]
    assert feed.fetches("games", limit=5) == []


def test_who_has_not_come_to_the_last_page_has_not_got_everything() -> None:
    publish(line(0), line(1))
    span = Span(since=THEN, until=NOW + timedelta(hours=1))
    page = feed.page(span, size=1, now=span.until)
    feed.note_fetch(slug="social", span=span, served=page, now=span.until)
    assert feed.subscribers()[0].has_all_before is None


def test_of_what_a_partner_says_of_a_fingerprint_the_newest_word_counts() -> None:
    for slug, said in (("social", "not_abuse"), ("games", ""), ("social", "")):
        feed.note_feedback(slug=slug, entry=number(0), fingerprint="MD5", objection=said, now=NOW)
    assert [(one.slug, one.objection) for one in feed.feedback()] == [("social", ""), ("games", "")]
    feed.sweep(now=NOW)
    assert Feedback.objects.using("letterbox").count() == 2


def test_who_fetched_what_is_forgotten_after_some_months() -> None:
    page = feed.page(Span(since=THEN, until=NOW), size=1, now=NOW)
    for at in (NOW - feed.KEEP - timedelta(seconds=1), NOW):
        feed.note_fetch(slug="social", span=Span(since=THEN, until=NOW), served=page, now=at)
    feed.sweep(now=NOW)
    assert [one.at for one in Fetch.objects.using("letterbox").all()] == [NOW]
