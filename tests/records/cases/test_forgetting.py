"""Forgetting for real, in two parts, on its day; holds; and old backups that are brought back."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings
from tests.records.conftest import ADDRESS, TakeIn

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.retention import DEFAULT, Retention
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import HoldReason, Verdict
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.audit.models import Entry
from lykta.records.cases import keyring, queries
from lykta.records.cases.actions import ending, forgetting, intake
from lykta.records.cases.keyring import Destroyed, Part
from lykta.records.cases.models import Case, Item, Report
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db

TEXT = f"I saw it: {ADDRESS}"
CONTACT = "somebody@reporter.example"
DAY = timedelta(days=1)


def close(report: Report, now: datetime, *, verdict: Verdict = Verdict.ILLEGAL) -> Case:
    Item.objects.update(verdict=verdict)
    ending.close(by="worker", case_number=report.case_id, now=now)
    return again(report.case)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def listed() -> list[Destroyed]:
    """What the hotline's own list says."""
    return [Destroyed.read(line) for line in keyring.forgotten_list().read_text().splitlines()]


def agree(deed: Deed, *, by: Staff, other: Staff, now: datetime) -> None:
    asked = approvals.ask(by=by, deed=deed, reason="It is needed.", now=now)
    approvals.approve(by=other, number=asked.pk, now=now)


def hold(case: Case, by: Staff, now: datetime, *, days: int = 200) -> None:
    until = now + days * DAY
    forgetting.hold(by=by, case=case, reason=HoldReason.POLICE, reference="K 1-26", until=until, now=now)


@pytest.mark.parametrize(
    ("verdict", "contact", "words"),
    [(Verdict.ILLEGAL, DEFAULT.contact, DEFAULT.words), (Verdict.NOT_ILLEGAL, DEFAULT.unfounded, DEFAULT.unfounded)],
)
def test_a_closed_case_has_days_on_which_it_is_forgotten(
    report: TakeIn, now: datetime, verdict: Verdict, contact: timedelta, words: timedelta
) -> None:
    case = close(report(), now, verdict=verdict)
    assert (case.contact_forget_at, case.forget_at) == (now + contact, now + words)


def test_the_countrys_rules_are_used_and_named_in_the_record(report: TakeIn, now: datetime) -> None:
    made = report()
    rules = Retention(rule="retention-xx-2", unfounded=DAY)
    ending.close(by="worker", case_number=made.case_id, now=now, rules=rules)
    assert again(made.case).forget_at == now + DAY
    assert "retention-xx-2" in Entry.objects.get(word="case.closed").facts


def test_a_case_that_opens_again_is_not_forgotten_meanwhile(report: TakeIn, now: datetime) -> None:
    case = close(report(), now)
    ending.reopen(by="worker", case_number=case.pk, urgency=Urgency(2, "It is there again."))
    assert (again(case).forget_at, again(case).contact_forget_at) == (None, None)


def test_on_its_day_the_contact_is_gone_and_the_words_are_still_there(report: TakeIn, now: datetime) -> None:
    made = report(TEXT)
    close(made, now)
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.contact - DAY) == 0
    assert queries.words_of(made)[0].content == {"text": TEXT, "contact": CONTACT}
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.contact) == 1
    assert queries.words_of(made)[0].content == {"text": TEXT}
    assert again(made.case).contact_forgotten_at is not None
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.contact) == 0


def test_a_contact_that_came_later_goes_on_the_same_day(report: TakeIn, now: datetime) -> None:
    made = report()
    content = {"text": "More.", "contact": "+46 70 174 06 05"}
    intake.add_words(by="worker", report=made, number=uuid4(), content=content, locators=(), at=now, now=now)
    close(made, now)
    assert queries.words_of(made)[1].content == content
    forgetting.forget_due(by="worker", now=now + DEFAULT.contact)
    assert queries.words_of(made)[1].content == {"text": "More."}


def test_a_contact_that_comes_after_the_first_was_forgotten_is_forgotten_in_its_turn(
    report: TakeIn, now: datetime
) -> None:
    made = report(TEXT)
    forgetting.forget_contact(by="worker", case_number=made.case_id, now=now)
    content = {"text": "More.", "contact": "new@reporter.example"}
    intake.add_words(by="worker", report=made, number=uuid4(), content=content, locators=(), at=now, now=now)
    assert [words.content for words in queries.words_of(made)] == [{"text": TEXT}, content]
    assert forgetting.forget_again(by="command", listed=listed(), now=now) == 0
    assert queries.words_of(made)[1].content == content
    close(made, now)
    forgetting.forget_due(by="worker", now=now + DEFAULT.contact)
    assert [words.content for words in queries.words_of(made)] == [{"text": TEXT}, {"text": "More."}]


def test_forgetting_is_real(report: TakeIn, now: datetime) -> None:
    made = report()
    paths = [keyring._path(made.case.uuid, part) for part in Part]
    assert all(path.exists() for path in paths)
    forgetting.forget(by="worker", case_number=made.case.pk, now=now)
    assert not any(path.exists() for path in paths)
    assert [words.content for words in queries.words_of(made)] == [None]
    with pytest.raises(keyring.Forgotten):
        keyring.unlock(made.case.uuid, bytes(made.words))


def test_forgetting_one_case_leaves_the_others(report: TakeIn, now: datetime) -> None:
    gone, kept = report("one", seed="1"), report("two", seed="2")
    forgetting.forget(by="worker", case_number=gone.case.pk, now=now)
    assert queries.words_of(kept)[0].content == {"text": "two", "contact": CONTACT}


def test_a_forgotten_case_is_not_forgotten_again(report: TakeIn, now: datetime) -> None:
    close(report(), now)
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.words) == 1
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.words) == 0
    assert Entry.objects.filter(word="case.forgotten").count() == 1


def test_keys_are_readable_by_their_owner_only(report: TakeIn) -> None:
    made = report()
    assert not any(keyring._path(made.case.uuid, part).stat().st_mode & 0o077 for part in Part)


def test_what_was_forgotten_and_what_will_be_is_listed(report: TakeIn, now: datetime) -> None:
    first, second = report("one", seed="1"), report(TEXT, seed="2")
    forgetting.forget(by="worker", case_number=first.case_id, now=now)
    case = close(second, now)
    assert list(queries.forgotten(since=now - DAY)) == [first.case]
    assert list(queries.forgotten(since=now + DAY)) == []
    assert list(queries.forgotten_soon(before=now + 31 * DAY)) == []
    assert list(queries.forgotten_soon(before=now + 91 * DAY)) == [case]


def test_a_hold_keeps_a_case_until_it_ends(report: TakeIn, lena: Staff, now: datetime) -> None:
    made = report()
    case = close(made, now)
    hold(case, lena, now, days=364)
    assert forgetting.forget_due(by="worker", now=now + 363 * DAY) == 0
    assert [one.case for one in queries.held(now=now + 363 * DAY)] == [case]
    assert forgetting.forget_due(by="worker", now=now + 364 * DAY) == 1
    assert queries.hold_of(case, now=now + 364 * DAY) is None


def test_a_hold_that_is_lifted_lets_go_at_once(report: TakeIn, lena: Staff, now: datetime) -> None:
    case = close(report(), now)
    hold(case, lena, now)
    forgetting.lift(by=lena, case=case, now=now + DAY)
    assert forgetting.forget_due(by="worker", now=now + DEFAULT.contact) == 1
    with pytest.raises(NotNow, match="No hold"):
        forgetting.lift(by=lena, case=case, now=now + DAY)
    assert Entry.objects.filter(word="hold.lifted").count() == 1


def test_a_case_is_held_for_longer_only_with_a_second_person(
    report: TakeIn, lena: Staff, anna: Staff, now: datetime
) -> None:
    case = close(report(), now)
    hold(case, lena, now)
    with pytest.raises(NotNow, match="ask for approval"):
        hold(case, lena, now + DAY)
    until = now + 300 * DAY
    deed = forgetting.extension(case, reason=HoldReason.COURT, reference="T 5", until=until)
    agree(deed, by=lena, other=anna, now=now)
    with pytest.raises(NotNow):
        forgetting.hold(by=lena, case=case, reason=HoldReason.COURT, reference="T 5", until=until + DAY, now=now)
    made = forgetting.hold(by=lena, case=case, reason=HoldReason.COURT, reference="T 5", until=until, now=now)
    assert queries.hold_of(case, now=now) == made
    assert case.holds.count() == 2


def test_only_who_leads_holds_lifts_and_deletes(report: TakeIn, anna: Staff, now: datetime) -> None:
    case = close(report(), now)
    with pytest.raises(NotAllowed):
        hold(case, anna, now)
    with pytest.raises(NotAllowed):
        forgetting.lift(by=anna, case=case, now=now)
    with pytest.raises(NotAllowed):
        forgetting.forget_early(by=anna, case=case, now=now)


def test_a_hold_says_for_what_in_few_letters_and_not_for_what_is_gone(
    report: TakeIn, lena: Staff, now: datetime
) -> None:
    case = close(report(), now)
    until = now + DAY
    with pytest.raises(NotUnderstood, match="120 letters"):
        forgetting.hold(by=lena, case=case, reason=HoldReason.COURT, reference="x" * 121, until=until, now=now)
    forgetting.forget(by="worker", case_number=case.pk, now=now)
    with pytest.raises(NotNow, match="forgotten already"):
        hold(case, lena, now)


def test_a_case_is_forgotten_early_by_two(report: TakeIn, lena: Staff, anna: Staff, now: datetime) -> None:
    made = report()
    with pytest.raises(NotNow, match="Only a closed case"):
        forgetting.forget_early(by=lena, case=made.case, now=now)
    case = close(made, now)
    with pytest.raises(NotNow, match="Nobody has approved"):
        forgetting.forget_early(by=lena, case=case, now=now)
    agree(forgetting.deletion(case), by=lena, other=anna, now=now)
    forgetting.forget_early(by=lena, case=case, now=now)
    assert queries.words_of(made)[0].content is None


def test_what_is_held_is_not_forgotten_early_either(report: TakeIn, lena: Staff, anna: Staff, now: datetime) -> None:
    case = close(report(), now)
    hold(case, lena, now)
    agree(forgetting.deletion(case), by=lena, other=anna, now=now)
    with pytest.raises(NotNow, match="A hold keeps"):
        forgetting.forget_early(by=lena, case=case, now=now)


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    """Where a copy of the keyring is kept longer than it should be."""
    return tmp_path / "backup"


def test_an_old_keyring_that_is_brought_back_is_emptied_by_the_list(
    report: TakeIn, now: datetime, settings: Settings, backup: Path
) -> None:
    whole, part, kept = (report(word, seed=word) for word in ("one", "two", "three"))
    shutil.copytree(settings.KEYRING, backup)
    forgetting.forget(by="worker", case_number=whole.case_id, now=now)
    forgetting.forget_contact(by="worker", case_number=part.case_id, now=now)
    kept_elsewhere = listed()
    # The restore: the old keyring, and a casebook that knows nothing of the forgetting.
    shutil.rmtree(settings.KEYRING)
    shutil.copytree(backup, settings.KEYRING)
    keyring.forgotten_list().unlink()
    Case.objects.update(forgotten_at=None, contact_forgotten_at=None)
    assert queries.words_of(whole)[0].content is not None
    assert forgetting.forget_again(by="command", listed=kept_elsewhere, now=now) == 3
    assert queries.words_of(whole)[0].content is None
    assert queries.words_of(part)[0].content == {"text": "two"}
    assert queries.words_of(kept)[0].content == {"text": "three", "contact": CONTACT}
    assert again(whole.case).forgotten_at == now
    assert again(part.case).contact_forgotten_at == now
    assert listed() == kept_elsewhere
    assert forgetting.forget_again(by="command", listed=kept_elsewhere, now=now) == 0


def test_keys_of_cases_that_the_casebook_does_not_know_go_too(db: None, now: datetime, settings: Settings) -> None:
    number = uuid4()
    keyring.make(number)
    shutil.copytree(settings.KEYRING, f"{settings.KEYRING}-old")
    keyring.forget(number)
    shutil.copytree(f"{settings.KEYRING}-old", settings.KEYRING, dirs_exist_ok=True)
    assert forgetting.forget_again(by="command", listed=listed(), now=now) == 2
    assert not keyring.has(number, Part.CASE)


@pytest.mark.parametrize("line", ["hello", "00 key 0", f"{UUID(int=1).hex} other 0", f"{UUID(int=1).hex} key 0 more"])
def test_what_is_no_list_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Destroyed.read(line)


def test_the_list_says_numbers_only_and_each_key_once(report: TakeIn) -> None:
    made = report()
    for _ in range(2):
        keyring.forget(made.case.uuid)
    assert [(one.case, one.part) for one in listed()] == [(made.case.uuid, Part.CONTACT), (made.case.uuid, Part.CASE)]
    assert all(Destroyed.read(str(one)) == one and len(one.mark) == 16 for one in listed())
