"""Police, partner hotlines and hosts read and answer with the code from their mail."""

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, get, post, press

from lykta.core.vocabulary import Answer, BoxKind
from lykta.lib import codes
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT
from lykta.sites.partners.forms import CHOICES, NEXT

pytestmark = pytest.mark.django_db(databases=["letterbox"])

ANSWER = "/en/answer/"
PAIRS = [(kind, answer) for kind, choices in CHOICES.items() for answer in choices]


def opened(client: Client, code: str) -> Page:
    return post(client, ANSWER, code=code, step="open")


def test_each_kind_of_recipient_has_its_own_answers() -> None:
    assert {kind: [*choices] for kind, choices in CHOICES.items()} == {
        BoxKind.POLICE: [Answer.RECEIVED, Answer.RELEASED, Answer.WAIT],
        BoxKind.HOTLINE: [Answer.RECEIVED, Answer.DECLINED],
        BoxKind.HOST: [Answer.RECEIVED, Answer.REMOVED, Answer.DECLINED],
    }


@pytest.mark.parametrize(("kind", "answer"), PAIRS)
def test_every_answer_is_sealed_and_confirmed(partners: Client, kind: BoxKind, answer: Answer) -> None:
    code = letters.box(kind)
    page = opened(partners, code)
    done = press(partners, ANSWER, page, "answer", answer=answer, reference="K-12/26", note="A note.")
    assert "We have received your answer" in done.text
    assert str(NEXT[answer]) in done.text
    assert "K-12/26" in done.text
    assert letters.kinds() == ["reply"]
    assert letters.proofs() == [codes.proof(code).hex()]
    assert letters.opened() == [
        {"answer": answer, "note": "A note.", "reference": "K-12/26", "nonce": page.fields["nonce"]}
    ]


@pytest.mark.parametrize("kind", [*CHOICES])
@pytest.mark.parametrize("answer", ["", "nonsense", Answer.OTHER])
def test_what_was_not_offered_is_refused_and_the_rest_is_kept(partners: Client, kind: BoxKind, answer: str) -> None:
    page = press(
        partners, ANSWER, opened(partners, letters.box(kind)), "answer", answer=answer, note="Kept.", reference="K-1"
    )
    assert page.status == 422
    assert "Choose one of the answers." in page.text
    assert "#answer" in page.links
    assert (page.fields["note"], page.fields["reference"]) == ("Kept.", "K-1")
    assert letters.opened() == []


def test_a_host_cannot_release_what_the_police_hold(partners: Client) -> None:
    page = press(partners, ANSWER, opened(partners, letters.box(BoxKind.HOST)), "answer", answer=Answer.RELEASED)
    assert page.status == 422
    assert letters.opened() == []


def test_to_decline_takes_a_reason(partners: Client) -> None:
    page = press(partners, ANSWER, opened(partners, letters.box(BoxKind.HOST)), "answer", answer=Answer.DECLINED)
    assert page.status == 422
    assert "#note" in page.links
    assert page.fields["answer"] == Answer.DECLINED


@pytest.mark.parametrize(("field", "limit"), [("reference", LINE_LIMIT), ("note", TEXT_LIMIT)])
def test_fields_have_limits_and_keep_what_was_typed(partners: Client, field: str, limit: int) -> None:
    typed = {"answer": Answer.RECEIVED, field: "n" * (limit + 1)}
    page = press(partners, ANSWER, opened(partners, letters.box(BoxKind.POLICE)), "answer", **typed)
    assert page.status == 422
    assert f"This is too long: {limit} characters fit." in page.text
    assert page.fields[field] == typed[field]


def test_the_message_is_shown_as_text_and_its_addresses_defanged(partners: Client) -> None:
    code = letters.box(BoxKind.HOST)
    letters.put(
        code,
        type="notice",
        title="Notice 7",
        text="Please <b>look</b>.",
        addresses=["https://files.example/7", "a@mail.example"],
    )
    page = opened(partners, code)
    assert "Notice 7" in page.text
    assert "Please &lt;b&gt;look&lt;/b&gt;." in page.source
    assert "<bdi>hxxps://files[.]example/7</bdi>" in page.source
    assert "a[@]mail[.]example" in page.text
    assert not [link for link in page.links if "files" in link]


def test_all_messages_are_shown_oldest_first(partners: Client) -> None:
    code = letters.box(BoxKind.POLICE)
    letters.put(code, minutes=5, type="referral", title="Reminder", text="", addresses=[])
    letters.put(code, type="referral", title="Referral", text="", addresses=[])
    text = opened(partners, code).text
    assert text.index("Referral") < text.index("Reminder")


def test_a_thousand_addresses_are_listed_and_the_rest_counted(partners: Client) -> None:
    code = letters.box(BoxKind.HOTLINE)
    letters.put(
        code, type="referral", title="Many", text="", addresses=[f"https://a.example/{n}" for n in range(1_001)]
    )
    page = opened(partners, code)
    assert page.source.count("<li><bdi>") == 1_000
    assert "And 1 more." in page.text


def test_an_empty_box_can_be_answered(partners: Client) -> None:
    page = opened(partners, letters.box(BoxKind.HOTLINE))
    assert "The message itself is in our mail" in page.text
    assert "answer" in page.ids


def test_only_hosts_are_told_of_their_duty_under_the_dsa(partners: Client) -> None:
    duty = "Article 16(5) and (6)"
    assert duty in opened(partners, letters.box(BoxKind.HOST)).text
    assert duty not in opened(partners, letters.box(BoxKind.POLICE)).text


def test_one_can_answer_again(partners: Client) -> None:
    code = letters.box(BoxKind.POLICE)
    for answer in (Answer.WAIT, Answer.RELEASED):
        press(partners, ANSWER, opened(partners, code), "answer", answer=answer)
    assert [letter["answer"] for letter in letters.opened()] == [Answer.WAIT, Answer.RELEASED]
    assert len({letter["nonce"] for letter in letters.opened()}) == 2


def test_a_reporters_code_opens_nothing_here(partners: Client) -> None:
    unknown, reporters = opened(partners, codes.new()), opened(partners, letters.box())
    assert unknown.status == reporters.status == 422
    assert unknown.text == reporters.text


def test_a_full_disk_does_not_lose_the_answer(partners: Client) -> None:
    page = opened(partners, letters.box(BoxKind.POLICE))
    with letters.failing("INSERT"):
        failed = press(partners, ANSWER, page, "answer", answer=Answer.WAIT, note="Kept.")
    assert failed.status == 503
    assert (failed.fields["answer"], failed.fields["note"]) == (Answer.WAIT, "Kept.")
    assert "We have received your answer" in press(partners, ANSWER, failed, "answer").text


def test_a_letterbox_that_cannot_be_read_keeps_code_and_answer(partners: Client) -> None:
    code = letters.box(BoxKind.POLICE)
    with letters.failing("SELECT"):
        failed = post(partners, ANSWER, code=code, answer=Answer.WAIT, note="Kept.", step="answer")
    assert failed.status == 503
    again = press(partners, ANSWER, failed, "open")
    assert (again.fields["answer"], again.fields["note"]) == (Answer.WAIT, "Kept.")


def test_another_language_keeps_what_was_typed(partners: Client) -> None:
    page = opened(partners, letters.box(BoxKind.POLICE))
    assert 'formaction="/sv/answer/"' in page.source
    swedish = press(partners, "/sv/answer/", page, "open", answer=Answer.WAIT, note="Half a sen")
    assert "Vårt meddelande" in swedish.text
    assert (swedish.fields["answer"], swedish.fields["note"]) == (Answer.WAIT, "Half a sen")
    wrong = press(partners, "/sv/answer/", opened(partners, "7K3M"), "language")
    assert (wrong.status, wrong.fields["code"]) == (200, "7K3M")


def test_the_code_is_never_in_an_address(partners: Client) -> None:
    code = letters.box(BoxKind.POLICE)
    assert not [link for link in opened(partners, code).links if code in link]
    assert get(partners, f"{ANSWER}?code={code}").fields["code"] == ""


def test_the_bare_language_leads_to_the_form(partners: Client) -> None:
    assert partners.get("/sv/")["Location"] == "/sv/answer/"
