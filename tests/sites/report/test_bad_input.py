"""Whatever is typed or sent: an answer in words, nothing lost, never a fault."""

import itertools

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sites import letters
from tests.sites.browsing import FORM, Page, get, post, press

from lykta.sites.common.words import TEXT_LIMIT

pytestmark = pytest.mark.django_db(databases=["letterbox"])

TELL = "/en/tell/"
NETWORKS = itertools.count()
"""Each strange text comes from a network of its own, so that nobody has to wait."""


@pytest.mark.parametrize("text", ["", "   ", "\r\n\r\n", "\x00", "\x07\x1b"])
def test_an_empty_report_is_asked_for_words(report: Client, text: str) -> None:
    page = post(report, TELL, text=text, topic="web", step="check")
    assert page.status == 422
    assert "Write a few words or paste an address." in page.text
    assert page.fields["topic"] == "web"


def test_a_problem_is_named_in_the_title_the_summary_and_at_the_field(report: Client) -> None:
    page = post(report, TELL, step="check")
    assert "<title>Error: " in page.source
    assert "#text" in page.links
    assert "text-wrong" in page.described
    assert "text-wrong" in page.ids
    assert page.text.count("Write a few words or paste an address.") == 2


@pytest.mark.parametrize("sign", ["x", "å", "က", "👍"])
def test_the_longest_text_fits_whatever_the_script(report: Client, sign: str) -> None:
    page = press(report, TELL, get(report, TELL), "check", text=sign * TEXT_LIMIT)
    assert page.status == 200
    assert "Thank you" in press(report, TELL, page, "send").text
    assert letters.opened()[0]["text"] == sign * TEXT_LIMIT


@pytest.mark.parametrize("step", ["check", "send"])
def test_a_megabyte_is_too_long_and_is_kept(report: Client, step: str) -> None:
    text = "0123456789" * 100_000
    page = post(report, TELL, text=text, step=step)
    assert page.status == 422
    assert f"This has 1000000 characters; {TEXT_LIMIT} fit." in page.text
    assert page.fields["text"] == text
    assert letters.opened() == []


def test_ten_thousand_addresses_are_taken_in(report: Client) -> None:
    text = "\n".join(f"http://a.test/{number}" for number in range(10_000))
    page = post(report, TELL, text=text, step="check")
    assert page.status == 200
    assert page.source.count("<li><bdi>") == 50
    assert "Thank you" in press(report, TELL, page, "send").text
    assert letters.opened()[0]["text"] == text


def test_invalid_utf_8_is_replaced_not_refused(report: Client) -> None:
    for body in (b"text=a%ff%fe%c3b&step=check", b"text=a\xff\xfe\xc3b&step=check", b"text=a%ED%A0%80b&step=check"):
        page = Page(report.post(TELL, body, content_type=FORM))
        assert page.status == 200
        assert page.fields["text"].startswith("a")
        assert page.fields["text"].endswith("b")


@pytest.mark.parametrize("charset", ["utf-16", "no-such", "utf-7"])
def test_another_character_set_is_no_fault(report: Client, charset: str) -> None:
    page = Page(report.generic("POST", TELL, b"text=abc&step=check", content_type=f"{FORM}; charset={charset}"))
    assert page.status in {200, 400}


def test_control_characters_are_left_out(report: Client) -> None:
    page = post(report, TELL, text="be\x00fore\x08 \x1b[2J after", contact="me\x00\r\nBcc: all", step="check")
    assert (page.fields["text"], page.fields["contact"]) == ("before [2J after", "me Bcc: all")


def test_text_that_turns_the_direction_stays_within_its_own_place(report: Client) -> None:
    text = "\u202ehttps://pictures.example/gpj.exe"
    page = post(report, TELL, text=text, contact="\u202eem", step="check")
    assert f"<bdi>{text}</bdi>" in page.source
    assert "<bdi>\u202eem</bdi>" in page.source
    assert "<li><bdi>hxxps://pictures[.]example/gpj[.]exe</bdi></li>" in page.source


def test_markup_is_shown_as_it_was_typed(report: Client) -> None:
    text = '</textarea><script>alert("x")</script>"><b>&amp;'
    for step in ("check", "change"):
        page = post(report, TELL, text=text, contact=text, step=step)
        assert page.fields["text"] == text
        assert page.fields["contact"] == text
        assert page.scripts == ["/static/leave.js"]


def test_nothing_typed_gets_into_a_header(report: Client) -> None:
    typed = "x\r\nSet-Cookie: a=1"
    for step in (typed, "check", "send"):
        body = {"text": typed, "topic": typed, "contact": typed, "nonce": typed, "step": step}
        response = report.post(TELL, body, headers={"accept-language": "sv"})
        assert not response.has_header("Set-Cookie")
        assert all("a=1" not in value for value in response.headers.values())


@pytest.mark.parametrize("topic", ["nonsense", "WEB", "web ", "\x00"])
def test_a_topic_that_was_never_offered_is_refused(report: Client, topic: str) -> None:
    page = post(report, TELL, text="words", topic=topic, step="send")
    assert page.status == 422
    assert "Choose one of the topics, or none." in page.text
    assert page.fields["text"] == "words"


def test_a_contact_has_its_limit(report: Client) -> None:
    page = post(report, TELL, text="words", contact="c" * 301, step="check")
    assert page.status == 422
    assert "#contact" in page.links
    assert page.fields["contact"] == "c" * 301


def test_a_form_that_lost_its_number_gets_one(report: Client) -> None:
    page = post(report, TELL, text="words", nonce="'; drop table", step="check")
    assert len(page.fields["nonce"]) == 32


def test_files_are_not_taken(report: Client) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.png"\r\n\r\nbytes\r\n--x--\r\n'
    page = Page(report.post(TELL, body, content_type="multipart/form-data; boundary=x"))
    assert page.status == 422
    assert "bytes" not in page.source


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), step=st.sampled_from(["check", "send", "change", "", "other"]))
def test_no_text_is_too_strange(report: Client, text: str, step: str) -> None:
    report.defaults["REMOTE_ADDR"] = f"10.1.{next(NETWORKS) % 256}.1"
    assert post(report, TELL, text=text, topic="", contact=text, step=step).status in {200, 422}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_no_code_is_too_strange(report: Client, typed: str) -> None:
    report.defaults["REMOTE_ADDR"] = f"10.1.{next(NETWORKS) % 256}.1"
    assert post(report, "/en/mailbox/", code=typed, step="open").status == 422


def test_a_code_of_a_megabyte_is_only_wrong(report: Client) -> None:
    assert post(report, "/en/mailbox/", code="7" * 1_000_000, step="open").status == 422
