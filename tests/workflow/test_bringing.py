"""What staff bring in is a letter like all others, and nobody else's letter passes for one."""

from datetime import timedelta

import pytest
from tests.workflow.conftest import HOTLINE_KEY, SWEDISH, Hotline

from lykta.core.vocabulary import Asked, LetterKind, Source, Topic
from lykta.lib import clock, codes, sealing
from lykta.lib.codes import Code
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Report
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox.actions import Post
from lykta.records.letterbox.models import Letter
from lykta.workflow import bringing
from lykta.workflow.bringing import Bringer

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
ANNA = Bringer(Source.STAFF, "staff:anna")


def post() -> Post:
    until = clock.now() + timedelta(days=365)
    return Post(hotline_key=sealing.public_key(HOTLINE_KEY), language="sv", now=clock.now(), expires_at=until)


def bring(code: Code, *, bringer: Bringer = ANNA, where: str = SWEDISH, **more: str) -> None:
    answers = {Asked.TOPIC: "web", Asked.WHERE: where, **{Asked(name): said for name, said in more.items()}}
    bringing.bring_in(bringer=bringer, answers=answers, code=code, post=post())


def brought() -> list[tuple[str, str]]:
    return [(entry.by, entry.subject) for entry in Entry.objects.filter(word=AuditWord.REPORT_BROUGHT)]


def test_it_is_sealed_until_the_worker_opens_it(hotline: Hotline) -> None:
    bring(codes.new(), contact="kim@mail.example")
    [letter] = Letter.objects.using("letterbox").all()
    assert letter.kind == LetterKind.STAFF
    assert b"kim@mail" not in bytes(letter.sealed)


def test_it_becomes_a_case_and_the_record_names_who_brought_it(hotline: Hotline) -> None:
    bring(codes.new(), words="They rang twice.", danger="yes", contact="kim@mail.example")
    hotline.work()
    report = Report.objects.get()
    assert (report.source, report.topic, report.language) == (Source.STAFF, Topic.WEB, "sv")
    assert (report.danger, report.complete) == (True, True)
    assert Item.objects.get().address == SWEDISH
    [words] = [one.content for one in cases.words_of(report) if one.incoming]
    assert words is not None
    assert words["answers"]["words"] == "They rang twice."
    assert words["contact"] == "kim@mail.example"
    assert brought() == [("staff:anna", f"case:{report.case_id}")]
    assert not Letter.objects.using("letterbox").exists()


def test_what_a_partner_sent_on_paper_counts_as_theirs(hotline: Hotline) -> None:
    bring(codes.new(), bringer=Bringer(Source.PARTNER, "command"))
    hotline.work()
    assert Report.objects.get().source == Source.PARTNER


def test_twice_with_the_same_code_is_one_report(hotline: Hotline) -> None:
    code = codes.new()
    bring(code)
    bring(code)
    hotline.work()
    bring(code)
    hotline.work()
    assert Report.objects.count() == 1
    assert len(cases.words_of(Report.objects.get())) == 1 + len(hotline.read(code))
    assert len(brought()) == 1


def test_the_caller_goes_on_in_the_mailbox(hotline: Hotline) -> None:
    code = codes.new()
    bring(code)
    hotline.work()
    assert hotline.read(code), "the status lies there"
    hotline.reply(code, text="One thing more.")
    hotline.work()
    said = [one.content for one in cases.words_of(Report.objects.get()) if one.incoming]
    assert said[-1] == {"text": "One thing more."}


@pytest.mark.parametrize(
    "claim",
    [
        {},
        {"source": "staff", "by": "staff:anna"},
        {"source": "staff", "by": "staff:anna", "voucher": "00" * 32},
    ],
)
def test_a_letter_that_only_says_so_is_set_aside(hotline: Hotline, claim: dict[str, str]) -> None:
    content = {"answers": {"topic": "web", "where": SWEDISH}, "language": "en", **claim}
    letterbox.drop_brought(content=content, code=codes.new(), post=post())
    hotline.work()
    assert not Case.objects.exists()
    assert Letter.objects.using("letterbox").get().failed_at is not None
    assert brought() == []


def test_a_voucher_holds_for_its_own_mailbox_and_person_only(hotline: Hotline) -> None:
    bring(codes.new())
    [letter] = Letter.objects.using("letterbox").all()
    content = sealing.unseal(bytes(letter.sealed), private_key=HOTLINE_KEY)
    lookup = bytes(letter.box.lookup)
    assert bringing.bringer_of(content, lookup=lookup) == ANNA
    assert bringing.bringer_of(content, lookup=bytes(16)) is None
    assert bringing.bringer_of({**content, "by": "staff:lena"}, lookup=lookup) is None
    assert bringing.bringer_of({**content, "source": "partner"}, lookup=lookup) is None


def test_staff_cannot_speak_for_the_public_form(hotline: Hotline) -> None:
    bring(codes.new(), bringer=Bringer(Source.PUBLIC, "staff:anna"))
    hotline.work()
    assert not Report.objects.exists()
