"""What of an item can be looked at, and what the worker does about looks that nobody has ended."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.lists import a_list, a_version
from tests.workflow.conftest import SWEDISH, Hotline

from lykta.connectors.console.connector import ConsoleViewer
from lykta.connectors.contract import Medium as Seen
from lykta.connectors.contract import Shown, Transient, Viewer
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Blur, LookKind, Purpose, Role
from lykta.records.cases.models import Item
from lykta.records.exposure.models import Look
from lykta.records.matching.models import ItemFinding
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step
from lykta.records.tracing.models import Trace
from lykta.workflow import looking
from lykta.workflow.looking import Medium, Wish

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
PICTURE: dict[str, Any] = {"address": f"{SWEDISH}/a.png", "media_type": "image/png", "sha256": "a" * 64}
FILE = Seen(address=PICTURE["address"], media_type="image/png", sha256="a" * 64)
CHANGED = replace(FILE, sha256="c" * 64)
WISH = Wish(position=0, purpose=Purpose.ASSESS, blur=Blur.STRONG)


@pytest.fixture
def item(hotline: Hotline) -> Item:
    hotline.receive(SWEDISH)
    hotline.work()
    Trace.objects.update(fingerprints=[PICTURE, {"address": "x"}, {"address": "y", "media_type": "video/mp4"}])
    return Item.objects.get()


def begin(hotline: Hotline, anna: Staff, item: Item, wish: Wish = WISH) -> Look:
    return looking.begin(by=anna, item=item, wish=wish, session="s" * 64, house=hotline.world.house, now=hotline.time)


def show(hotline: Hotline, anna: Staff, look: Look, viewer: Viewer) -> Shown:
    house = hotline.world.house
    return looking.show(by=anna, look=look, session="s" * 64, viewer=viewer, house=house, now=hotline.time)


def test_pictures_and_films_that_were_fetched_can_be_looked_at(item: Item) -> None:
    assert looking.media_of(item) == [
        Medium(0, LookKind.PICTURE, f"{SWEDISH}/a.png", "a" * 64),
        Medium(2, LookKind.FILM, "y", ""),
    ]


def test_what_was_traced_anew_since_is_chosen_again(hotline: Hotline, anna: Staff, item: Item) -> None:
    look = begin(hotline, anna, item)
    Trace.objects.update(fingerprints=[])
    with pytest.raises(NotNow, match="choose again"):
        show(hotline, anna, look, ConsoleViewer())
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

            return Shown(length=8, pieces=pieces(), medium=FILE)

    look = begin(hotline, anna, item)
    shown = show(hotline, anna, look, Broken())
    with pytest.raises(Transient):
        b"".join(shown.pieces)
    assert Look.objects.get().problem == "The look was broken off. Begin it again."


@pytest.fixture
def worker(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that works while the desk waits for it."""
    monkeypatch.setattr("time.sleep", lambda _seconds: hotline.work())


def changed(file: Seen = CHANGED) -> ConsoleViewer:
    """What is there by now."""
    return ConsoleViewer({PICTURE["address"]: b"picture"}, {PICTURE["address"]: file})


@pytest.mark.usefixtures("worker")
def test_a_file_that_no_trace_has_seen_is_compared_before_it_is_shown(
    hotline: Hotline, anna: Staff, item: Item
) -> None:
    a_version(a_list("police", at=hotline.time), [{"sha256": "c" * 64}], at=hotline.time)
    look = begin(hotline, anna, item, replace(WISH, changed=True))
    with pytest.raises(NotNow, match="another file by now, and lists know it"):
        show(hotline, anna, look, changed())
    look.refresh_from_db()
    assert (look.shown_at, look.problem[:10]) == (None, "It is anot")
    assert ItemFinding.objects.get(item=item).finding == "illegal"
    with pytest.raises(NotNow, match="nobody has to see it again"):
        begin(hotline, anna, item, replace(WISH, changed=True))


@pytest.mark.usefixtures("worker")
def test_a_changed_file_that_no_list_has_is_shown_and_a_film_is_traced_anew(
    hotline: Hotline, anna: Staff, item: Item
) -> None:
    film = replace(CHANGED, media_type="video/mp4")
    shown = show(hotline, anna, begin(hotline, anna, item, replace(WISH, changed=True)), changed(film))
    assert b"".join(shown.pieces) == b"picture"
    assert ItemFinding.objects.get(item=item).finding == "unknown"
    assert Step.objects.filter(word="trace", occasion__startswith="changed").count() == 1
    Trace.objects.update(fingerprints=[PICTURE], seen_later=[asdict(CHANGED)])
    show(hotline, anna, begin(hotline, anna, item, replace(WISH, changed=True)), changed())
    assert Step.objects.filter(word="match", occasion__startswith="seen").count() == 1


def test_a_changed_file_is_not_shown_while_the_lists_were_not_asked(
    hotline: Hotline, anna: Staff, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "COMPARED_IN", 0)
    for _ in range(2):
        look = begin(hotline, anna, item, replace(WISH, changed=True))
        with pytest.raises(NotNow, match="not asked about it yet"):
            show(hotline, anna, look, changed())


def test_the_worker_ends_looks_that_nobody_has_ended_and_forgets_them_after_two_years(
    hotline: Hotline, anna: Staff, item: Item
) -> None:
    viewer = changed(FILE)
    show(hotline, anna, begin(hotline, anna, item), viewer)
    hotline.wait(timedelta(minutes=10))
    hotline.work()
    assert Look.objects.get().seconds == 180
    hotline.wait(timedelta(days=731))
    hotline.work()
    assert not Look.objects.exists()
