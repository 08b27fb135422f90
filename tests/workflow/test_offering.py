"""From an assessment to the feed: whose opinion counts, on which picture, and what others can fetch of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.workflow.conftest import SWEDISH, Hotline

from lykta.connectors.contract import Look, Medium
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import OfferState, Outcome, Role
from lykta.records.cases.models import Item
from lykta.records.letterbox import feed
from lykta.records.letterbox.feed import Span
from lykta.records.offering.models import Confirmed, Opinion
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.records.tracing.models import Trace
from lykta.workflow import offering

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
DIGEST, OTHER = "a" * 64, "b" * 64
PICTURE = Medium(
    address=SWEDISH,
    media_type="image/png",
    length=1234,
    sha256=DIGEST,
    sha1="1" * 40,
    md5="2" * 32,
    pdq=("3" * 64, "4" * 64),
    quality=100,
)
OF_A_PAGE = replace(PICTURE, address=f"{SWEDISH}/b.png", sha256=OTHER)


@pytest.fixture
def lena(hotline: Hotline) -> Staff:
    """Lena leads."""
    return people.invite(by="test", username="lena", password="a long enough password", role=Role.LEAD)


def there(hotline: Hotline, *media: Medium, body: str = DIGEST) -> Item:
    """What is at the address: the picture itself, or a page that shows some."""
    look = hotline.looks[SWEDISH]
    assert isinstance(look, Look)
    hotline.looks[SWEDISH] = replace(look, fingerprints=media, sha256=body)
    hotline.receive(SWEDISH)
    hotline.work()
    return Item.objects.get()


def say(hotline: Hotline, by: Staff, item: Item, **opinions: str) -> int:
    given = {{"a": DIGEST, "b": OTHER}[name]: word for name, word in opinions.items()}
    return offering.say(by=by, item=item, opinions=given, house=hotline.world.house)


def fed(hotline: Hotline) -> list[tuple[bool, str, str]]:
    """What a subscriber reads that fetches everything an hour later: (deleted, md5, grade)."""
    until = hotline.time + timedelta(hours=1)
    page = feed.page(Span(since=datetime(1970, 1, 1, tzinfo=UTC), until=until), size=10, now=until)
    return [(one.deleted, one.md5, one.grade) for one in page.lines]


def test_the_assessment_of_a_picture_is_a_first_opinion_and_a_colleagues_puts_it_into_the_feed(
    hotline: Hotline, anna: Staff, lena: Staff
) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    confirmed = Confirmed.objects.get()
    assert (confirmed.state, confirmed.missing, confirmed.pdq) == (OfferState.WAITING, 1, "3" * 64)
    assert fed(hotline) == []
    assert say(hotline, lena, item, a="A1") == 1
    hotline.work()
    assert fed(hotline) == [(False, "2" * 32, "A1")]
    assert Confirmed.objects.get().published == 1


def test_a_step_that_is_done_twice_counts_once(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    for _ in range(2):
        offering.weigh(hotline.world, item.pk)
    assert Opinion.objects.count() == 1


def test_of_a_page_of_pictures_nobody_has_said_which_is_meant(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, replace(PICTURE, address=f"{SWEDISH}/a.png"), OF_A_PAGE, body="f" * 64)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    assert not Confirmed.objects.exists()
    assert say(hotline, anna, item, b="csam") == 1
    assert Confirmed.objects.get().sha256 == OTHER


def test_a_picture_that_was_traced_again_may_be_another(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    Trace.objects.update(at=hotline.time + timedelta(seconds=1))
    offering.weigh(hotline.world, item.pk)
    assert not Confirmed.objects.exists()


def test_what_other_lists_decided_without_a_look_is_no_opinion_of_ours(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    item.assessments.update(facts={"known": {"rule": "police list"}})
    hotline.work()
    assert not Confirmed.objects.exists()
    with pytest.raises(NotNow, match="without a look"):
        say(hotline, anna, item, a="csam")


@pytest.mark.parametrize("answers", [{"nature": "drawn"}, {"finding": "advert"}, {"finding": "not_child"}])
def test_nothing_else_goes_on_the_list(hotline: Hotline, anna: Staff, answers: dict[str, str]) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH, **answers)
    hotline.work()
    assert not Confirmed.objects.exists()
    with pytest.raises(NotNow, match="Only what was assessed"):
        say(hotline, anna, item, a="csam")


def test_what_was_not_assessed_cannot_be_put_on_the_list(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, PICTURE)
    with pytest.raises(NotNow):
        say(hotline, anna, item, a="csam")
    offering.weigh(hotline.world, item.pk)
    assert not Confirmed.objects.exists()


def test_who_says_otherwise_takes_it_off_for_every_subscriber(hotline: Hotline, anna: Staff, lena: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    say(hotline, lena, item, a="csam")
    offering.publish()
    assert fed(hotline) == [(False, "2" * 32, "")]
    say(hotline, lena, item, a="not")
    offering.publish()
    assert fed(hotline) == [(True, "", "")]


def test_it_came_back_and_is_harmless_now(hotline: Hotline, anna: Staff, lena: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    say(hotline, lena, item, a="csam")
    seen = hotline.looks[SWEDISH]
    hotline.looks[SWEDISH] = Look(outcome=Outcome.MISSING, status=404, reason="404")
    for _ in range(3):
        hotline.wait(timedelta(hours=1))
        hotline.work()
    hotline.looks[SWEDISH] = seen
    hotline.wait(timedelta(days=40))
    hotline.work()
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    assert Confirmed.objects.get().state == OfferState.WITHDRAWN
    assert fed(hotline) == [(True, "", "")]
    assert [one.sha256 for one in offering.media_of(item)] == [DIGEST]


def test_a_category_that_contradicts_the_age_is_refused(hotline: Hotline, anna: Staff, lena: Staff) -> None:
    item = there(hotline, PICTURE)
    hotline.assess(anna, SWEDISH, age="3-6")
    hotline.work()
    with pytest.raises(NotUnderstood, match="B1 does not fit"):
        say(hotline, lena, item, a="B1")
    assert Confirmed.objects.get().state == OfferState.WAITING


def test_who_says_nothing_is_asked_to(hotline: Hotline, anna: Staff) -> None:
    item = there(hotline, PICTURE)
    for given in ({"a": ""}, {"b": "csam"}):
        with pytest.raises(NotUnderstood, match="at least one"):
            say(hotline, anna, item, **given)


def test_a_film_is_a_film_and_what_came_in_part_is_left_out(hotline: Hotline) -> None:
    part = replace(PICTURE, sha256="", problem="Too long.")
    film = replace(PICTURE, media_type="video/mp4", pdq=())
    item = there(hotline, part, film)
    assert [(str(one.kind), one.size) for one in offering.media_of(item)] == [("film", 1234)]
