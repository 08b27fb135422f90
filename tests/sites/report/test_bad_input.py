"""Whatever is typed or sent: an answer in words, nothing lost, never a fault."""

import itertools
from html import escape
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sites import letters
from tests.sites.browsing import FORM, Page, post, press, pressed
from tests.sites.report.reporter import CHECK, FINGERPRINT, TELL, answer, ask, checked, journey_on, shown, told

from lykta.core import asking
from lykta.core.vocabulary import Asked, Choice, Topic
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT
from lykta.sites.report.journey import CHARACTERS

pytestmark = pytest.mark.django_db(databases=["letterbox"])

NETWORKS = itertools.count()
"""Each strange text comes from a network of its own, so that nobody has to wait."""
STEPS = ["go", "skip", "check", "back", "again", "number", "throw", "change-where", "", "other"]


def where(client: Client, topic: Topic = Topic.WEB) -> Page:
    """The page on which one writes where it is."""
    return told(client, topic, Choice.NO)


def own_picture(client: Client) -> Page:
    return told(client, Topic.OWN_PICTURE, Choice.NO, "", "")


def last_answers() -> dict[str, str]:
    found: dict[str, str] = letters.opened()[-1]["answers"]
    return found


def sent_raw(client: Client, page: Page, body: bytes) -> Page:
    """The form as bytes that no browser would write."""
    state = urlencode({"state": page.fields["state"]}).encode()
    return Page(client.post(TELL, state + b"&" + body, content_type=FORM))


# Nothing, or too much


@pytest.mark.parametrize("text", ["", "   ", "\r\n\r\n", "\x00", "\x07\x1b"])
def test_an_empty_answer_to_what_is_needed_is_asked_for_words(report: Client, text: str) -> None:
    page = answer(report, where(report), text)
    assert (page.status, journey_on(page).at) == (422, "where")
    assert "Write a few words or paste an address." in page.text
    assert "where" not in last_answers()


@pytest.mark.parametrize(("topic", "asked"), [(topic, asked) for topic in Topic for asked in asking.NEEDED[topic]])
def test_a_problem_is_named_in_the_title_the_summary_and_at_the_field(
    report: Client, topic: Topic, asked: Asked
) -> None:
    page = told(report, topic, Choice.NO)
    while journey_on(page).at != asked:
        page = answer(report, page, "x" if journey_on(page).at in asking.NEEDED[topic] else "")
    page = answer(report, page, "")
    assert "<title>Error: " in page.source
    assert "#answer" in page.links
    assert "answer" in page.ids
    assert "answer-wrong" in page.described
    assert "answer-wrong" in page.ids


def test_the_first_question_needs_a_choice_and_says_so_at_the_field(report: Client) -> None:
    page = press(report, TELL, ask(report), "go")
    assert (page.status, page.title) == (422, ask(report).title)
    assert {"answer", "answer-wrong"} <= {*page.ids}
    assert "answer-wrong" in page.described
    assert letters.kinds() == []


@pytest.mark.parametrize("sign", ["x", "å", "က", "👍"])
def test_the_longest_text_fits_whatever_the_script_and_on_every_way(report: Client, sign: str) -> None:
    page = answer(report, where(report), sign * TEXT_LIMIT)
    assert page.status == 200
    back = press(report, TELL, page, "back", answer=sign * LINE_LIMIT)
    assert shown(back) == {"answer": sign * TEXT_LIMIT}
    check = press(report, TELL, back, "check")
    assert check.title == CHECK
    assert "Thank you" in press(report, TELL, check, "send").text
    assert (last_answers()["where"], last_answers()["spot"]) == (sign * TEXT_LIMIT, sign * LINE_LIMIT)


@pytest.mark.parametrize("sign", ["x", "က"])
def test_a_text_that_is_too_long_is_kept_and_can_be_shortened(report: Client, sign: str) -> None:
    page = answer(report, where(report), sign * (TEXT_LIMIT + 1))
    for step in ("go", "check"):
        page = press(report, TELL, page, step)
        assert page.status == 422
        assert f"This has {TEXT_LIMIT + 1} characters; {TEXT_LIMIT} fit." in page.text
        assert shown(page) == {"answer": sign * (TEXT_LIMIT + 1)}
        assert len(page.fields["state"]) < 1_000, "twice could be too much for the next try"
    assert "where" not in last_answers()
    assert answer(report, page, sign * TEXT_LIMIT).status == 200


def test_a_megabyte_is_too_long_and_is_kept_even_on_the_way_back(report: Client) -> None:
    text = "0123456789" * 100_000
    page = where(report)
    for step in ("go", "check", "back", "skip"):
        page = answer(report, page, text, step)
        assert (page.status, journey_on(page).at) == (422, "where")
        assert f"This has 1000000 characters; {TEXT_LIMIT} fit." in page.text
        assert shown(page) == {"answer": text}
    assert "where" not in last_answers()


def test_all_answers_together_have_a_limit_too(report: Client) -> None:
    page = told(report, Topic.OTHER, Choice.NO, "x" * TEXT_LIMIT)
    room = CHARACTERS - journey_on(page).length
    full = answer(report, page, "y" * (room + 1))
    assert (full.status, shown(full)) == (422, {"answer": "y" * (room + 1)})
    assert f"This has {CHARACTERS + 1} characters; {CHARACTERS} fit." in full.text
    assert press(report, TELL, full, "back").status == 422
    assert answer(report, full, "y" * room).status == 200
    assert press(report, TELL, full, "skip").status == 200


def test_the_fullest_report_stays_within_what_a_face_accepts(report: Client) -> None:
    """The longest text as a browser writes it, beside a state with as much as a report may say."""
    page = told(report, Topic.OTHER, Choice.NO, "👍" * TEXT_LIMIT)
    page = press(report, TELL, answer(report, page, "👍" * (CHARACTERS - journey_on(page).length)), "back")
    page = press(report, TELL, page, "back")
    assert (journey_on(page).length, len(shown(page)["answer"])) == (CHARACTERS, TEXT_LIMIT)
    body = urlencode({**page.fields, "step": "go"})
    assert len(body) < django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert press(report, TELL, page, "go").status == 200


@pytest.mark.parametrize("step", ["go", "check"])
def test_a_line_has_its_limit(report: Client, step: str) -> None:
    page = answer(report, where(report), "A place")
    page = answer(report, page, "c" * (LINE_LIMIT + 1), step)
    assert (page.status, shown(page)) == (422, {"answer": "c" * (LINE_LIMIT + 1)})
    assert "#answer" in page.links
    assert "spot" not in last_answers()
    assert answer(report, page, "c" * LINE_LIMIT, step).status == 200


def test_ten_thousand_addresses_are_taken_in(report: Client) -> None:
    text = "\n".join(f"http://a.test/{number}" for number in range(10_000))
    check = checked(report, where=text)
    assert check.source.count("<li><bdi>") == 50
    assert "Thank you" in press(report, TELL, check, "send").text
    assert last_answers()["where"] == text


# Choices


@pytest.mark.parametrize("said", ["nonsense", "WEB", "web travel", "\x00", "yes"])
def test_a_topic_that_was_never_offered_is_refused(report: Client, said: str) -> None:
    page = answer(report, ask(report), said)
    assert (page.status, journey_on(page).at) == (422, "topic")
    assert letters.kinds() == []


@pytest.mark.parametrize("said", ["nonsense", "YES", "yes no", "web", "threatens"])
def test_a_choice_that_was_never_offered_is_refused(report: Client, said: str) -> None:
    page = answer(report, told(report, Topic.WEB), said)
    assert (page.status, journey_on(page).at) == (422, "danger")
    assert "Choose from the list." in page.text
    assert [name for name, _ in page.filled] == ["state"]
    assert "danger" not in last_answers()


@pytest.mark.parametrize("said", [["threatens", "nonsense"], ["yes"], ["threatens threatens yes"], ["card"]])
def test_one_strange_choice_among_several_is_refused_and_the_good_ones_stay(report: Client, said: list[str]) -> None:
    page = answer(report, answer(report, told(report, Topic.CONTACT, Choice.NO, ""), "A game"), said)
    assert (page.status, journey_on(page).at) == (422, "demands")
    assert shown(page) == {"answer": ["threatens"] if "threatens" in said[0] else []}
    assert "demands" not in last_answers()


def test_every_choice_that_is_offered_is_taken(report: Client) -> None:
    for asked, choices in asking.CHOICES.items():
        topic = next((topic for topic in Topic if asked in asking.BRANCHES[topic]), Topic.WEB)
        page = ask(report)
        while journey_on(page).at != asked:
            at = journey_on(page).at
            page = answer(report, page, topic if at == "topic" else "x" if at in asking.NEEDED[topic] else "")
        assert page.offered == [*choices]
        assert [answer(report, page, choice).status for choice in choices] == [200] * len(choices)


# Fingerprints


def test_fingerprints_alone_say_where_it_is(report: Client) -> None:
    both = f"{FINGERPRINT}\npdq:{'f0' * 32} 97\nPDQ:{'F0' * 32}"
    page = press(report, TELL, own_picture(report), "check", answer="", fingerprints=both)
    assert page.title == CHECK
    assert last_answers()["fingerprints"] == both


def test_neither_a_place_nor_a_fingerprint_is_too_little(report: Client) -> None:
    page = press(report, TELL, own_picture(report), "go", answer="", fingerprints=" ")
    assert (page.status, "#answer" in page.links) == (422, True)


@pytest.mark.parametrize(
    "strange",
    ["nonsense", "sha256:0a", "sha256:" + "g0" * 32, "md5:" + "00" * 16, f"{FINGERPRINT} 1", f"pdq:{'00' * 32} 1000"],
)
def test_what_is_no_fingerprint_is_refused_and_all_of_it_stays(report: Client, strange: str) -> None:
    lines = f"{FINGERPRINT}\n{strange}"
    page = press(report, TELL, own_picture(report), "go", answer="On a board", fingerprints=lines)
    assert page.status == 422
    assert "#fingerprints" in page.links
    assert {"fingerprints", "fingerprints-wrong"} <= {*page.ids}
    assert shown(page) == {"answer": "On a board", "fingerprints": lines}
    assert "fingerprints" not in last_answers()
    press(report, TELL, page, "go", fingerprints=FINGERPRINT)
    assert (last_answers()["where"], last_answers()["fingerprints"]) == ("On a board", FINGERPRINT)


def test_only_the_page_about_ones_own_picture_takes_fingerprints(report: Client) -> None:
    page = press(report, TELL, where(report), "go", answer="A place", fingerprints=FINGERPRINT)
    assert page.status == 200
    assert "fingerprints" not in last_answers()


# Signs


@pytest.mark.parametrize("typed", [b"a%ff%fe%c3b", b"a\xff\xfe\xc3b", b"a%ED%A0%80b"])
def test_invalid_utf_8_is_replaced_not_refused(report: Client, typed: bytes) -> None:
    assert sent_raw(report, where(report), b"answer=" + typed).status == 200
    assert last_answers()["where"].startswith("a")
    assert last_answers()["where"].endswith("b")


@pytest.mark.parametrize("charset", ["utf-16", "no-such", "utf-7"])
def test_another_character_set_is_no_fault(report: Client, charset: str) -> None:
    page = Page(report.generic("POST", TELL, b"answer=abc&step=go", content_type=f"{FORM}; charset={charset}"))
    assert page.status in {400, 422}


def test_control_characters_are_left_out(report: Client) -> None:
    page = answer(report, where(report), "be\x00fore\x08 \x1b[2J after")
    answer(report, page, "line\x00\r\nBcc: all")
    assert (last_answers()["where"], last_answers()["spot"]) == ("before [2J after", "line Bcc: all")


def test_text_that_turns_the_direction_stays_within_its_own_place(report: Client) -> None:
    text = "\u202ehttps://pictures.example/gpj.exe"
    page = checked(report, where=text)
    assert f"<bdi>{text}</bdi>" in page.source
    assert "<li><bdi>hxxps://pictures[.]example/gpj[.]exe</bdi></li>" in page.source


def test_markup_is_shown_as_it_was_typed(report: Client) -> None:
    text = '</textarea><script>alert("x")</script>"><b>&amp;'
    page = answer(report, where(report), text)
    page = answer(report, page, text)
    for step in ("back", "check"):
        page = press(report, TELL, page, step)
        assert step == "check" or shown(page) == {"answer": text}
        assert escape(text) in page.source
        assert page.scripts == ["/static/leave.js"]
    lost = post(report, TELL, answer=text)
    assert (escape(text) in lost.source, lost.scripts) == (True, ["/static/leave.js"])


@pytest.mark.parametrize("step", ["go", "skip", "send", "back", "throw", "change-x\r\nSet-Cookie: a=1"])
def test_nothing_typed_gets_into_a_header(report: Client, step: str) -> None:
    typed = "x\r\nSet-Cookie: a=1"
    response = pressed(report, TELL, where(report), step, answer=typed, fingerprints=typed)
    assert not response.has_header("Set-Cookie")
    assert all("a=1" not in value for value in response.headers.values())


def test_files_are_not_taken(report: Client) -> None:
    state = where(report).fields["state"]
    fields = f'--x\r\nContent-Disposition: form-data; name="state"\r\n\r\n{state}\r\n'
    body = fields + '--x\r\nContent-Disposition: form-data; name="answer"; filename="a.png"\r\n\r\nbytes\r\n--x--\r\n'
    page = Page(report.post(TELL, body.encode(), content_type="multipart/form-data; boundary=x"))
    assert (page.status, journey_on(page).at) == (422, "where")
    assert "bytes" not in page.source


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), step=st.sampled_from(STEPS), said=st.sampled_from([*Topic]))
def test_no_text_is_too_strange(report: Client, text: str, step: str, said: Topic) -> None:
    report.defaults["REMOTE_ADDR"] = f"10.1.{next(NETWORKS) % 256}.1"
    page = told(report, said)
    for _ in range(2):
        page = press(report, TELL, page, step, answer=text, fingerprints=text)
        assert page.status in {200, 422}
        assert "state" in page.fields


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_no_code_is_too_strange(report: Client, typed: str) -> None:
    report.defaults["REMOTE_ADDR"] = f"10.1.{next(NETWORKS) % 256}.1"
    assert post(report, "/en/mailbox/", code=typed, step="open").status == 422


def test_a_code_of_a_megabyte_is_only_wrong(report: Client) -> None:
    assert post(report, "/en/mailbox/", code="7" * 1_000_000, step="open").status == 422
