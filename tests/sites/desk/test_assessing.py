"""Assessing: nothing is done before it was shown, and nothing else is done than what was shown."""

from typing import Any

import pytest
from django.test import Client
from tests.sites.desk.scenes import hidden, page, ready_case, report, traced, words

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import Confidence, ItemState, RecipientKind
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.models import Recipient
from lykta.records.steps.models import Step
from lykta.records.tracing.models import Trace

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

CSAM = {"finding": "csam", "age": "unknown", "nature": "real", "danger": "no"}


@pytest.fixture
def police(db: None) -> None:
    referrals.set_recipient(
        by="test", kind=RecipientKind.POLICE, country="SE", name="Police unit", email="unit@police.test", key="k"
    )


def preview(client: Client, item: Item, **answers: str) -> str:
    response = client.post(f"/items/{item.pk}/preview/", {**CSAM, **answers})
    assert response.status_code == 200
    return response.content.decode()


def confirm(client: Client, item: Item, fields: dict[str, Any]) -> Any:
    return client.post(f"/items/{item.pk}/confirm/", fields)


def test_the_questions_are_those_of_the_label_set_with_their_keys(desk: Client) -> None:
    _, item = ready_case()
    html = page(desk, f"/items/{item.pk}/assess/")
    assert 'name="finding" value="csam" data-key="1"' in html
    assert 'name="age" value="unknown" checked' in html
    assert 'name="finding" value="csam" checked' not in html
    assert "Nothing is done yet." in html


def test_the_preview_says_who_will_be_told_and_why_and_does_nothing(desk: Client, police: None) -> None:
    _, item = ready_case()
    said = words(preview(desk, item))
    assert "Verdict illegal An example law, paragraph 1" in said
    assert "Police, Sweden (SE) The server is in our country. Police unit unit@police.test" in said
    assert "Host, Sweden (SE) after the police The host is in our country" in said
    assert "abuse@nordhost.test" in said
    item.refresh_from_db()
    assert item.state == ItemState.READY
    assert not Assessment.objects.exists()


def test_an_authority_without_a_certificate_is_not_written_to(desk: Client, police: None) -> None:
    Recipient.objects.update(key="")
    _, item = ready_case()
    said = words(preview(desk, item))
    assert "Police unit has no certificate: please add it under Recipients." in said
    assert "unit@police.test" not in said


def test_danger_is_told_at_once(desk: Client, police: None) -> None:
    _, item = ready_case()
    assert "Police, Sweden (SE) at once A child may be in danger now" in words(preview(desk, item, danger="yes"))


def test_a_recipient_that_is_missing_is_said_before_confirming(desk: Client) -> None:
    _, item = ready_case(contacts=[])
    said = words(preview(desk, item))
    assert "No recipient of this kind is known for SE: please add one." in said
    assert "No contact for complaints was found for the host: please give one." in said


def test_the_countries_of_child_and_offender_count(desk: Client, police: None) -> None:
    _, item = ready_case(host_country="DE", contacts=[])
    said = words(preview(desk, item, victim_country=" se ", victim_basis="reporter", offender_country=""))
    assert "The child is thought to be in our country." in said
    assert "Country of the child Sweden (SE) The reporter says so." in said


def test_what_is_not_illegal_is_told_to_nobody(desk: Client) -> None:
    _, item = ready_case()
    assert "Nobody. The item ends here" in words(preview(desk, item, finding="not_child"))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"finding": ""}, "Please answer: What is it?"),
        ({"finding": "nonsense"}, "is not an answer to: What is it?"),
        ({"victim_country": "Sweden"}, "Please give the country of the child in two letters"),
        ({"offender_country": "1"}, "Please give the country of the offender in two letters"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_of_the_form_is_kept(
    desk: Client, answers: dict[str, str], said: str
) -> None:
    _, item = ready_case()
    html = preview(desk, item, age="3-6", **answers)
    assert said in words(html)
    assert 'name="age" value="3-6" checked' in html
    assert f'action="/items/{item.pk}/preview/"' in html


def test_confirming_does_what_was_shown(desk: Client, anna: Staff, police: None) -> None:
    case, item = ready_case()
    response = confirm(desk, item, hidden(preview(desk, item)))
    assert response.headers["Location"] == f"/cases/{case.pk}/"
    item.refresh_from_db()
    assert item.state == ItemState.REFERRED
    [made] = Assessment.objects.all()
    assert made.by == anna
    assert [told["duty"]["rule"] for told in made.duties] == ["server", "host"]
    assert Step.objects.filter(word=StepWord.TELL, subject=item.pk).exists()
    assert "Confirmed as illegal. Those concerned are being told." in page(desk, f"/cases/{case.pk}/")


def test_confirming_leads_to_the_next_item_of_the_case_that_waits(desk: Client) -> None:
    came = report("http://a.host.example/ http://b.host.example/")
    first, second = traced(came)
    fields = {**hidden(preview(desk, first, finding="not_child")), "case": came.case_id}
    assert confirm(desk, first, fields).headers["Location"] == f"/items/{second.pk}/assess/?case={came.case_id}"
    fields = {**hidden(preview(desk, second, finding="not_found")), "case": came.case_id}
    assert confirm(desk, second, fields).headers["Location"] == f"/cases/{came.case_id}/"


def test_the_analyst_comes_back_to_the_case_they_came_from(desk: Client) -> None:
    _, item = ready_case()
    second = report(f"once more {item.address}").case
    html = page(desk, f"/items/{item.pk}/assess/?case={second.pk}")
    assert f"Back to case {second.number}" in html
    assert hidden(html)["case"] == str(second.pk)
    assert "Back to case" in page(desk, f"/items/{item.pk}/assess/?case=nonsense")


def test_what_has_changed_since_the_preview_is_shown_again_and_not_done(desk: Client, police: None) -> None:
    _, item = ready_case()
    fields = hidden(preview(desk, item))
    Trace.objects.filter(item=item).update(host_country="DE")
    response = confirm(desk, item, fields)
    said = words(response.content.decode())
    assert "What is known about it has changed since you looked." in said
    assert "The server is abroad (DE)." in said
    assert not Assessment.objects.exists()
    fresh = hidden(response.content.decode())
    assert fresh["token"] != fields["token"]
    assert confirm(desk, item, fresh).status_code == 302


def test_confirming_twice_assesses_once(desk: Client) -> None:
    _, item = ready_case()
    fields = hidden(preview(desk, item))
    assert confirm(desk, item, fields).status_code == 302
    assert confirm(desk, item, fields).headers["Location"] == f"/items/{item.pk}/"
    assert Assessment.objects.count() == 1
    assert "It has been assessed already." in page(desk, f"/items/{item.pk}/")


def test_a_damaged_confirmation_comes_back_as_the_form(desk: Client) -> None:
    _, item = ready_case()
    response = confirm(desk, item, {"token": "x", "finding": "csam", "victim_country": "somewhere"})
    assert "in two letters" in response.content.decode()
    assert not Assessment.objects.exists()


def test_change_brings_the_answers_back(desk: Client) -> None:
    _, item = ready_case()
    fields = hidden(preview(desk, item, age="7-10", victim_country="se", victim_basis="language"))
    html = desk.post(f"/items/{item.pk}/assess/", fields).content.decode()
    assert 'name="finding" value="csam" checked' in html.replace(' data-key="1"', "")
    assert 'name="age" value="7-10" checked' in html
    assert 'name="victim_country" value="SE"' in html
    assert '<option value="language" selected>' in html


def test_what_is_not_ready_cannot_be_assessed_and_says_where_it_stands(desk: Client) -> None:
    [mention] = report().mentions.all()
    response = desk.get(f"/items/{mention.item_id}/assess/")
    assert response.headers["Location"] == f"/items/{mention.item_id}/"
    assert "It cannot be assessed now" in page(desk, f"/items/{mention.item_id}/")


def test_where_nobody_is_sure_the_analyst_is_asked_and_may_say_where_the_server_is(desk: Client) -> None:
    _, item = ready_case(host_country="NL", host_confidence=Confidence.UNSURE, disagree=True)
    assert "It is not sure in which country the server is." in words(page(desk, f"/items/{item.pk}/assess/"))
    answers = CSAM
    html = desk.post(f"/items/{item.pk}/preview/", answers).content.decode()
    assert "In which country is it? As long as nobody says, only our police are told." in words(html)
    asked = html.partition('class="banner"')[2].partition("</form>")[0]
    again = {**hidden(asked), "host_country": "se"}
    assert "token" not in again
    said = words(desk.post(f"/items/{item.pk}/preview/", again).content.decode())
    assert "In which country is it?" not in said
    assert "Server Sweden (SE), as you say" in said
    assert "An analyst says that the server is in our country." in said


def test_where_the_country_is_sure_nobody_is_asked(desk: Client) -> None:
    _, item = ready_case()
    assert "It is not sure" not in page(desk, f"/items/{item.pk}/assess/")
    answers = CSAM
    assert "In which country is it?" not in desk.post(f"/items/{item.pk}/preview/", answers).content.decode()


def test_the_country_of_a_server_is_two_letters(desk: Client) -> None:
    _, item = ready_case()
    answers = {**CSAM, "host_country": "Sweden"}
    html = desk.post(f"/items/{item.pk}/preview/", answers).content.decode()
    assert "Please give the country of the server in two letters" in html
