"""Lists are kept by who leads or runs the installation, and what is withdrawn by hand is a version, too."""

from typing import Any

import pytest
from tests.records.matching.conftest import Read, held, md5

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import ImportState, ListTrust
from lykta.records.audit.models import Entry
from lykta.records.matching import actions, queries
from lykta.records.matching.access import access_list, access_version, list_named
from lykta.records.matching.models import HashList, Known
from lykta.records.people.models import Staff


def test_a_list_is_changed_under_its_name_and_keeps_its_salt(a_list: HashList) -> None:
    changed = actions.set_list(
        by="test", slug="police", name="New", trust=ListTrust.VERIFIED, distance=20, active=False
    )
    assert (changed.pk, changed.name, changed.distance, changed.active) == (a_list.pk, "New", 20, False)
    assert bytes(HashList.objects.get().salt) == bytes(a_list.salt)
    assert len(bytes(a_list.salt)) >= 32
    assert Entry.objects.filter(word="list.changed", subject="list police").count() == 2


@pytest.mark.parametrize(
    ("changes", "versions"),
    [
        ({"trust": ListTrust.REPORTED}, 2),
        ({"categories": {"1": "harmless"}}, 2),
        ({"distance": 10}, 2),
        ({"source": "Somebody else"}, 2),
        ({"active": False}, 2),
        ({"name": "Another name", "licence": "Agreement 2"}, 1),
    ],
)
def test_what_decides_about_matches_makes_a_version_when_it_is_changed(
    read: Read, a_list: HashList, changes: dict[str, Any], versions: int
) -> None:
    same: dict[str, Any] = {
        "slug": "police",
        "name": "Police",
        "trust": ListTrust.POLICE,
        "categories": {"1": "illegal"},
    }
    read([f"{md5(1)},1"])
    actions.set_list(by="lena", **{**same, **changes})
    found = queries.versions_of(a_list)
    assert len(found) == versions
    assert found[-1].rows_added == 1
    if versions > 1:
        assert (found[0].by, found[0].state, found[0].problem) == ("lena", ImportState.READY, actions.SET_ANEW)
        assert found[0].finished_at is not None


def test_a_list_without_rows_is_set_anew_without_a_version(a_list: HashList) -> None:
    actions.set_list(by="test", slug="police", name="Police", trust=ListTrust.VERIFIED)
    assert not queries.versions_of(a_list)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"distance": 32},
        {"distance": -1},
        {"categories": {"1": "evil"}},
        {"slug": "A list"},
        {"slug": ""},
        {"scheme": "x" * 41},
    ],
)
def test_what_cannot_be_matched_with_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        actions.set_list(**{"by": "test", "slug": "a", "name": "A", "trust": ListTrust.POLICE, **fields})
    assert not HashList.objects.exists()


def test_a_hash_is_withdrawn_wherever_it_stands_and_the_version_says_why(read: Read, a_list: HashList) -> None:
    pdq = "0123456789abcdef" * 4
    read([f"{md5(1)},{pdq}", f"{md5(2)},{pdq}", f"{md5(3)},"], head="md5,pdq")
    digests = [bytes.fromhex(pdq), bytes.fromhex(md5(1))]
    version = actions.withdraw(by="lena", found=a_list, digests=digests, reason="It is a false match.")
    assert (version.number, version.rows_withdrawn, version.state) == (2, 2, ImportState.READY)
    assert (version.by, version.problem) == ("lena", "It is a false match.")
    assert held(a_list) == {md5(3): ""}
    assert Known.objects.filter(list=a_list, withdrawn_in=2).count() == 2
    assert Entry.objects.filter(word="list.withdrawn").count() == 1
    with pytest.raises(NotAllowed):
        actions.withdraw(by="lena", found=a_list, digests=digests, reason="Again.")


def test_a_film_is_withdrawn_with_all_its_frames_and_its_file_and_nothing_else_is(read: Read, a_list: HashList) -> None:
    film = [f"{'0f' * 32},,vpdq:flower:0", f"{'3c' * 32},,vpdq:flower:11", f",{md5(1)},flower"]
    others = [f"{'0f' * 32},,vpdq:Flower:0", f"{'0f' * 32},,vpdq:flower:b:0", f"{'0f' * 32},,flower:0", f",{md5(2)},"]
    read([*film, *others], head="pdq,md5,reference")
    found = queries.film_in(a_list, "vpdq:flower:0")
    assert (found.name, len(found.frames), len(found.others)) == ("flower", 2, 1)
    version = actions.withdraw_film(by="lena", found=a_list, name="flower", reason="A film of a flower.")
    assert (version.number, version.rows_withdrawn, version.problem) == (2, 3, "A film of a flower.")
    left = Known.objects.filter(list=a_list, withdrawn_in=None).values_list("reference", flat=True)
    assert sorted(left) == ["", "flower:0", "vpdq:Flower:0", "vpdq:flower:b:0"]
    assert Entry.objects.get(word="list.withdrawn").facts == '{"rows_withdrawn":3,"version":2}'
    assert read(film, head="pdq,md5,reference").rows_added == 0
    for gone in ("flower", "vpdq:flower:0", ""):
        with pytest.raises(NotNow):
            actions.withdraw_film(by="lena", found=a_list, name=gone, reason="Again.")
    assert len(queries.versions_of(a_list)) == 3


def test_what_was_withdrawn_by_hand_comes_back_only_where_the_list_says_something_new(
    read: Read, a_list: HashList
) -> None:
    rows = [f"{md5(1)},1", f"{md5(2)},1"]
    read(rows)
    actions.withdraw(by="lena", found=a_list, digests=[bytes.fromhex(md5(1))], reason="A mistake.")
    again = read([*rows, f"{md5(1)},1"], replaces=True)
    assert (again.rows_added, again.rows_kept, again.rows_withdrawn) == (0, 3, 0)
    assert read([f"{md5(1)},2"]).rows_added == 1
    assert held(a_list) == {md5(1): "2", md5(2): "1"}
    assert read(rows[:1]).rows_added == 1
    assert held(a_list) == {md5(1): "1", md5(2): "1"}


def test_lists_are_counted_without_dry_runs(read: Read) -> None:
    read([f"{md5(1)},1", f"{md5(2)},1"])
    read([f"{md5(3)},1"], dry_run=True)
    last = read([f"{md5(2)},1"], replaces=True)
    [found] = queries.lists()
    assert (found.held, found.changed_at) == (1, last.finished_at)
    assert [version.number for version in queries.versions_of(found.found)] == [3, 2, 1]


def test_only_who_runs_the_installation_gets_a_list(
    read: Read, a_list: HashList, anna: Staff, lena: Staff, adam: Staff
) -> None:
    version = read([f"{md5(1)},1"])
    for who in (lena, adam):
        assert access_list(who, a_list.pk) == list_named("police") == a_list
        assert access_version(who, version.pk) == version
    with pytest.raises(NotAllowed):
        access_list(anna, a_list.pk)
    with pytest.raises(NotAllowed):
        access_version(anna, version.pk)
    for missing in (lambda: access_list(lena, 987654), lambda: access_version(lena, 987654), lambda: list_named("b")):
        with pytest.raises(NotAllowed, match="There is no such list"):
            missing()
