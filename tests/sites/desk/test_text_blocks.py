"""Text blocks at the desk: put into an answer without losing what was written, worded anew by a lead."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, report, words

from lykta.records.casework.models import TextBlock

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
SWEDISH = "Om ett barn är i fara just nu, ring polisen"


def test_a_block_comes_into_the_answer_in_the_reporters_language(desk: Client) -> None:
    came = report("Hej")
    fields = {"report": came.pk, "text": "My own words", "block": "danger", "insert": "yes", "question": "yes"}
    html = desk.post(f"/cases/{came.case_id}/answer/", fields).content.decode()
    assert "My own words\n\nOm ett barn är i fara" in html
    assert 'name="question" value="yes" checked' in html
    assert not came.messages.exists()


def test_a_block_that_is_not_there_changes_nothing(desk: Client) -> None:
    came = report("Hej")
    fields = {"report": came.pk, "text": "My own words", "block": "nonsense", "insert": "yes"}
    assert "My own words</textarea>" in desk.post(f"/cases/{came.case_id}/answer/", fields).content.decode()


def keep(client: Client, **changes: str) -> str:
    fields = {"language": "sv", "name": "danger", "text": "Ring 112.", **changes}
    return client.post("/text-blocks/keep/", fields, follow=True).content.decode()


def test_a_lead_words_a_block_anew_and_brings_the_old_one_back(desk: Client, lead: Client) -> None:
    assert SWEDISH in page(lead, "/text-blocks/?language=sv")
    assert "your own wording" in keep(lead)
    came = report("Hej")
    fields = {"report": came.pk, "text": "", "block": "danger", "insert": "yes"}
    assert "Ring 112." in desk.post(f"/cases/{came.case_id}/answer/", fields).content.decode()
    assert SWEDISH in keep(lead, text="")
    assert not TextBlock.objects.exists()


def test_the_text_that_comes_along_is_not_kept_as_ones_own(lead: Client) -> None:
    html = page(lead, "/text-blocks/?language=sv")
    came_along = html.split('id="block-danger"')[1].split(">", 1)[1].split("</textarea>")[0].strip()
    keep(lead, text=came_along)
    assert not TextBlock.objects.exists()


def test_a_block_nobody_knows_is_not_kept(lead: Client) -> None:
    keep(lead, name="nonsense")
    keep(lead, language="xx")
    assert set(TextBlock.objects.values_list("name", "language")) == {("danger", "en")}


def test_what_is_missing_in_a_language_is_said(lead: Client) -> None:
    assert "not in this language yet" in words(page(lead, "/text-blocks/?language=pl"))
    assert "not in this language yet" not in words(page(lead, "/text-blocks/?language=sv"))


def test_an_analyst_words_nothing_anew(desk: Client) -> None:
    page(desk, "/text-blocks/", status=404)
    assert desk.post("/text-blocks/keep/", {"name": "danger", "text": "x"}).status_code == 404
