"""Known before anyone looks: from the trace to the finding, and again when a list changes."""

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from tests.support.hashes import uniform
from tests.support.lists import CATEGORIES, HARMLESS, a_list, a_version, numbers
from tests.workflow.conftest import BEHIND_CDN, DUTCH, SWEDISH, Hotline

from lykta.connectors.contract import Frame, Hop, Medium
from lykta.core.lifecycle import StepWord
from lykta.core.matching import VERSION
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Certification, ItemState, ListFinding, ListTrust
from lykta.lib.matching import files
from lykta.records.audit.queries import history
from lykta.records.cases.models import Case, Item
from lykta.records.matching import actions, feedback, findings, uploads
from lykta.records.matching.models import HashList, ItemFinding, Match, Upload
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step
from lykta.records.tracing import actions as tracing
from lykta.records.tracing.models import Trace
from lykta.workflow import matching, story

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
HASHES = [row.tobytes() for row in uniform(20, seed=7)]


def row(place: int, **more: Any) -> dict[str, Any]:
    return {"sha256": HASHES[place].hex(), "pdq": HASHES[place].hex(), **more}


def picture(place: int, *, turned: int = 0, quality: int = 90) -> Medium:
    """A picture that is row `place` of a list; with bits turned over, one that looks like it."""
    looks = (int(HASHES[place].hex(), 16) ^ ((1 << turned) - 1)).to_bytes(32).hex()
    exact = HASHES[place].hex() if not turned else "ab" * 32
    return Medium(address="http://x.test/p.png", sha256=exact, pdq=(looks,), quality=quality)


def shows(hotline: Hotline, address: str, *media: Medium, count: int | None = None) -> None:
    """There are these pictures at an address."""
    there = replace(hotline.looks[address], fingerprints=media, media=len(media) if count is None else count)
    hotline.looks[address] = there


def reported(hotline: Hotline, address: str = SWEDISH) -> Item:
    hotline.receive(f"see {address}")
    hotline.work()
    return Item.objects.get(address=address)


def finding(item: Item) -> ListFinding:
    return ListFinding(ItemFinding.objects.get(item=item).finding)


@pytest.fixture
def police(hotline: Hotline) -> HashList:
    made = a_list("police", at=hotline.time)
    a_version(made, [row(0), row(1), row(2, category=HARMLESS)], at=hotline.time)
    return made


def version(hotline: Hotline, of: HashList, *rows: dict[str, Any], withdraw: tuple[int, ...] = ()) -> None:
    """A new version of a list, and the worker has worked."""
    hotline.wait(timedelta(minutes=1))
    a_version(of, rows, at=hotline.time, withdraw=withdraw)
    hotline.wait(timedelta(minutes=1))
    hotline.work()


def test_who_takes_a_case_has_to_be_certified_for_what_was_found_and_is_not_known(
    hotline: Hotline, police: HashList
) -> None:
    shows(hotline, SWEDISH, replace(picture(5), media_type="image/png"))
    item = reported(hotline)
    case = item.mentions.get().report.case
    assert (item.needs, case.needs) == (Certification.PICTURES, Certification.PICTURES)
    version(hotline, police, row(5))
    case.refresh_from_db()
    assert case.needs == Certification.TEXT


def test_a_listed_picture_is_known_before_anybody_looks(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(5), picture(0))
    item = reported(hotline)
    found = ItemFinding.objects.get(item=item)
    assert (found.finding, found.rule, found.policy) == (ListFinding.ILLEGAL, "police-list", VERSION)
    assert found.lists == [{"list": "police", "version": 1}]
    [match] = Match.objects.filter(item=item)
    assert (match.algorithm, bytes(match.digest), match.known) == ("sha256", HASHES[0], numbers(police)[0])
    assert item.state == ItemState.READY
    case = Case.objects.get()
    assert (case.rank, case.rank_reason) == (2, "Known: no look needed.")
    [entry] = [one for one in history(f"item:{item.pk}") if one["word"] == "item.matched"]
    assert entry["facts"]["lists"] == [{"list": "police", "version": 1}]


def test_a_near_picture_tells_how_near_and_leaves_the_queue_as_it_is(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(1, turned=9))
    item = reported(hotline)
    assert finding(item) is ListFinding.NEAR
    assert Match.objects.get(item=item).distance == 9
    assert "Known" not in Case.objects.get().rank_reason


def test_what_no_list_knows_leaves_the_queue_in_peace(
    hotline: Hotline, police: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked: list[Case] = []
    monkeypatch.setattr(matching, "rank", lambda _, case: ranked.append(case))
    shows(hotline, SWEDISH, picture(5))
    shows(hotline, DUTCH, picture(0))
    assert finding(reported(hotline)) is ListFinding.UNKNOWN
    assert ranked == []
    assert finding(reported(hotline, DUTCH)) is ListFinding.ILLEGAL
    assert ranked == [Case.objects.latest("pk")]


def test_a_case_of_many_items_is_ranked_without_reading_them(hotline: Hotline, police: HashList) -> None:
    """Each item of a long list is traced, and the case is ranked after each: by as many rows it would be a square."""
    shows(hotline, SWEDISH, picture(0))
    item = reported(hotline)
    case = Case.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert findings.waiting_in(case) == {ListFinding.ILLEGAL}
    assert len(asked) == 1
    assert "DISTINCT" in asked.captured_queries[0]["sql"]
    Item.objects.filter(pk=item.pk).update(state=ItemState.GONE)
    assert findings.waiting_in(case) == set()


def test_what_is_only_partly_known_as_harmless_is_not_harmless(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(2))
    shows(hotline, DUTCH, picture(2), count=2)
    assert finding(reported(hotline)) is ListFinding.HARMLESS
    assert finding(reported(hotline, DUTCH)) is ListFinding.UNKNOWN


def test_a_picture_that_no_list_has_is_unknown_and_one_of_low_quality_is_not_near(
    hotline: Hotline, police: HashList
) -> None:
    shows(hotline, SWEDISH, picture(1, turned=9, quality=49))
    assert finding(reported(hotline)) is ListFinding.UNKNOWN
    assert not [one for one in history(f"item:{Item.objects.get().pk}") if one["word"] == "item.matched"]


def test_without_fingerprints_no_list_is_asked(hotline: Hotline, police: HashList) -> None:
    reported(hotline)
    assert not ItemFinding.objects.exists()


def film(*places: int, turned: int = 0) -> Medium:
    """A film whose frames are these rows of a list, or look like them."""
    frames = [picture(place, turned=turned).pdq[0] for place in places]
    seen = tuple(Frame(number=number, pdq=pdq, quality=90) for number, pdq in enumerate(frames))
    return Medium(address="http://x.test/f.mp4", media_type="video/mp4", sha256="cd" * 32, frames=seen)


def listed_film(name: str, *places: int, **more: Any) -> list[dict[str, Any]]:
    """A film of a list: a row for each frame."""
    return [{"pdq": HASHES[place].hex(), "reference": f"vpdq:{name}:{place}", **more} for place in places]


def test_a_film_is_near_when_enough_of_its_frames_are(hotline: Hotline, police: HashList, anna: Staff) -> None:
    a_version(police, listed_film("F 1", *range(10, 15)), at=hotline.time)
    shows(hotline, SWEDISH, film(10, 11, 12, 13, 16, turned=5))
    item = reported(hotline)
    found = ItemFinding.objects.get(item=item)
    assert (found.finding, found.rule) == (ListFinding.NEAR, "near")
    assert "has the film F 1, to which 4 of 5 frames are near, listed as illegal." in found.because[1]
    [match] = Match.objects.filter(item=item)
    assert (match.algorithm, match.frames, match.all_frames, match.known) == ("vpdq", 4, 5, numbers(police)[3])
    findings.dispute(by=anna, item_number=item.pk, list_number=police.pk, now=hotline.time)
    hotline.work()
    assert finding(item) is ListFinding.UNKNOWN
    assert [(one.algorithm, one.hash) for one in feedback.false_matches_of(police)] == [("vpdq", HASHES[10].hex())]


@pytest.mark.parametrize(
    ("seen", "more", "expected"),
    [
        ((10, 11, 12, 15, 16), {}, ListFinding.UNKNOWN),
        ((10, 11, 12, 13), {"quality": 40}, ListFinding.UNKNOWN),
        ((10, 11, 12, 13), {"category": HARMLESS}, ListFinding.UNKNOWN),
        ((10, 11, 12, 13), {"quality": 60}, ListFinding.NEAR),
    ],
)
def test_too_few_frames_or_frames_that_say_nothing_make_no_film(
    hotline: Hotline, police: HashList, seen: tuple[int, ...], more: dict[str, Any], expected: ListFinding
) -> None:
    a_version(police, listed_film("F 1", *range(10, 15), **more), at=hotline.time)
    shows(hotline, SWEDISH, film(*seen))
    assert finding(reported(hotline)) is expected


def test_a_withdrawn_film_and_one_of_a_list_that_is_not_used_are_near_to_nothing(
    hotline: Hotline, police: HashList
) -> None:
    a_version(police, listed_film("F 1", 10, 11), at=hotline.time)
    shows(hotline, SWEDISH, film(10, 11))
    item = reported(hotline)
    assert finding(item) is ListFinding.NEAR
    version(hotline, police, withdraw=tuple(numbers(police)[3:]))
    assert finding(item) is ListFinding.UNKNOWN


def test_a_still_of_a_listed_film_looks_like_it(hotline: Hotline, police: HashList) -> None:
    a_version(police, listed_film("F 1", *range(10, 15)), at=hotline.time)
    shows(hotline, SWEDISH, picture(12, turned=3))
    assert finding(reported(hotline)) is ListFinding.NEAR


def test_an_address_that_leads_to_an_assessed_one_has_to_be_checked(hotline: Hotline, anna: Staff) -> None:
    reported(hotline)
    hotline.assess(anna, SWEDISH)
    hops = (*hotline.looks[DUTCH].hops, Hop(address=SWEDISH, ip="192.0.2.1", status=200))
    hotline.looks[DUTCH] = replace(hotline.looks[DUTCH], hops=hops)
    item = reported(hotline, DUTCH)
    assert (finding(item), ItemFinding.objects.get(item=item).rule) == (ListFinding.CHECK, "assessed-address")


def test_a_list_that_is_not_used_says_nothing(hotline: Hotline, police: HashList) -> None:
    HashList.objects.update(active=False)
    shows(hotline, SWEDISH, picture(0))
    assert finding(reported(hotline)) is ListFinding.UNKNOWN


def test_what_comes_onto_a_list_later_is_found_among_what_was_reported_before(
    hotline: Hotline, police: HashList
) -> None:
    shows(hotline, SWEDISH, picture(10))
    shows(hotline, DUTCH, picture(11))
    item, other = reported(hotline), reported(hotline, DUTCH)
    assert finding(item) is ListFinding.UNKNOWN
    version(hotline, police, row(10))
    assert (finding(item), finding(other)) == (ListFinding.ILLEGAL, ListFinding.UNKNOWN)
    assert Case.objects.get(reports__mentions__item=item).rank_reason == "Known: no look needed."
    assert ItemFinding.objects.get(item=other).at == hotline.time


def test_a_file_from_the_desk_is_read_by_the_worker_and_reaches_what_was_reported_before(
    hotline: Hotline, police: HashList, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HASH_LISTS = tmp_path / "hash-lists"
    shows(hotline, SWEDISH, picture(10))
    item = reported(hotline)
    incoming = uploads.Incoming("list.txt")
    incoming.add(HASHES[10].hex().encode() + b"\n")
    upload = uploads.keep(by="lena", found=police, incoming=incoming.end(), mapping={}, now=hotline.time)
    for keeps in (False, True):
        hotline.wait(timedelta(minutes=1))
        uploads.ask(by="lena", upload=upload, mapping={}, replaces=False, keeps=keeps, now=hotline.time)
        with monkeypatch.context() as busy:
            busy.setattr(uploads, "import_file", refuse)
            hotline.work()
        assert "Somebody else" in Step.objects.get(word=StepWord.READ_FILE, done_at=None).error
        hotline.wait(timedelta(minutes=5))
        hotline.work()
    assert not Upload.objects.exists()
    hotline.wait(timedelta(minutes=1))
    hotline.work()
    assert finding(item) is ListFinding.CHECK


def refuse(**_words: object) -> None:
    raise NotNow("Somebody else reads a file into this list at this moment.")


def test_what_is_withdrawn_is_known_no_more(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(0))
    item = reported(hotline)
    version(hotline, police, withdraw=(numbers(police)[0],))
    assert finding(item) is ListFinding.UNKNOWN
    assert not Match.objects.exists()
    assert "Known" not in Case.objects.get().rank_reason


def test_a_withdrawal_counts_even_before_the_index_has_it(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(0))
    item = reported(hotline)
    a_version(police, at=hotline.time, withdraw=(numbers(police)[0],))
    with files.locked(hotline.world.staffroom.indexes / "following"):
        matching.match(hotline.world, item.pk)
    assert finding(item) is ListFinding.UNKNOWN
    assert any("withdrawn" in sentence for sentence in ItemFinding.objects.get().because)


def set_anew(hotline: Hotline, **changes: Any) -> None:
    """Somebody changes what we hold of the police's list, and the worker has worked."""
    hotline.wait(timedelta(minutes=1))
    kept = {"slug": "police", "name": "police", "source": "police", "trust": ListTrust.POLICE, "categories": CATEGORIES}
    actions.set_list(by="test", **{**kept, **changes})
    hotline.wait(timedelta(minutes=1))
    hotline.work()


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ({"trust": ListTrust.VERIFIED}, ListFinding.CHECK),
        ({"categories": {**CATEGORIES, "1": "harmless"}}, ListFinding.HARMLESS),
        ({"active": False}, ListFinding.UNKNOWN),
    ],
)
def test_what_is_changed_about_a_list_reaches_what_was_matched_before(
    hotline: Hotline, police: HashList, changes: dict[str, Any], after: ListFinding
) -> None:
    shows(hotline, SWEDISH, picture(0))
    item = reported(hotline)
    set_anew(hotline, **changes)
    assert finding(item) is after
    assert Case.objects.get().rank_reason != "Known: no look needed."
    written = [one["facts"]["finding"] for one in history(f"item:{item.pk}") if one["word"] == "item.matched"]
    assert sorted(written) == sorted(["illegal", after])
    set_anew(hotline)
    assert finding(item) is ListFinding.ILLEGAL


def test_a_smaller_distance_reaches_what_was_near_before(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(1, turned=9))
    item = reported(hotline)
    set_anew(hotline, distance=8)
    assert finding(item) is ListFinding.UNKNOWN


def test_many_items_are_matched_again_some_at_a_time(
    hotline: Hotline, police: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "AT_A_TIME", 1)
    items = []
    for place, address in enumerate((SWEDISH, DUTCH, BEHIND_CDN), 10):
        shows(hotline, address, picture(place))
        items.append(reported(hotline, address))
    version(hotline, police, row(10), row(11), row(12))
    assert [finding(item) for item in items] == [ListFinding.ILLEGAL] * 3
    assert Step.objects.filter(word=StepWord.MATCH_AGAIN).exclude(done_at=None).count() == 1 + 3


def test_what_was_dismissed_waits_for_an_analyst_again_when_a_list_has_it(
    hotline: Hotline, police: HashList, anna: Staff
) -> None:
    shows(hotline, SWEDISH, picture(10))
    item = reported(hotline)
    hotline.assess(anna, SWEDISH, finding="not_illegal")
    hotline.work()
    assert Case.objects.get().state == "closed"
    version(hotline, police, row(10))
    item.refresh_from_db()
    assert (item.state, item.verdict) == (ItemState.READY, "")
    assert (Case.objects.get().state, Case.objects.get().rank_reason) == ("open", "Known: no look needed.")


def test_what_was_referred_stays_so_when_a_list_has_it(hotline: Hotline, police: HashList, anna: Staff) -> None:
    shows(hotline, SWEDISH, picture(10))
    item = reported(hotline)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    version(hotline, police, row(10))
    item.refresh_from_db()
    assert (item.state, item.verdict) == (ItemState.REFERRED, "illegal")


def look_again(hotline: Hotline) -> None:
    """The worker looks at what is watched once more."""
    hotline.wait(timedelta(hours=2))
    hotline.work()


def test_what_a_later_look_finds_is_matched_too(hotline: Hotline, police: HashList, anna: Staff) -> None:
    shows(hotline, SWEDISH, picture(5))
    item = reported(hotline)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    shows(hotline, SWEDISH, picture(5), picture(0), Medium(address="http://x.test/q.png", problem="too long"))
    look_again(hotline)
    assert finding(item) is ListFinding.ILLEGAL
    assert [one["sha256"] for one in Trace.objects.get(item=item).seen_later] == [HASHES[0].hex()]
    shows(hotline, SWEDISH, picture(6))
    look_again(hotline)
    look_again(hotline)
    assert finding(item) is ListFinding.ILLEGAL
    assert len(Trace.objects.get(item=item).seen_later) == 2
    assert Step.objects.filter(word=StepWord.MATCH, occasion__startswith="seen").count() == 2
    version(hotline, police, row(6))
    assert set(Match.objects.filter(item=item).values_list("known", flat=True)) == {
        numbers(police)[0],
        numbers(police)[3],
    }


def test_a_new_trace_begins_anew_and_no_page_grows_for_ever(
    hotline: Hotline, police: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "MOST_LATER", 2)
    item = reported(hotline)
    later = [asdict(picture(place)) for place in (5, 5, 6, 7)]
    assert len(tracing.note_seen(item_number=item.pk, media=later, now=hotline.time)) == 3
    assert [one["sha256"] for one in Trace.objects.get().seen_later] == [HASHES[place].hex() for place in (6, 7)]
    assert not tracing.note_seen(item_number=item.pk, media=later[2:], now=hotline.time)
    hotline.work()
    assert finding(item) is ListFinding.UNKNOWN
    story.trace(hotline.world, item.pk)
    assert (Trace.objects.get().seen_later, Trace.objects.get().seen_later_at) == ([], None)
    assert tracing.note_seen(item_number=item.pk + 1, media=later, now=hotline.time) == []


def test_a_false_match_is_told_to_its_list_and_counts_no_more_for_this_item(
    hotline: Hotline, police: HashList, anna: Staff
) -> None:
    shows(hotline, SWEDISH, picture(0))
    shows(hotline, DUTCH, picture(0))
    item, other = reported(hotline), reported(hotline, DUTCH)
    findings.dispute(by=anna, item_number=item.pk, list_number=police.pk, now=hotline.time)
    assert finding(item) is ListFinding.CHECK
    hotline.work()
    assert (finding(item), finding(other)) == (ListFinding.UNKNOWN, ListFinding.ILLEGAL)
    assert "false match" in ItemFinding.objects.get(item=item).because[1]
    [told] = feedback.false_matches_of(police)
    assert (told.hash, told.algorithm, told.category, told.items) == (HASHES[0].hex(), "sha256", "1", 1)
    assert (told.distance, told.version, told.reported) == (0, 1, hotline.time.date())
    assert findings.false_matches() == {police.pk: 1}
    version(hotline, police, row(15))
    assert (finding(item), findings.false_matches()) == (ListFinding.UNKNOWN, {police.pk: 1})
    with pytest.raises(NotNow, match="reported back already"):
        findings.dispute(by=anna, item_number=item.pk, list_number=police.pk, now=hotline.time)


def test_another_picture_at_the_same_place_is_not_what_was_disputed(
    hotline: Hotline, police: HashList, anna: Staff
) -> None:
    shows(hotline, SWEDISH, picture(0))
    item = reported(hotline)
    findings.dispute(by=anna, item_number=item.pk, list_number=police.pk, now=hotline.time)
    Trace.objects.update(fingerprints=[{"sha256": row(1)["sha256"]}])
    hotline.work()
    assert finding(item) is ListFinding.ILLEGAL


def test_two_verified_lists_of_different_makers_make_it_known(hotline: Hotline) -> None:
    for slug in ("first", "second"):
        made = a_list(slug, at=hotline.time, trust=ListTrust.VERIFIED)
        a_version(made, [row(0)], at=hotline.time)
        shows(hotline, SWEDISH, picture(0))
    found = ItemFinding.objects.get(item=reported(hotline))
    assert (found.finding, found.rule) == (ListFinding.ILLEGAL, "two-verified-lists")
    assert [one["list"] for one in found.lists] == ["first", "second"]


def test_matching_waits_while_the_first_index_is_being_made(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(0))
    folder = hotline.world.staffroom.indexes
    folder.mkdir()
    with files.locked(folder / "following"):
        item = reported(hotline)
        assert "being made" in Step.objects.get(word=StepWord.MATCH).error
    hotline.wait(timedelta(minutes=5))
    hotline.work()
    assert finding(item) is ListFinding.ILLEGAL


def test_an_index_that_was_thrown_away_is_made_without_being_asked_for(hotline: Hotline, police: HashList) -> None:
    hotline.work()
    mark = hotline.world.staffroom.indexes / "mark.json"
    mark.unlink()
    hotline.work()
    assert mark.exists()
    hotline.wait(timedelta(days=7))
    before = Step.objects.count()
    hotline.work()
    assert Step.objects.filter(word=StepWord.FOLLOW_LISTS).count() <= before


def test_what_was_asked_of_an_index_that_was_behind_is_asked_again(hotline: Hotline, police: HashList) -> None:
    shows(hotline, SWEDISH, picture(10))
    hotline.work()
    hotline.wait(timedelta(minutes=1))
    a_version(police, [row(10)], at=hotline.time)
    hotline.wait(timedelta(minutes=1))
    with files.locked(hotline.world.staffroom.indexes / "following"):
        item = reported(hotline)
        assert finding(item) is ListFinding.UNKNOWN
    hotline.wait(timedelta(minutes=5))
    hotline.work()
    assert finding(item) is ListFinding.ILLEGAL


def test_what_was_asked_just_before_the_database_showed_a_version_is_asked_again(
    hotline: Hotline, police: HashList
) -> None:
    shows(hotline, SWEDISH, picture(10))
    item = reported(hotline)
    assert finding(item) is ListFinding.UNKNOWN
    a_version(police, [row(10)], at=hotline.time - timedelta(seconds=2))
    hotline.work()
    assert finding(item) is ListFinding.UNKNOWN
    hotline.wait(timedelta(seconds=10))
    hotline.work()
    assert finding(item) is ListFinding.ILLEGAL
