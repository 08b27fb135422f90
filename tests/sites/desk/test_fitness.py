"""Work that is for somebody else: not in the list, and by its address a page that says why."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import ADDRESS, page, prove, ready_case, words

from lykta.core.vocabulary import Certification
from lykta.records.cases.actions import standing
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
OF_FILMS = "Something in it may have to be looked at that you are not certified for."


@pytest.fixture
def case(db: None) -> Case:
    found, item = ready_case()
    standing.note_needs(item=item, needs=Certification.FILMS)
    found.refresh_from_db()
    return found


def test_who_works_with_words_reads_why_the_case_is_not_theirs(desk: Client, anna: Staff, case: Case) -> None:
    Staff.objects.filter(pk=anna.pk).update(certified_for="text")
    assert case.number not in page(desk, "/")
    said = words(page(desk, f"/cases/{case.pk}/"))
    assert OF_FILMS in said
    assert "In your hands" not in said
    item = Item.objects.get()
    assert OF_FILMS in words(page(desk, f"/items/{item.pk}/assess/", status=403))
    for verb in ("preview", "confirm"):
        assert desk.post(f"/items/{item.pk}/{verb}/").status_code == 403
    assert Case.objects.get().claimed_by is None


def test_who_is_spared_something_reads_that_it_was_their_choice_and_nothing_else(
    desk: Client, anna: Staff, case: Case
) -> None:
    desk.post("/account/spare/", {"topic": "web"})
    for address in (f"/cases/{case.pk}/", f"/items/{Item.objects.get().pk}/"):
        said = page(desk, address, status=403)
        assert "You have chosen not to be shown reports of this kind." in words(said)
        assert "nordhost" not in said
    assert case.number not in words(desk.post("/search/", {"sought": ADDRESS}).content.decode())
    desk.post("/account/spare/", {})
    assert case.number in words(desk.post("/search/", {"sought": ADDRESS}).content.decode())


def test_a_case_is_handed_only_to_who_may_take_it(desk: Client, lena: Staff, case: Case) -> None:
    assert 'value="lena"' in page(desk, f"/cases/{case.pk}/")
    Staff.objects.filter(pk=lena.pk).update(works_on="")
    assert "lena (not at work now)" in words(page(desk, f"/cases/{case.pk}/"))
    Staff.objects.filter(pk=lena.pk).update(certified_for="text")
    assert "lena" not in words(page(desk, f"/cases/{case.pk}/")).partition("Hand it over to")[2][:40]
    typed = {"to": "lena", "text": "Please.", "due": "2027-01-01"}
    refused = f"/cases/{case.pk}/hand-over/", f"/cases/{case.pk}/task/"
    for address in refused:
        said = desk.post(address, typed).content.decode()
        assert "Your colleague does not take cases of this kind." in words(said)
        assert "Please." in said
    asked = desk.post(f"/items/{Item.objects.get().pk}/ask-colleague/", {"colleague": lena.pk}, follow=True)
    assert "Your colleague does not take items of this kind." in words(asked.content.decode())


def test_a_lead_is_told_what_nobody_at_work_may_take(lead: Client, desk: Client, case: Case) -> None:
    Staff.objects.update(works_on="1234567")
    assert "nobody who is at work now may take" not in page(lead, "/")
    Staff.objects.update(certified_for="pictures")
    said = words(page(lead, "/"))
    assert "nobody who is at work now may take: On the internet (pictures and films)." in said
    assert "nobody who is at work now may take" not in page(desk, "/")


def test_a_lead_says_which_reports_somebody_is_prepared_for(lead: Client, anna: Staff, desk: Client) -> None:
    form = {"certified_for": "films", "prepared_for": ["web", "travel"]}
    assert prove(lead).post(f"/people/{anna.pk}/terms/", form).status_code == 302
    anna.refresh_from_db()
    assert anna.unprepared_for == ["contact", "own_picture", "trade", "payment", "other"]
    assert "Trade or trafficking" in words(page(lead, "/people/"))
    kept = page(lead, f"/people/{anna.pk}/")
    assert 'name="prepared_for" value="web" checked' in kept
    assert 'name="prepared_for" value="trade">' in kept
    assert "Not prepared for" in page(desk, "/account/")
