"""What of an item can be looked at, and what the worker does about looks that nobody has ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.workflow.conftest import SWEDISH, Hotline

from lykta.connectors.console.connector import ConsoleViewer
from lykta.connectors.contract import Shown, Transient
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Blur, LookKind, Purpose, Role
from lykta.records.cases.models import Item
from lykta.records.exposure.models import Look
from lykta.records.matching.models import ItemFinding
from lykta.records.people.models import Staff
from lykta.records.tracing.models import Trace
from lykta.workflow import looking
from lykta.workflow.looking import Medium, Wish

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
PICTURE: dict[str, Any] = {"address": f"{SWEDISH}/a.png", "media_type": "image/png", "sha256": "a" * 64}
WISH = Wish(position=0, purpose=Purpose.ASSESS, blur=Blur.STRONG)


@pytest.fixture
def item(hotline: Hotline) -> Item:
    hotline.receive(SWEDISH)
    hotline.work()
    Trace.objects.update(fingerprints=[PICTURE, {"address": "x"}, {"address": "y", "media_type": "video/mp4"}])
    return Item.objects.get()


def begin(hotline: Hotline, anna: Staff, item: Item, wish: Wish = WISH) -> Look:
    return looking.begin(by=anna, item=item, wish=wish, session="s" * 64, house=hotline.world.house, now=hotline.time)


def test_pictures_and_films_that_were_fetched_can_be_looked_at(item: Item) -> None:
    assert looking.media_of(item) == [
        Medium(0, LookKind.PICTURE, f"{SWEDISH}/a.png", "a" * 64),
        Medium(2, LookKind.FILM, "y", ""),
    ]


def test_what_was_traced_anew_since_is_chosen_again(hotline: Hotline, anna: Staff, item: Item) -> None:
    look = begin(hotline, anna, item)
    Trace.objects.update(fingerprints=[])
    with pytest.raises(NotNow, match="choose again"):
        looking.show(by=anna, look=look, session="s" * 64, viewer=ConsoleViewer(), now=hotline.time)
    with pytest.raises(NotNow, match="choose again"):
        begin(hotline, anna, item)


@pytest.mark.parametrize(("finding", "allowed"), [("illegal", True), ("illegal", False), ("check", True)])
def test_what_lists_know_is_not_shown_where_it_may_be_decided_without_a_look(
    hotline: Hotline, item: Item, finding: str, *, allowed: bool
) -> None:
    ItemFinding.objects.update_or_create(item=item, defaults={"finding": finding, "at": hotline.time})
    house = replace(hotline.world.house, decides_known=allowed)
    assert looking.is_known(item, house) is (allowed and finding == "illegal")


def test_what_lists_know_is_refused_with_the_reason(hotline: Hotline, anna: Staff, item: Item) -> None:
    ItemFinding.objects.update_or_create(item=item, defaults={"finding": "illegal", "at": hotline.time})
    again = replace(WISH, purpose=Purpose.SECOND_OPINION, why="A court asks what it shows.")
    for wish in (WISH, again):
        with pytest.raises(NotNow, match="nobody has to see it again"):
            begin(hotline, anna, item, wish)
    anna.role = Role.LEAD
    assert begin(hotline, anna, item, again).known


def test_a_picture_that_breaks_off_is_noted(hotline: Hotline, anna: Staff, item: Item) -> None:
    class Broken:
        def show(self, _view: object) -> Shown:
            def pieces() -> Any:
                yield b"half"
                raise Transient("The look was broken off. Begin it again.")

            return Shown(length=8, pieces=pieces())

    look = begin(hotline, anna, item)
    shown = looking.show(by=anna, look=look, session="s" * 64, viewer=Broken(), now=hotline.time)
    with pytest.raises(Transient):
        b"".join(shown.pieces)
    assert Look.objects.get().problem == "The look was broken off. Begin it again."


def test_the_worker_ends_looks_that_nobody_has_ended_and_forgets_them_after_two_years(
    hotline: Hotline, anna: Staff, item: Item
) -> None:
    viewer = ConsoleViewer({PICTURE["address"]: b"picture"})
    looking.show(by=anna, look=begin(hotline, anna, item), session="s" * 64, viewer=viewer, now=hotline.time)
    hotline.wait(timedelta(minutes=10))
    hotline.work()
    assert Look.objects.get().seconds == 180
    hotline.wait(timedelta(days=731))
    hotline.work()
    assert not Look.objects.exists()
