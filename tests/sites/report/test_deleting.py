"""Deleting a report: said honestly first, done at once, and never by mistake."""

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, post, press

from lykta.core.vocabulary import BoxKind
from lykta.lib import codes
from lykta.records.letterbox.models import Box, Parcel

pytestmark = pytest.mark.django_db(databases=["letterbox"])

MAILBOX = "/en/mailbox/"


def asked(client: Client, code: str) -> Page:
    return post(client, MAILBOX, code=code, step="delete")


def test_the_mailbox_offers_it(report: Client) -> None:
    page = post(report, MAILBOX, code=letters.box(), step="open")
    assert 'name="step" value="delete"' in page.source


def test_first_it_says_what_is_deleted_and_what_is_not(report: Client) -> None:
    code = letters.box()
    page = asked(report, code)
    assert "What you told us about addresses may already have been passed on." in page.text
    assert "It cannot be undone." in page.text
    assert (page.fields["code"], letters.kinds()) == (code, [])
    assert "Det går inte att ångra." in post(report, "/sv/mailbox/", code=code, step="delete").text


def test_then_the_mailbox_is_empty_and_closed_and_the_staff_side_is_asked_to_forget(report: Client) -> None:
    code, other = letters.box(), letters.box()
    for one in (code, other):
        letters.put(one, type="message", text="An answer")
    done = press(report, MAILBOX, asked(report, code), "forget")
    assert (done.status, "Your mailbox is deleted" in done.text) == (200, True)
    assert code not in done.source
    assert letters.kinds() == ["delete"]
    assert letters.proofs() == [codes.proof(code).hex()]
    assert Parcel.objects.using("letterbox").count() == 1
    assert post(report, MAILBOX, code=code, step="open").status == 422
    assert post(report, MAILBOX, code=other, step="open").status == 200


def test_what_was_written_and_not_read_yet_is_taken_back(report: Client) -> None:
    code = letters.box()
    post(report, MAILBOX, code=code, step="write", text="Better not")
    press(report, MAILBOX, asked(report, code), "forget")
    assert letters.opened() == [{}]


def test_who_changes_their_mind_is_back_in_the_mailbox_with_what_was_half_written(report: Client) -> None:
    code = letters.box()
    page = post(report, MAILBOX, code=code, text="Half a sen", step="delete")
    back = press(report, MAILBOX, page, "open")
    assert (back.status, back.fields["text"]) == (200, "Half a sen")
    assert Box.objects.using("letterbox").count() == 1
    assert letters.kinds() == []


def test_a_second_press_finds_no_mailbox_and_asks_for_nothing_more(report: Client) -> None:
    page = asked(report, letters.box())
    press(report, MAILBOX, page, "forget")
    assert press(report, MAILBOX, page, "forget").status == 422
    assert letters.kinds() == ["delete"]


@pytest.mark.parametrize("step", ["delete", "forget", "note"])
@pytest.mark.parametrize("kind", [BoxKind.POLICE, BoxKind.HOTLINE, BoxKind.HOST])
def test_a_recipients_code_does_nothing_here(report: Client, step: str, kind: BoxKind) -> None:
    page = post(report, MAILBOX, code=letters.box(kind), step=step)
    assert page.status == 422
    assert letters.kinds() == []


def test_a_full_disk_deletes_nothing_and_says_so(report: Client) -> None:
    code = letters.box()
    letters.put(code, type="message", text="An answer")
    page = asked(report, code)
    with letters.failing("INSERT"):
        failed = press(report, MAILBOX, page, "forget")
    assert failed.status == 503
    assert failed.fields["code"] == code
    assert "An answer" in press(report, MAILBOX, failed, "open").text
