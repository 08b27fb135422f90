"""Telling: planned once, sent once, marked when it may be a repeat, answered once."""

from datetime import datetime, timedelta

import pytest
from tests.records.conftest import TakeIn

from lykta.core.labels import Judgement
from lykta.core.lifecycle import Event, StepWord
from lykta.core.refusals import NotAllowed, NotNow
from lykta.core.routing import Duty, Facts
from lykta.core.vocabulary import ANSWERS, Answer, RecipientKind, ReferralState, Verdict
from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.lib.labels import label_set
from lykta.records.cases.actions import judging, moves
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import access, actions, queries
from lykta.records.referrals.actions import Addressee
from lykta.records.referrals.models import Answer as AnswerRow
from lykta.records.referrals.models import Referral
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db
POLICE = Duty(kind=RecipientKind.POLICE, country="SE", rule="server", because="The server is in our country.")
HOST = Duty(kind=RecipientKind.HOST, country="SE", rule="host", because="The host is here.", after_police=True)
TO = Addressee("Police unit", "police@polis.test", "key")
CODE, OTHER_CODE = codes.new(), codes.new()


@pytest.fixture
def assessment(anna: Staff, report: TakeIn, now: datetime) -> Assessment:
    report()
    item = moves.move(by="worker", item_number=Item.objects.get().pk, event=Event.TRACED, now=now)
    ruling = judging.Ruling(
        label_set=label_set("lykta-1"),
        answers={"finding": "csam"},
        judgement=Judgement(Verdict.ILLEGAL, "§ 1"),
        facts=Facts(host_country="SE"),
    )
    return judging.assess(by=anna, item_number=item.pk, ruling=ruling, now=now)


def plan(assessment: Assessment, duty: Duty, now: datetime, to: Addressee = TO) -> Referral:
    return actions.plan(by="worker", assessment=assessment, duty=duty, to=to, now=now)


@pytest.fixture
def referral(assessment: Assessment, now: datetime) -> Referral:
    return plan(assessment, POLICE, now)


def take(
    code: Code, answer: Answer, now: datetime, *, proof: bytes | None = None, digest: str = "d" * 64, **words: str
) -> tuple[Referral, Answer] | None:
    """An answer comes in, by somebody who held the code unless another proof is given."""
    return actions.take_answer(
        by="worker",
        lookup=codes.lookup(code),
        proof=codes.proof(code) if proof is None else proof,
        digest=digest,
        answer=answer,
        note=words.get("note", ""),
        reference=words.get("reference", ""),
        at=now,
    )


def sending_steps() -> int:
    return Step.objects.filter(word=StepWord.SEND_REFERRAL).count()


def test_the_police_are_told_at_once_the_host_waits(assessment: Assessment, now: datetime) -> None:
    assert plan(assessment, POLICE, now).state == ReferralState.PLANNED
    assert plan(assessment, HOST, now).state == ReferralState.HELD
    assert sending_steps() == 1


def test_planning_twice_is_planning_once(assessment: Assessment, now: datetime) -> None:
    assert plan(assessment, POLICE, now) == plan(assessment, POLICE, now)
    assert sending_steps() == 1


def test_without_an_address_a_person_has_to_act(assessment: Assessment, now: datetime) -> None:
    made = plan(assessment, POLICE, now, Addressee("", "", problem="No police unit is known."))
    assert made.state == ReferralState.FAILED
    assert queries.failed() == [made]
    assert sending_steps() == 0


def test_a_first_sending_is_no_repeat(referral: Referral, now: datetime) -> None:
    begun = actions.begin_sending(number=referral.pk, code=CODE, now=now)
    assert begun is not None
    assert begun[1] is False


def test_a_sending_that_never_ended_makes_the_next_a_repeat(referral: Referral, now: datetime, later: datetime) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    begun = actions.begin_sending(number=referral.pk, code=OTHER_CODE, now=later)
    assert begun is not None
    assert begun[1] is True
    assert begun[0].repeats == 1


def test_a_sure_refusal_makes_the_next_no_repeat(referral: Referral, now: datetime) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    actions.not_sent(number=referral.pk)
    begun = actions.begin_sending(number=referral.pk, code=OTHER_CODE, now=now)
    assert begun is not None
    assert begun[1] is False


def test_after_an_unsure_try_a_sure_refusal_stays_a_repeat(referral: Referral, now: datetime) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    actions.begin_sending(number=referral.pk, code=OTHER_CODE, now=now)
    actions.not_sent(number=referral.pk)
    begun = actions.begin_sending(number=referral.pk, code=codes.new(), now=now)
    assert begun is not None
    assert begun[1] is True


def test_what_was_sent_is_not_sent_again(referral: Referral, now: datetime) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    actions.note_sent(by="worker", number=referral.pk, response="250 OK", now=now)
    assert actions.begin_sending(number=referral.pk, code=OTHER_CODE, now=now) is None


def test_a_held_notice_is_not_sent(assessment: Assessment, now: datetime) -> None:
    held = plan(assessment, HOST, now)
    assert actions.begin_sending(number=held.pk, code=CODE, now=now) is None


def test_a_hold_runs_out(assessment: Assessment, now: datetime, later: datetime) -> None:
    held = plan(assessment, HOST, now)
    assert queries.holds_that_ended(now=later) == []
    actions.hold(item_number=held.item_id, until=later)
    assert queries.holds_that_ended(now=now) == []
    assert queries.holds_that_ended(now=later) == [held]


def test_police_may_ask_to_wait_without_end(assessment: Assessment, now: datetime, later: datetime) -> None:
    held = plan(assessment, HOST, now)
    actions.hold(item_number=held.item_id, until=now)
    actions.hold(item_number=held.item_id, until=None)
    assert queries.holds_that_ended(now=later + timedelta(days=999)) == []
    assert queries.held_notice(held.item_id) == held


def test_a_release_lets_the_notice_go(assessment: Assessment, now: datetime) -> None:
    held = plan(assessment, HOST, now)
    actions.release(referral=held, now=now)
    assert queries.held_notice(held.item_id) is None
    assert actions.begin_sending(number=held.pk, code=CODE, now=now) is not None


def test_a_notice_for_what_is_gone_is_dropped(assessment: Assessment, now: datetime) -> None:
    held = plan(assessment, HOST, now)
    actions.drop(item_number=held.item_id)
    held.refresh_from_db()
    assert held.state == ReferralState.DROPPED
    assert queries.all_told(held.item)


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_is_kept_once(referral: Referral, now: datetime, answer: Answer) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    counts_as = answer if answer in ANSWERS[RecipientKind.POLICE] else Answer.OTHER
    for _ in range(2):
        assert take(CODE, answer, now, note="Thanks", reference="K 1-26") == (referral, counts_as)
    row = AnswerRow.objects.get()
    assert (row.answer, row.note, row.reference) == (counts_as, "Thanks", "K 1-26")


@pytest.mark.parametrize("answer", [Answer.RELEASED, Answer.WAIT])
def test_only_the_police_say_whether_the_host_may_be_told(
    assessment: Assessment, now: datetime, answer: Answer
) -> None:
    notice = plan(assessment, HOST, now)
    actions.release(referral=notice, now=now)
    actions.begin_sending(number=notice.pk, code=CODE, now=now)
    assert take(CODE, answer, now) == (notice, Answer.OTHER)


def test_both_codes_of_a_repeated_message_work(referral: Referral, now: datetime) -> None:
    for code in (CODE, OTHER_CODE):
        actions.begin_sending(number=referral.pk, code=code, now=now)
    assert take(CODE, Answer.RECEIVED, now, digest="1" * 64)
    assert take(OTHER_CODE, Answer.RECEIVED, now, digest="2" * 64)
    assert referral.answers.count() == 2


def test_an_answer_from_an_unknown_box_belongs_to_nobody(referral: Referral, now: datetime) -> None:
    assert take(CODE, Answer.RECEIVED, now) is None
    assert AnswerRow.objects.count() == 0


@pytest.mark.parametrize(
    "proof", [b"", b"x" * 32, codes.proof(OTHER_CODE), codes.lookup(CODE)], ids=["none", "guess", "other", "lookup"]
)
def test_who_never_held_the_code_cannot_answer_in_its_name(referral: Referral, now: datetime, proof: bytes) -> None:
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    assert take(CODE, Answer.RELEASED, now, proof=proof) is None
    assert AnswerRow.objects.count() == 0


def recipient(*, email: str = "new@polis.test", key: str = "new key") -> None:
    actions.set_recipient(by="staff:lena", kind=RecipientKind.POLICE, country="SE", name="Unit", email=email, key=key)


def test_a_person_mends_what_failed(referral: Referral, now: datetime) -> None:
    actions.note_failed(by="worker", number=referral.pk, problem="550 no such mailbox")
    assert [one.problem for one in queries.failed()] == ["550 no such mailbox"]
    recipient()
    actions.readdress(by="staff:anna", number=referral.pk, email="new@polis.test", now=now)
    referral.refresh_from_db()
    assert (referral.email, referral.key, referral.state) == ("new@polis.test", "new key", ReferralState.PLANNED)
    assert sending_steps() == 2


@pytest.mark.parametrize(
    ("known", "email"),
    [({"email": "new@polis.test"}, "other@polis.test"), ({"key": ""}, "new@polis.test"), (None, "new@polis.test")],
)
def test_a_case_never_goes_to_an_authority_in_clear(
    referral: Referral, now: datetime, known: dict[str, str] | None, email: str
) -> None:
    actions.note_failed(by="worker", number=referral.pk, problem="key expired")
    if known is not None:
        recipient(**known)
    with pytest.raises(NotNow, match="Recipients"):
        actions.readdress(by="staff:anna", number=referral.pk, email=email, now=now)
    referral.refresh_from_db()
    assert (referral.state, referral.email) == (ReferralState.FAILED, TO.email)


def test_a_hosts_address_is_a_persons_to_find(assessment: Assessment, now: datetime) -> None:
    notice = plan(assessment, HOST, now, Addressee("Host", "", problem="No contact was found."))
    actions.readdress(by="staff:anna", number=notice.pk, email="abuse@nordhost.test", now=now)
    notice.refresh_from_db()
    assert (notice.email, notice.key) == ("abuse@nordhost.test", "")


def test_what_has_not_failed_cannot_be_readdressed(referral: Referral, now: datetime) -> None:
    with pytest.raises(NotNow):
        actions.readdress(by="staff:anna", number=referral.pk, email="eve@example.test", now=now)
    referral.refresh_from_db()
    assert referral.email == TO.email


def test_somebody_is_not_told_while_a_message_waits_or_failed(referral: Referral, now: datetime) -> None:
    assert not queries.all_told(referral.item)
    actions.note_failed(by="worker", number=referral.pk, problem="no")
    assert not queries.all_told(referral.item)
    actions.note_sent(by="worker", number=referral.pk, response="250", now=now)
    assert queries.all_told(referral.item)


def test_recipients_are_one_per_kind_and_country(db: None) -> None:
    for name in ("Old", "New"):
        actions.set_recipient(
            by="staff:lena", kind=RecipientKind.HOTLINE, country="NL", name=name, email="h@polder.test", key=""
        )
    (known,) = queries.recipients()
    assert known.name == "New"
    assert queries.hotline_countries() == {"NL"}
    assert queries.recipient(RecipientKind.POLICE, "NL") is None


def test_the_door_to_a_referral(referral: Referral, anna: Staff, adam: Staff) -> None:
    assert access.access_referral(anna, referral.pk) == referral
    for who, number in ((adam, referral.pk), (anna, 999)):
        with pytest.raises(NotAllowed):
            access.access_referral(who, number)


def test_a_reference_names_the_year_and_the_number(referral: Referral) -> None:
    assert referral.reference == f"L-2026-{referral.pk:06d}"


def test_what_waits_for_whom_is_listed(referral: Referral, assessment: Assessment, now: datetime) -> None:
    waits = plan(assessment, HOST, now)
    assert queries.held(9) == [waits]
    assert queries.unanswered(9) == []
    actions.begin_sending(number=referral.pk, code=CODE, now=now)
    actions.note_sent(by="worker", number=referral.pk, response="250", now=now)
    assert queries.unanswered(9) == [referral]
    take(CODE, Answer.RECEIVED, now)
    assert queries.unanswered(9) == []
