"""A letter becomes a case; known items are linked; doing it twice counts once."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connections, router
from django.test.utils import CaptureQueriesContext
from tests.records.conftest import ADDRESS, TakeIn, opened

from lykta.core.lifecycle import Event, StepWord
from lykta.core.vocabulary import ItemKind, ItemState
from lykta.lib.sealing import CannotOpen
from lykta.records.audit.models import Entry
from lykta.records.audit.queries import verify
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, queries
from lykta.records.cases.actions import intake, moves
from lykta.records.cases.models import Case, Item, Mention, Message, Report
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db

CONTENT = "bafybeiaaaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4"
"""Names the SHA-256 value of the bytes 0 to 31, which is nobody's content."""


def test_a_report_opens_a_case_with_its_items(report: TakeIn) -> None:
    made = report("See hxxp://a.nordhost[.]test/1 and b.polderhost.test/2 , thanks")
    assert made.case.number == f"2026-{made.case.pk:06d}"
    assert [item.host for item in queries.items_of(made.case)] == ["a.nordhost.test", "b.polderhost.test"]
    assert all(item.state == ItemState.RECEIVED for item in Item.objects.all())


def test_each_new_item_is_traced(report: TakeIn) -> None:
    report("http://a.nordhost.test/1 http://b.polderhost.test/2")
    traced = Step.objects.filter(word=StepWord.TRACE).values_list("subject", flat=True)
    assert set(traced) == set(Item.objects.values_list("pk", flat=True))


def test_a_known_item_is_linked_and_every_report_is_kept(report: TakeIn) -> None:
    first, second = report(seed="one"), report(seed="two")
    assert first.case != second.case
    item = Item.objects.get()
    assert Mention.objects.filter(item=item).count() == 2
    assert queries.cases_naming(item) == [first.case, second.case]


def test_differently_written_the_same_item_is_one(report: TakeIn) -> None:
    report("http://pictures.nordhost.test/album/1", seed="one")
    report("hxxp://PICTURES.nordhost[.]test/album/1?utm_source=x", seed="two")
    assert Item.objects.count() == 1
    written = set(Mention.objects.values_list("written", flat=True))
    assert len(written) == 2


def test_the_same_letter_twice_is_one_report(report: TakeIn) -> None:
    assert report() == report()
    assert Report.objects.count() == Case.objects.count() == 1


def test_a_long_list_takes_few_questions_and_leaves_nothing_out(
    report: TakeIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 40)
    report("https://a.example/7 https://a.example/90", seed="before")
    addresses = [f"https://a.example/{number}" for number in range(100)]
    with CaptureQueriesContext(connections["default"]) as asked:
        made = report(" ".join([*addresses, "HTTPS://A.example/3"]), seed="many")
    assert len(asked) < 100
    items = Item.objects.order_by("pk")
    assert sorted(item.address for item in items) == sorted(addresses)
    assert Mention.objects.filter(report=made).count() == 100
    assert set(Step.objects.filter(word=StepWord.TRACE).values_list("subject", flat=True)) == {one.pk for one in items}
    known = {item.address.rpartition("/")[2]: item.turns for item in items if item.turns}
    assert known == {"7": 1, "90": 1}
    assert Entry.objects.filter(word=AuditWord.ITEM_REPORTED).count() == 102
    assert verify(tmp_path / "checkpoints") == (Entry.objects.count(), None)


def test_two_reports_that_say_the_same_are_two_cases(report: TakeIn) -> None:
    assert report(seed="one").case != report(seed="two").case


def test_the_words_lie_under_the_key_of_the_case(report: TakeIn) -> None:
    made = report()
    assert ADDRESS.encode() not in bytes(made.words)
    assert b"reporter.example" not in bytes(made.words)
    (said,) = queries.words_of(made)
    assert said.content == {"text": ADDRESS, "contact": "somebody@reporter.example"}


def test_one_case_cannot_open_the_words_of_another(report: TakeIn) -> None:
    one, other = report("one", seed="1"), report("two", seed="2")
    with pytest.raises(CannotOpen):
        keyring.unlock(other.case.uuid, bytes(one.words))


def test_only_words_is_a_case_that_has_to_be_read(report: TakeIn) -> None:
    made = report("Somebody at the harbour")
    made.case.refresh_from_db()
    assert Item.objects.count() == 0
    assert "no address" in made.case.rank_reason


def test_user_names_and_mail_addresses_are_items_too(report: TakeIn) -> None:
    report("Telegram: t.me/somename and seller@shop.example")
    assert set(Item.objects.values_list("kind", flat=True)) == {ItemKind.ACCOUNT, ItemKind.EMAIL}


def test_what_was_written_the_address_and_the_key_are_kept_apart(report: TakeIn) -> None:
    report("hxxps://shop[.]example/a?utm_source=x")
    item = Item.objects.get()
    assert Mention.objects.get().written == "hxxps://shop[.]example/a?utm_source=x"
    assert (item.address, item.key) == ("https://shop.example/a?utm_source=x", "shop.example/a")


def test_content_behind_two_gateways_is_one_item_that_can_be_looked_at(report: TakeIn) -> None:
    report(f"https://one.example/ipfs/{CONTENT}", seed="one")
    report(f"https://two.example/ipfs/{CONTENT}", seed="two")
    item = Item.objects.get()
    assert (item.kind, item.host, item.watchable) == (ItemKind.IPFS, "one.example", True)


def test_content_without_a_gateway_cannot_be_looked_at(report: TakeIn) -> None:
    report(f"ipfs://{CONTENT}")
    assert not Item.objects.get().watchable


def test_a_key_of_before_is_filled_in_where_the_rules_still_give_it(report: TakeIn) -> None:
    report("http://shop.example/a http://shop.example/b")
    Item.objects.update(key="")
    Item.objects.filter(address__endswith="b").update(key_digest="f" * 64)
    migration = import_module("lykta.records.cases.migrations.0006_item_key")
    migration.fill_keys(apps, connections[router.db_for_write(Item) or ""].schema_editor())
    assert set(Item.objects.values_list("key", flat=True)) == {"shop.example/a", ""}


def test_a_known_item_that_could_not_be_found_is_traced_again(report: TakeIn, now: datetime) -> None:
    report(seed="one")
    item = Item.objects.get()
    for event in (Event.TRACED, Event.FOUND_NOTHING):
        moves.move(by="worker", item_number=item.pk, event=event, now=now)
    report(seed="two")
    item.refresh_from_db()
    assert item.state == ItemState.RECEIVED
    assert Step.objects.filter(word=StepWord.TRACE, subject=item.pk).count() == 2


def test_the_record_names_no_address_and_no_words(report: TakeIn) -> None:
    report()
    everything = " ".join(f"{entry.subject} {entry.facts}" for entry in Entry.objects.all())
    assert "nordhost" not in everything
    assert "reporter.example" not in everything


def test_the_reporter_writes_again_and_new_addresses_are_items(report: TakeIn, later: datetime) -> None:
    made = report()
    more = opened("also http://b.polderhost.test/2")
    number = uuid4()
    for _ in range(2):
        intake.add_words(
            by="worker",
            report=made,
            number=number,
            content={"text": "also"},
            locators=more.locators,
            at=later,
            now=later,
        )
    assert Message.objects.count() == 1
    assert [words.incoming for words in queries.words_of(made)] == [True, True]
    assert Item.objects.count() == 2


def test_naming_the_same_item_twice_in_one_report_moves_nothing(report: TakeIn, later: datetime) -> None:
    made = report()
    before = Item.objects.get().turns
    intake.add_words(
        by="worker", report=made, number=uuid4(), content={"text": ""}, locators=opened().locators, at=later, now=later
    )
    assert Item.objects.get().turns == before
