"""Sealed letters become reports, further words, or answers. Each may be done twice and counts once."""

import hashlib
import hmac
import logging
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from lykta.core import asking, locators
from lykta.core.clocks import ABANDONED_AFTER
from lykta.core.lifecycle import Event, StepWord
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Answer, Asked, BoxKind, Choice, LetterKind, Source, Topic
from lykta.lib import sealing
from lykta.lib.clock import now
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import ending, forgetting, intake, joining, moves
from lykta.records.cases.models import Case, Report
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.letterbox.models import Letter
from lykta.records.referrals import actions as referrals
from lykta.records.referrals import queries as referral_queries
from lykta.records.steps import actions as steps
from lykta.workflow import attachments, bringing, partner_letters

BY = audit.WORKER
BATCH = 50
log = logging.getLogger(__name__)


def take_in_letters(private_key: bytes) -> int:
    """Open the letters that wait and pass each on to where it belongs. Returns how many were taken in."""
    return _take_in(letterbox_queries.waiting_letters(BATCH), private_key)


def take_in_abandoned(private_key: bytes) -> int:
    """The same for reports that their writers left in the middle: what they said counts as well."""
    return _take_in(letterbox_queries.abandoned_parts(BATCH, before=now() - ABANDONED_AFTER), private_key)


def _take_in(letters: list[Letter], private_key: bytes) -> int:
    taken = 0
    for letter in letters:
        try:
            content = sealing.unseal(bytes(letter.sealed), private_key=private_key)
        except sealing.CannotOpen:
            _set_aside(letter)
            continue
        if _OPENERS[LetterKind(letter.kind)](letter, content):
            attachments.take_in_files(letter, content, private_key)
            letterbox.discard(letter)
            taken += 1
    return taken


def _report(
    letter: Letter, content: dict[str, Any], source: Source = Source.PUBLIC, *, partner: str = "", number: str = ""
) -> bool:
    """A report that was sent, or left in the middle. Its mailbox may have brought one before: then this adds to it.

    `partner` sent it and calls it by that `number`.
    """
    answers = _answers(content)
    complete = letter.kind != LetterKind.PART
    if not complete and not asking.says_something(answers):
        return True
    contact = answers.pop(Asked.CONTACT, "")
    text = "\n".join(said for asked, said in answers.items() if asked not in asking.CHOICES)
    kept = {"answers": {str(asked): said for asked, said in answers.items()}, "contact": contact}
    earlier = cases.report_of_box(bytes(letter.box.lookup))
    if earlier is not None and earlier.letter_digest != _digest(letter):
        return _sent_again(letter, content, earlier, kept, text)
    language = str(content.get("language", ""))[:8]
    opened = intake.Opened(
        digest=_digest(letter),
        source=source,
        topic=asking.topic_of(answers) or Topic.OTHER,
        language=language or letter.box.language,
        received_at=letter.received_at,
        box_lookup=bytes(letter.box.lookup),
        box_proof=_proof(content),
        content=kept,
        locators=locators.find(text).locators,
        danger=answers.get(Asked.DANGER) == Choice.YES,
        complete=complete,
        partner=partner,
        partner_number=number,
    )
    intake.take_in(by=BY, opened=opened, now=now())
    return True


def _brought(letter: Letter, content: dict[str, Any]) -> bool:
    """What came by telephone, in a file or in a mail is a report like any other; the record says who brought it."""
    bringer = bringing.bringer_of(content, lookup=bytes(letter.box.lookup))
    if bringer is None:
        _set_aside(letter)
        return False
    lookup = bytes(letter.box.lookup)
    with transaction.atomic():
        known = cases.report_of_box(lookup)
        taken = _report(letter, content, bringer.source)
        report = cases.report_of_box(lookup)
        if taken and known is None and report is not None:
            facts = {"report": report.pk, "source": str(bringer.source)}
            audit.write(by=bringer.by, word=AuditWord.REPORT_BROUGHT, subject=f"case:{report.case_id}", facts=facts)
    return taken


def _part(letter: Letter, content: dict[str, Any]) -> bool:
    """Left in the middle: by somebody at the public form, or by a partner's system."""
    return _partners(letter, content) if letter.box.kind == BoxKind.PARTNER else _report(letter, content)


def _partners(letter: Letter, content: dict[str, Any]) -> bool:
    """What a partner's system sent."""
    report = partner_letters.as_report(content)
    if report is None:
        _set_aside(letter)
        return False
    number = str(content.get("id", ""))[:64]
    return _report(letter, report, Source.PARTNER, partner=str(content["partner"]), number=number)


def _sent_again(letter: Letter, content: dict[str, Any], report: Report, kept: dict[str, Any], text: str) -> bool:
    """The reporter went back, or came back to what had been left in the middle: all answers, as they are now."""
    if report.case.forgotten_at or not _is_proven(report, content):
        _set_aside(letter)
        return False
    with transaction.atomic():
        if cases.words_of(report)[0].content != kept:
            intake.add_words(
                by=BY,
                report=report,
                number=UUID(_digest(letter)[:32]),
                content=kept,
                locators=locators.find(text).locators,
                at=letter.received_at,
                now=now(),
            )
        danger = kept["answers"].get(Asked.DANGER) == Choice.YES
        intake.sent_again(report=report, danger=danger, complete=letter.kind != LetterKind.PART)
    return True


def _answers(content: dict[str, Any]) -> dict[Asked, str]:
    """What was answered, in the words of the form; what nobody asked is left out."""
    found = content.get("answers")
    answers = found if isinstance(found, dict) else {}
    return {Asked(asked): str(said) for asked, said in answers.items() if asked in set(Asked) and said}


def _more(letter: Letter, content: dict[str, str]) -> bool:
    report = cases.report_of_box(bytes(letter.box.lookup))
    if report is None:
        # Its report waits before it in the same letterbox, or was set aside: then this one stays with it.
        return False
    if report.case.forgotten_at or not _is_proven(report, content):
        _set_aside(letter)  # without a key of its case there is nowhere to keep the words
        return False
    text = str(content.get("text", ""))
    question = cases.asked(report, str(content.get("to", "")))
    intake.add_words(
        by=BY,
        report=report,
        number=_press(letter, content),
        content={"text": text, "to": str(question)} if question else {"text": text},
        locators=locators.find(text).locators,
        at=letter.received_at,
        now=now(),
    )
    if question:
        _acknowledge(letter, question)
    return True


def _press(letter: Letter, content: dict[str, str]) -> UUID:
    """The same for two letters from one press of the button; what was changed in between counts as well."""
    if not content.get("nonce"):
        return UUID(_digest(letter)[:32])
    same = [bytes(letter.box.lookup).hex(), *(str(content.get(part, "")) for part in ("nonce", "to", "text"))]
    return UUID(hashlib.sha256("\n".join(same).encode()).hexdigest()[:32])


def _acknowledge(letter: Letter, question: UUID) -> None:
    """The mailbox itself cannot know what was sent from it: that lies sealed to the hotline."""
    content = {"type": "answered", "number": str(question)}
    number = uuid5(question, "answered")
    letterbox.deliver(lookup=bytes(letter.box.lookup), number=number, content=content, now=now())


def _delete(letter: Letter, content: dict[str, str]) -> bool:
    """The case of the report is forgotten; while a legal hold keeps it, the wish waits for a person."""
    report = cases.report_of_box(bytes(letter.box.lookup))
    if report is None:
        return True  # it was taken back before anybody opened it
    if not _is_proven(report, content) or cases.hold_of(report.case, now=now()):
        _set_aside(letter)
        return False
    if not report.case.forgotten_at:
        with transaction.atomic():
            _forget(joining.alone(by=BY, report=report, now=now()))
    return True


def _forget(case: Case) -> None:
    """The items live on. A case without any has nothing left to do, so it closes."""
    with transaction.atomic():
        if not cases.items_of(case):
            ending.close(by=BY, case_number=case.pk, now=now())
        forgetting.forget(by=BY, case_number=case.pk, now=now())


def _reply(letter: Letter, content: dict[str, str]) -> bool:
    word = str(content.get("answer", ""))
    taken = referrals.take_answer(
        by=BY,
        lookup=bytes(letter.box.lookup),
        proof=_proof(content),
        digest=_digest(letter),
        answer=Answer(word) if word in set(Answer) else Answer.OTHER,
        note=str(content.get("note", "")),
        reference=str(content.get("reference", "")),
        at=letter.received_at,
    )
    if taken is None:
        _set_aside(letter)
        return False
    referral, answer = taken
    if answer is Answer.RELEASED:
        notice_due(referral.item_id)
    elif answer is Answer.WAIT:
        referrals.hold(item_number=referral.item_id, until=None)
    elif answer is Answer.REMOVED:
        steps.plan(word=StepWord.LOOK, subject=referral.item_id, occasion=_digest(letter), now=now())
    return True


def notice_due(item_number: int) -> None:
    """The police agree or their hold is over: the host's turn. Does nothing where no notice is held."""
    with transaction.atomic():
        held = referral_queries.held_notice(item_number)
        if held is None:
            return
        referrals.release(referral=held, now=now())
        try:
            moves.move(by=BY, item_number=item_number, event=Event.NOTICE_DUE, now=now())
        except NotNow as refusal:
            log.info("item %s: no notice is sent: %s", item_number, refusal)


def _set_aside(letter: Letter) -> None:
    log.warning("letter %s cannot be opened or belongs to nobody: it is set aside", letter.pk)
    with transaction.atomic():
        audit.write(by=BY, word=AuditWord.LETTER_SET_ASIDE, subject=f"letter:{letter.pk}")
    letterbox.set_aside(letter, now=now())


def _is_proven(report: Report, content: dict[str, Any]) -> bool:
    """Whether the writer of a letter held the code of the mailbox that the report came with."""
    return hmac.compare_digest(bytes(report.box_proof), _proof(content))


def _proof(content: dict[str, Any]) -> bytes:
    """The proof that the writer held the code of the box, or bytes that prove nothing."""
    try:
        return bytes.fromhex(str(content.get("proof", "")))
    except ValueError:
        return b""


def _digest(letter: Letter) -> str:
    return hashlib.sha256(bytes(letter.sealed)).hexdigest()


_OPENERS = {
    LetterKind.PART: _part,
    LetterKind.REPORT: _report,
    LetterKind.STAFF: _brought,
    LetterKind.MORE: _more,
    LetterKind.REPLY: _reply,
    LetterKind.DELETE: _delete,
    LetterKind.PARTNER: _partners,
}
