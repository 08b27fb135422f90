"""A flood makes its own network wait, for seconds; nobody is refused, nothing typed is lost, nothing is remembered."""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import connections
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page, post, press
from tests.sites.report.reporter import MARKS, answer, checked, journey_on, told, walk

from lykta.config.environment import Environment
from lykta.core.vocabulary import BoxKind, Choice, Topic
from lykta.lib import clock, codes
from lykta.sites.common import floods
from lykta.sites.common.floods import Buckets, network
from lykta.sites.common.words import TEXT_LIMIT, new_nonce
from lykta.sites.report.journey import Journey

pytestmark = pytest.mark.django_db(databases=["letterbox"])

TELL, MAILBOX, ANSWER = "/en/tell/", "/en/mailbox/", "/en/answer/"
FLOODER, NEIGHBOUR, OTHER = "192.0.2.7", "192.0.2.200", "198.51.100.7"
AGENT = "PlantedVisitor/77.7"
FORGERIES: list[Callable[[str], str]] = [
    lambda _: "",
    lambda _: "ä",
    lambda _: "1-",
    lambda good: good.partition("-")[0],
    lambda good: "1-" + good.partition("-")[2],
    lambda good: "0" + good,
    lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"),
    lambda good: "9" * 5_000 + good,
]


@dataclass
class Moment:
    """The present, which a test moves."""

    seconds: float = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() + 0.4

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    made = Moment()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture(autouse=True)
def _fresh_limits(settings: Settings) -> None:
    """Everything that is counted is counted under this key."""
    settings.FLOOD_KEY = secrets.token_bytes(32)


def visitor(address: str) -> Client:
    return Client(REMOTE_ADDR=address, headers={"user-agent": AGENT})


def new_state() -> str:
    """What the first page of a new report carries."""
    return Journey.new(clock.now()).carried()


def begin(address: str, **fields: str) -> Page:
    """The first answer of a new report."""
    return post(visitor(address), TELL, **{"state": new_state(), "answer": "web", "step": "go", **fields})


def begun(page: Page) -> bool:
    return page.status == 200 and journey_on(page).begun


def flood(address: str = FLOODER, *, times: int = 25) -> Page:
    """Begin reports until the network has to wait; the last page."""
    return [begin(address) for _ in range(times)][-1]


def fill(limit: floods.Limit, address: str) -> None:
    """All that a network may do at once is done."""
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    for _ in range(limit.networks.burst):
        floods.count(request, limit)


def guess(address: str, *, path: str = MAILBOX, times: int = 12) -> Page:
    return [post(visitor(address), path, code=codes.new(), step="open") for _ in range(times)][-1]


def seconds_on(page: Page) -> int:
    found = re.search(r"Wait (\d+) seconds?, then press the button", page.text)
    assert found, page.text
    return int(found.group(1))


# Buckets


@given(st.lists(st.floats(0, 40), max_size=80))
def test_in_any_time_no_more_gets_through_than_the_burst_and_what_came_back(gaps: list[float]) -> None:
    buckets, now, passed = Buckets(burst=5, every=10), 1000.0, 0
    for gap in gaps:
        now += gap
        if buckets.spent(b"a", now) <= 4:
            buckets.spend(b"a", now)
            passed += 1
    assert passed <= 5 + sum(gaps) / 10 + 0.001


def test_what_was_spent_comes_back_with_time_and_one_key_is_not_another() -> None:
    buckets = Buckets(burst=3, every=10)
    assert [buckets.spend(b"a", 100) for _ in range(3)] == [1, 2, 3]
    assert [buckets.spent(b"a", 100 + later) for later in (0, 10, 25, 30, 99)] == [3, 2, 0.5, 0, 0]
    assert buckets.spent(b"b", 100) == 0


def test_the_worst_is_forgotten_after_twice_the_burst() -> None:
    buckets = Buckets(burst=3, every=10)
    assert [buckets.spend(b"a", 100) for _ in range(1_000)][-1] == 6
    assert buckets.spent(b"a", 160) == 0


def test_a_clock_that_is_set_back_holds_nobody_for_longer() -> None:
    buckets = Buckets(burst=3, every=10)
    buckets.spend(b"a", 1_000_000)
    assert buckets.spend(b"a", 100) == 6
    assert buckets.spent(b"a", 160) == 0


def test_memory_is_bounded_and_those_who_came_last_are_known() -> None:
    buckets = Buckets(burst=3, every=10, most=100)
    for number in range(10_000):
        buckets.spend(b"%d" % number, 100)
        buckets.spend(b"again and again", 100)
    assert len(buckets) == 100
    assert buckets.spent(b"again and again", 100) == 6
    assert buckets.spent(b"9999", 100) == 1
    assert buckets.spent(b"0", 100) == 0


def test_who_came_long_ago_is_forgotten() -> None:
    buckets = Buckets(burst=3, every=10)
    for number in range(50):
        buckets.spend(b"%d" % number, 100)
    for _ in range(30):
        buckets.spend(b"a", 10_000)
    assert len(buckets) == 1


# Networks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FLOODER, NEIGHBOUR),
        ("::ffff:192.0.2.7", "192.0.2.8"),
        ("::ffff:c000:207", "192.0.2.8"),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::8"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_neighbours_are_one_network(one: str, other: str) -> None:
    assert network(one, "", proxy="") == network(other, "", proxy="") != b""


@pytest.mark.parametrize(
    ("one", "other"),
    [("192.0.2.7", "192.0.3.7"), ("2001:db8:1:2::7", "2001:db8:1:3::7"), ("127.0.0.1", "::1"), ("192.0.2.7", "")],
)
def test_others_are_another_network(one: str, other: str) -> None:
    assert network(one, "", proxy="") != network(other, "", proxy="")


def test_a_trusted_proxy_says_whom_it_speaks_for() -> None:
    def behind(header: str) -> bytes:
        return network("127.0.0.2", header, proxy="127.0.0.2")

    assert behind("203.0.113.9, 192.0.2.7") == network(FLOODER, "", proxy="")
    assert behind("192.0.2.7") == network("::ffff:127.0.0.2", "203.0.113.9,192.0.2.7", proxy="127.0.0.2")
    assert behind("2001:db8::1") == network("2001:db8::2", "", proxy="")
    assert behind("") == behind("nonsense") == b""


@pytest.mark.parametrize("proxy", ["", "127.0.0.2"])
def test_nobody_else_can_forge_where_they_come_from(proxy: str) -> None:
    assert network(FLOODER, "198.51.100.7", proxy=proxy) == network(FLOODER, "", proxy=proxy)
    assert network("127.0.0.1", "198.51.100.7", proxy=proxy) == network("127.0.0.1", "", proxy=proxy)


@given(st.text(), st.text())
def test_no_header_is_too_strange(remote: str, forwarded: str) -> None:
    assert len(network(remote, forwarded, proxy=remote)) in {0, 3, 8}


def test_a_network_is_kept_as_a_hash_that_changes_every_day_and_with_every_start(settings: Settings) -> None:
    def hashed(address: str, day: float) -> bytes:
        return floods._network_hash(RequestFactory().get("/", REMOTE_ADDR=address), day * 86_400)

    first = hashed(FLOODER, 20_000)
    assert first == hashed(NEIGHBOUR, 20_000.99)
    assert len({first, hashed(FLOODER, 20_001), hashed(OTHER, 20_000)}) == 3
    settings.FLOOD_KEY = secrets.token_bytes(32)
    assert hashed(FLOODER, 20_000) != first


# Reports: the first answer


@pytest.mark.usefixtures("report")
def test_over_the_limit_a_page_asks_for_patience_and_loses_nothing(moment: Moment) -> None:
    assert begun(flood(times=20))
    page = begin(NEIGHBOUR, answer="travel")
    assert page.status == 429
    assert "Yours is not lost" in page.text
    assert page.fields["answer"] == "travel"
    moment.pass_by(seconds_on(page))
    assert begun(press(visitor(NEIGHBOUR), TELL, page, "go"))
    assert letters.opened()[-1] == {"answers": {"topic": "travel"}, "files": [], "language": "en"}


@pytest.mark.usefixtures("report")
def test_the_wait_page_is_a_public_page_like_all_others(moment: Moment) -> None:
    flood(times=20)
    response = visitor(FLOODER).post("/sv/tell/", {"state": new_state(), "answer": "web", "step": "go"})
    page = Page(response)
    assert int(response["Retry-After"]) == 6
    assert 'lang="sv"' in page.source
    assert re.search(r"\b6\b", page.text)
    assert not response.cookies
    assert 'name="step" value="go"' in page.source
    assert page.scripts == ["/static/leave.js"]
    assert "style" not in page.tags
    assert "http-equiv" not in page.source
    assert [page.tags.count(tag) for tag in ("header", "main", "h1", "title")] == [1] * 4
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.usefixtures("report")
def test_a_visitor_of_another_network_notices_nothing(moment: Moment) -> None:
    assert flood(times=60).status == 429
    assert begun(begin(OTHER))


@pytest.mark.usefixtures("report")
def test_pressing_early_shows_the_rest_of_the_time_and_does_not_add_to_it(moment: Moment) -> None:
    page = flood(times=24)
    whole = seconds_on(page)
    moment.pass_by(3)
    for _ in range(5):
        page = press(visitor(FLOODER), TELL, page, "go")
        assert (page.status, seconds_on(page)) == (429, whole - 3)
    moment.pass_by(whole - 3)
    assert begun(press(visitor(FLOODER), TELL, page, "go"))


@pytest.mark.usefixtures("report")
def test_the_wait_grows_and_has_an_end(moment: Moment) -> None:
    flood(times=20)
    waits = [seconds_on(begin(FLOODER)) for _ in range(100)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (6, 20)
    moment.pass_by(400)
    assert begun(begin(FLOODER))


@pytest.mark.usefixtures("report")
def test_within_the_limit_nobody_waits(moment: Moment) -> None:
    for _ in range(60):
        assert begun(begin(FLOODER))
        moment.pass_by(10)


@pytest.mark.usefixtures("report")
def test_only_what_is_stored_counts_not_looking_and_changing(moment: Moment) -> None:
    for _ in range(30):
        assert visitor(FLOODER).get(TELL).status_code == 200
        assert begin(FLOODER, step="again").status == 200
        assert begin(FLOODER, answer="").status == 422
        assert begin(FLOODER, state="").status == 422
    assert begun(begin(FLOODER))


@pytest.mark.usefixtures("report")
def test_a_first_answer_that_could_not_be_stored_does_not_count(moment: Moment) -> None:
    with letters.failing("INSERT"):
        assert flood(times=30).status == 503
    assert begun(begin(FLOODER))


@pytest.mark.usefixtures("report")
def test_when_very_much_comes_from_everywhere_a_network_gets_less_at_once(moment: Moment) -> None:
    for number in range(60):
        assert begin(f"203.0.{number}.7").status == 200
    assert [begin(FLOODER).status for _ in range(4)] == [200, 200, 200, 429]
    assert begin(OTHER).status == 200
    moment.pass_by(60)
    assert [begin(FLOODER).status for _ in range(4)] == [200] * 4


# Reports: the answers after it


@pytest.mark.usefixtures("report")
def test_a_flood_of_new_reports_holds_up_nobody_who_has_begun(moment: Moment) -> None:
    page = told(visitor(NEIGHBOUR), Topic.OTHER)
    fill(floods.REPORTS, FLOODER)
    for typed in ("no", MARKS, "", "me@mail.example"):
        page = answer(visitor(NEIGHBOUR), page, typed)
        assert page.status == 200
    assert "Thank you" in press(visitor(NEIGHBOUR), TELL, page, "send").text


@pytest.mark.usefixtures("report")
def test_a_flood_of_answers_holds_up_no_new_report(moment: Moment) -> None:
    fill(floods.ANSWERS, FLOODER)
    page = begin(NEIGHBOUR)
    assert begun(page)
    assert answer(visitor(NEIGHBOUR), page, "no").status == 429
    assert answer(visitor(OTHER), page, "no").status == 200


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("topic", [*Topic])
def test_whatever_is_typed_on_a_page_goes_through_the_wait(moment: Moment, topic: Topic) -> None:
    """Each page of a branch once; two choices that were ticked are still two afterwards."""
    for stop in walk(visitor(OTHER), topic):
        if stop.answers in ({}, stop.then):
            continue
        fill(floods.ANSWERS, FLOODER)
        page = press(visitor(FLOODER), TELL, stop.page, "go", **stop.typed)
        assert page.status == 429
        assert letters.opened()[-1]["answers"] == stop.answers
        moment.pass_by(seconds_on(page))
        assert press(visitor(FLOODER), TELL, page, "go").status == 200
        assert letters.opened()[-1]["answers"] == stop.then


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("step", ["send", "check", "skip"])
def test_the_button_that_was_pressed_goes_through_the_wait(moment: Moment, step: str) -> None:
    check = checked(visitor(OTHER))
    start = check if step == "send" else press(visitor(OTHER), TELL, check, "change-danger")
    typed = {} if step == "send" else {"answer": "unknown"}
    fill(floods.ANSWERS, FLOODER)
    page = press(visitor(FLOODER), TELL, start, step, **typed)
    assert page.status == 429
    moment.pass_by(seconds_on(page))
    after = press(visitor(FLOODER), TELL, page, page.buttons[-1])
    assert after.text == press(visitor(OTHER), TELL, start, step, **typed).text
    assert letters.kinds() == (["report"] if step == "send" else ["part"])


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("step", ["back", "again", "throw", "number"])
def test_what_stores_nothing_never_waits(moment: Moment, step: str) -> None:
    page = told(visitor(OTHER), Topic.WEB, Choice.YES)
    fill(floods.ANSWERS, FLOODER)
    assert answer(visitor(FLOODER), page, "Thailand", step).status == 200
    assert press(visitor(FLOODER), TELL, page, "go").status == 200


@pytest.mark.usefixtures("report")
def test_throwing_away_never_waits(moment: Moment) -> None:
    page = told(visitor(OTHER), Topic.WEB)
    for limit in (floods.REPORTS, floods.ANSWERS, floods.SENDS, floods.CODES):
        fill(limit, FLOODER)
    assert press(visitor(FLOODER), TELL, page, "forget").status == 200
    assert letters.kinds() == ["delete"]


@pytest.mark.usefixtures("report")
def test_a_school_class_tells_all_at_once_without_waiting(moment: Moment) -> None:
    """Twenty reports of ten answers: as many networks as a class have one address for all of them."""
    page = told(visitor(OTHER), Topic.OTHER)
    assert floods.ANSWERS.networks.burst >= 20 * 10
    for number in range(60):
        assert answer(visitor(FLOODER), page, "yes" if number % 2 else "no").status == 200


# Tickets


@pytest.mark.usefixtures("report")
def test_a_ticket_is_for_one_form_and_three_presses(moment: Moment) -> None:
    page = flood()
    moment.pass_by(20)
    ticket = page.fields["ticket-report"]
    flood(times=30)
    assert begin(FLOODER, **{"ticket-report": ticket}).status == 429
    again = [press(visitor(FLOODER), TELL, page, "go") for _ in range(4)]
    assert [one.status for one in again] == [200, 200, 200, 429]
    moment.pass_by(20)
    assert press(visitor(FLOODER), TELL, again[-1], "go").status == 200


@pytest.mark.usefixtures("report")
def test_a_ticket_ends_and_the_next_one_works(moment: Moment) -> None:
    page = flood()
    moment.pass_by(floods.LONGEST + floods.TICKET_SECONDS)
    flood(times=30)
    late = press(visitor(FLOODER), TELL, page, "go")
    assert late.status == 429
    moment.pass_by(20)
    assert press(visitor(FLOODER), TELL, late, "go").status == 200


@pytest.mark.usefixtures("report")
def test_a_ticket_is_good_in_another_network_and_on_the_next_day(moment: Moment) -> None:
    moment.seconds = datetime(2026, 3, 1, 23, 59, 55, tzinfo=UTC).timestamp()
    page = flood()
    flood(OTHER)
    moment.pass_by(20)
    flood(OTHER)
    assert press(visitor(OTHER), TELL, page, "go").status == 200


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("forge", FORGERIES)
def test_a_ticket_cannot_be_made_by_hand(moment: Moment, forge: Callable[[str], str]) -> None:
    page = flood()
    moment.pass_by(20)
    forged = press(visitor(FLOODER), TELL, page, "go", **{"ticket-report": forge(page.fields["ticket-report"])})
    assert forged.status == 429


@pytest.mark.usefixtures("report")
def test_a_ticket_of_one_limit_is_none_of_another(moment: Moment) -> None:
    page = flood()
    moment.pass_by(20)
    ticket = page.fields["ticket-report"]
    fill(floods.ANSWERS, FLOODER)
    second = answer(visitor(OTHER), press(visitor(OTHER), TELL, page, "go"), "no")
    assert second.status == 200
    refused = press(visitor(FLOODER), TELL, second, "go", answer="A place", **{"ticket-answer": ticket})
    assert refused.status == 429


@pytest.mark.usefixtures("report")
def test_a_ticket_of_another_start_is_only_one_more_wait(moment: Moment, settings: Settings) -> None:
    page = flood()
    settings.FLOOD_KEY = secrets.token_bytes(32)
    moment.pass_by(20)
    assert press(visitor(FLOODER), TELL, page, "go").status == 200


@pytest.mark.usefixtures("report")
def test_the_longest_text_still_fits_with_its_ticket(moment: Moment) -> None:
    place = told(visitor(OTHER), Topic.WEB, Choice.NO)
    fill(floods.ANSWERS, FLOODER)
    page = answer(visitor(FLOODER), place, "👍" * TEXT_LIMIT)
    moment.pass_by(20)
    assert press(visitor(FLOODER), TELL, page, "go").status == 200
    assert letters.opened()[-1]["answers"]["where"] == "👍" * TEXT_LIMIT


# Codes


@pytest.mark.usefixtures("report")
def test_wrong_codes_slow_whoever_guesses_and_nobody_else(moment: Moment) -> None:
    code = letters.box()
    assert guess(FLOODER, times=10).status == 422
    assert guess(FLOODER, times=990).status == 429
    assert post(visitor(OTHER), MAILBOX, code=code, step="open").status == 200
    assert begin(FLOODER).status == 200


@pytest.mark.usefixtures("report")
def test_in_a_network_of_guessers_right_and_wrong_codes_wait_alike_and_then_open(moment: Moment) -> None:
    code = letters.box()
    guess(FLOODER, times=60)
    right = post(visitor(NEIGHBOUR), MAILBOX, code=code, step="open")
    wrong = post(visitor(NEIGHBOUR), MAILBOX, code=codes.new(), step="open")
    assert right.status == wrong.status == 429
    assert right.text == wrong.text
    moment.pass_by(20)
    assert "Your mailbox" in press(visitor(NEIGHBOUR), MAILBOX, right, "open").text
    assert press(visitor(NEIGHBOUR), MAILBOX, wrong, "open").status == 422


@pytest.mark.usefixtures("report")
def test_a_ticket_for_one_code_tries_no_other(moment: Moment) -> None:
    code = letters.box()
    page = guess(FLOODER)
    moment.pass_by(20)
    guess(FLOODER)
    assert press(visitor(FLOODER), MAILBOX, page, "open", code=code).status == 429


@pytest.mark.usefixtures("report")
def test_right_codes_are_not_counted(moment: Moment) -> None:
    code = letters.box()
    assert [post(visitor(FLOODER), MAILBOX, code=code, step="open").status for _ in range(60)] == [200] * 60


@pytest.mark.usefixtures("report")
def test_a_letterbox_that_does_not_answer_counts_nothing(moment: Moment) -> None:
    code = letters.box()
    with letters.failing("SELECT"):
        assert guess(FLOODER, times=30).status == 503
    assert post(visitor(FLOODER), MAILBOX, code=code, step="open").status == 200


@pytest.mark.usefixtures("report")
def test_who_is_over_both_limits_still_gets_through(moment: Moment) -> None:
    code = letters.box()
    guess(FLOODER, times=60)
    for _ in range(2):
        fill(floods.SENDS, FLOODER)
    page = post(visitor(FLOODER), MAILBOX, code=code, text="More.", nonce=new_nonce(), step="write")
    for _ in range(2):
        assert page.status == 429
        moment.pass_by(seconds_on(page))
        page = press(visitor(FLOODER), MAILBOX, page, "write")
    assert "We have received what you wrote." in page.text


@pytest.mark.usefixtures("partners")
def test_recipients_wait_in_the_same_way_and_lose_nothing(moment: Moment) -> None:
    code = letters.box(BoxKind.POLICE)
    guess(FLOODER, path=ANSWER, times=60)
    typed = {"code": code, "answer": "wait", "note": "Kept.", "reference": "K-1", "nonce": new_nonce()}
    page = post(visitor(FLOODER), ANSWER, **typed, step="answer")
    assert page.status == 429
    moment.pass_by(20)
    assert "We have received your answer" in press(visitor(FLOODER), ANSWER, page, "answer").text
    assert [letter["note"] for letter in letters.opened()] == ["Kept."]
    replies = [post(visitor(OTHER), ANSWER, **typed, step="answer").status for _ in range(21)]
    assert replies == [200] * 20 + [429]


# What is kept


@pytest.mark.usefixtures("report")
def test_no_address_and_no_browser_is_in_a_log_a_table_or_a_mail(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.ENVIRONMENT = Environment(trusted_proxy="127.0.0.2")
    caplog.set_level(logging.DEBUG)
    proxied = Client(REMOTE_ADDR="127.0.0.2", headers={"user-agent": AGENT, "x-forwarded-for": OTHER})
    for _ in range(25):
        post(proxied, TELL, state=new_state(), answer="web", step="go")
    assert flood().status == guess(FLOODER).status == 429
    with letters.failing("INSERT"):
        assert begin("203.0.113.9").status == 503
    with connections["letterbox"].cursor() as cursor:
        tables = connections["letterbox"].introspection.table_names(cursor)
        kept = ""
        for table in tables:
            cursor.execute(f"SELECT * FROM {connections['letterbox'].ops.quote_name(table)}")  # noqa: S608
            kept += str([bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor for cell in row])
    assert "letterbox_letter" in tables
    assert "could not be stored" in caplog.text
    for planted in (AGENT, FLOODER, OTHER, "203.0.113.9"):
        assert planted not in caplog.text
        assert planted not in kept
    assert mail.outbox == []


def test_the_secret_is_drawn_at_every_start_and_is_in_no_setting_that_can_be_set() -> None:
    from lykta.config.settings import base, report  # noqa: PLC0415 - loads the settings of a face

    assert base.FLOOD_KEY == report.FLOOD_KEY
    assert len(base.FLOOD_KEY) == 32
    assert "flood_key" not in Environment.model_fields
