"""Messages that wait: those that a person mends, those held for the police, those without an answer."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import in_an_hour, page, ready_case, told, words

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import ReferralState
from lykta.lib.clock import now
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.models import Referral
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def test_an_empty_page_says_that_all_is_well(desk: Client) -> None:
    said = words(page(desk, "/referrals/"))
    assert "Everything could be sent." in said
    assert "Nothing is held." in said
    assert "Every message has an answer." in said


def test_a_failed_message_says_what_is_wrong_and_is_sent_to_the_address_that_is_given(
    desk: Client, anna: Staff
) -> None:
    _, item = ready_case()
    referral = told(item, anna, email="")
    assert "No contact for complaints was found for the host" in page(desk, "/referrals/")
    response = desk.post(f"/referrals/{referral.pk}/readdress/", {"email": " abuse@other.test "})
    assert response.headers["Location"] == "/referrals/"
    referral.refresh_from_db()
    assert (referral.state, referral.email) == (ReferralState.PLANNED, "abuse@other.test")
    assert Step.objects.filter(word=StepWord.SEND_REFERRAL, subject=referral.pk).exists()
    assert f"{referral.reference} is on its way again." in page(desk, "/referrals/")


@pytest.mark.parametrize("typed", ["", "abuse", "abuse@", "a@b.test\r\nBcc: c@d.test"])
def test_what_is_no_address_is_said_and_stays_in_the_field(desk: Client, anna: Staff, typed: str) -> None:
    _, item = ready_case()
    referral = told(item, anna, email="")
    html = desk.post(f"/referrals/{referral.pk}/readdress/", {"email": typed}).content.decode()
    assert "Please give a whole e-mail address" in html
    assert f'value="{" ".join(typed.split())}"' in html
    referral.refresh_from_db()
    assert referral.state == ReferralState.FAILED


def test_what_has_not_failed_cannot_be_mended(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    referral = told(item, anna)
    html = desk.post(f"/referrals/{referral.pk}/readdress/", {"email": "abuse@other.test"}).content.decode()
    assert "It has not failed: there is nothing to mend." in html
    referral.refresh_from_db()
    assert referral.email == "abuse@nordhost.test"


def test_a_held_message_says_until_when(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    referral = told(item, anna, held=True)
    assert f"{referral.reference} Host, Nordhost AB {item.pk} when the police answer" in words(
        page(desk, "/referrals/")
    )
    until = in_an_hour()
    referrals.hold(item_number=item.pk, until=until)
    assert f"{until:%-d %b %Y, %H:%M}" in page(desk, "/referrals/")


def test_a_sent_message_waits_here_until_it_is_answered(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    referral = told(item, anna)
    referrals.note_sent(by="worker", number=referral.pk, response="250 ok", now=now())
    assert f"{referral.reference} Host, Nordhost AB {item.pk} 0 minutes ago" in words(page(desk, "/referrals/"))
    Referral.objects.filter(pk=referral.pk).update(answered=True)
    assert "Every message has an answer." in page(desk, "/referrals/")
