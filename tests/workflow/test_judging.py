"""What an analyst is shown is what happens, or they are asked to look again."""

import json
from datetime import UTC, datetime

import pytest
from tests.workflow.conftest import DUTCH, SWEDISH, Hotline

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import RecipientKind, Verdict
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.models import Recipient, Referral
from lykta.records.tracing import actions as tracing
from lykta.workflow import judging

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
ILLEGAL = {"finding": "csam", "nature": "real"}


@pytest.fixture
def item(hotline: Hotline) -> Item:
    hotline.receive(SWEDISH)
    hotline.work()
    return Item.objects.get()


def test_the_preview_names_everybody_with_reason_and_address(hotline: Hotline, item: Item) -> None:
    shown = judging.preview(item=item, given=ILLEGAL, house=hotline.world.house)
    assert shown.judgement.verdict is Verdict.ILLEGAL
    assert [(one.duty.kind, one.to.email) for one in shown.told] == [
        (RecipientKind.POLICE, "police@polis.test"),
        (RecipientKind.HOST, "abuse@nordhost.test"),
    ]
    assert all(one.duty.because for one in shown.told)


def test_a_preview_changes_nothing(hotline: Hotline, item: Item) -> None:
    judging.preview(item=item, given=ILLEGAL, house=hotline.world.house)
    assert Assessment.objects.count() == Referral.objects.count() == 0


def test_what_is_not_illegal_tells_nobody(hotline: Hotline, item: Item) -> None:
    shown = judging.preview(item=item, given={"finding": "not_child"}, house=hotline.world.house)
    assert shown.told == ()


@pytest.mark.parametrize(
    ("country", "told"), [("se", ["police", "host"]), ("NL", ["police", "host"]), ("", ["police", "host"])]
)
def test_victims_country_is_read_in_any_case(hotline: Hotline, item: Item, country: str, told: list[str]) -> None:
    shown = judging.preview(
        item=item, given={**ILLEGAL, "victim_country": country, "victim_basis": "reporter"}, house=hotline.world.house
    )
    assert [str(one.duty.kind) for one in shown.told] == told
    assert shown.facts.victim_country == country.upper()


def test_a_victim_at_home_brings_the_police_in(hotline: Hotline) -> None:
    hotline.receive(DUTCH)
    hotline.work()
    shown = judging.preview(
        item=Item.objects.get(),
        given={**ILLEGAL, "victim_country": "se", "victim_basis": "language"},
        house=hotline.world.house,
    )
    assert [one.duty.rule for one in shown.told] == ["victim", "abroad"]
    assert (shown.facts.victim_basis, shown.facts.host_basis) == ("language", "trace")


@pytest.mark.parametrize("who", ["victim", "offender"])
def test_a_country_without_what_says_so_is_refused(hotline: Hotline, item: Item, who: str) -> None:
    for basis in ("", "nonsense"):
        given = {**ILLEGAL, f"{who}_country": "SE", f"{who}_basis": basis}
        with pytest.raises(NotUnderstood, match="what says in which country"):
            judging.preview(item=item, given=given, house=hotline.world.house)


def test_what_says_so_counts_for_nothing_without_a_country(hotline: Hotline, item: Item) -> None:
    shown = judging.preview(item=item, given={**ILLEGAL, "victim_basis": "language"}, house=hotline.world.house)
    assert shown.facts.victim_basis == ""


def test_of_several_pictures_the_worst_and_the_youngest_are_written_down(
    hotline: Hotline, item: Item, anna: Staff
) -> None:
    house = hotline.world.house
    before = [{"finding": "csam", "age": "3-6"}, {"finding": "not_illegal", "age": "0-2"}]
    given = {"finding": "csam", "nature": "real", "age": "16-17", "pictures": json.dumps(before)}
    shown = judging.preview(item=item, given=given, house=house)
    made = judging.confirm(by=anna, item=item, given=given, token=shown.token, house=house)
    assert made.answers == {"finding": "csam", "age": "0-2", "nature": "real", "danger": "no"}
    assert [one["age"] for one in made.pictures] == ["3-6", "0-2", "16-17"]


def test_one_picture_is_not_written_down_twice(hotline: Hotline, item: Item, anna: Staff) -> None:
    hotline.assess(anna, SWEDISH)
    assert Assessment.objects.get().pictures == []


@pytest.mark.parametrize("pictures", ["{", "5", '["x"]', '[{"finding": "csam", "age": "older"}]', '[{"age": "0-2"}]'])
def test_answers_for_earlier_pictures_that_cannot_be_read_are_refused(
    hotline: Hotline, item: Item, pictures: str
) -> None:
    with pytest.raises(NotUnderstood):
        judging.preview(item=item, given={**ILLEGAL, "pictures": pictures}, house=hotline.world.house)


def test_too_many_pictures_for_one_item_are_refused(hotline: Hotline, item: Item) -> None:
    many = json.dumps([{"finding": "csam"}] * judging.MOST_PICTURES)
    with pytest.raises(NotUnderstood, match="More than 200 pictures"):
        judging.preview(item=item, given={**ILLEGAL, "pictures": many}, house=hotline.world.house)


def test_a_missing_recipient_is_said_in_words(hotline: Hotline, item: Item) -> None:
    Recipient.objects.all().delete()
    shown = judging.preview(item=item, given=ILLEGAL, house=hotline.world.house)
    assert shown.told[0].to.email == ""
    assert "please add one" in shown.told[0].to.problem


def test_a_host_without_a_contact_is_said_in_words(hotline: Hotline, item: Item) -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    summary = {"contacts": [], "country": "SE", "holder": "Nordhost"}
    tracing.keep(by="worker", item_number=item.pk, observed=[], summary=summary, now=moment)
    shown = judging.preview(item=item, given=ILLEGAL, house=hotline.world.house)
    host = shown.told[1].to
    assert (host.name, host.email) == ("Nordhost", "")
    assert "please give one" in host.problem


def test_an_incomplete_answer_is_asked_for(hotline: Hotline, item: Item) -> None:
    with pytest.raises(NotUnderstood, match="What is it"):
        judging.preview(item=item, given={}, house=hotline.world.house)


@pytest.mark.parametrize("change", ["recipient", "trace", "answers"])
def test_what_has_changed_since_the_preview_is_shown_again(
    hotline: Hotline, item: Item, anna: Staff, change: str
) -> None:
    house, given = hotline.world.house, dict(ILLEGAL)
    shown = judging.preview(item=item, given=given, house=house)
    if change == "recipient":
        referrals.set_recipient(
            by="lena", kind=RecipientKind.POLICE, country="SE", name="New", email="new@polis.test", key=""
        )
    elif change == "trace":
        moment = datetime(2026, 1, 2, tzinfo=UTC)
        tracing.keep(
            by="worker",
            item_number=item.pk,
            observed=[],
            summary={"host_country": "NL", "host_confidence": "likely"},
            now=moment,
        )
    else:
        given["danger"] = "yes"
    with pytest.raises(NotNow, match="has changed"):
        judging.confirm(by=anna, item=item, given=given, token=shown.token, house=house)
    assert Assessment.objects.count() == 0


def test_what_was_shown_is_what_is_written_down_and_told(hotline: Hotline, item: Item, anna: Staff) -> None:
    house = hotline.world.house
    shown = judging.preview(item=item, given=ILLEGAL, house=house)
    made = judging.confirm(by=anna, item=item, given=ILLEGAL, token=shown.token, house=house)
    hotline.work()
    assert [told["duty"]["rule"] for told in made.duties] == [one.duty.rule for one in shown.told]
    planned = Referral.objects.filter(assessment=made).values_list("kind", "email")
    assert set(planned) == {("police", "police@polis.test"), ("host", "abuse@nordhost.test")}
