"""Partners' systems report: each accepted item is a sealed letter before the answer, each refusal says what to do."""

import json
import time
from io import BytesIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sites import letters
from tests.sites.partners.sending import (
    DESCRIPTION,
    ITEM,
    REPORTS,
    STATUS,
    BrokenLine,
    System,
    new_partner,
    problem,
)

from lykta.core.vocabulary import BoxKind
from lykta.lib import clock, codes
from lykta.records.letterbox import partners as registry
from lykta.records.letterbox.models import Letter, Submission
from lykta.sites.partners.api import door
from lykta.sites.partners.api.description import MOST_BYTES, MOST_ITEMS, description

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
FULL = {
    **ITEM,
    "text": "user “blue-kite” on chat.example",
    "notes": "Seen twice.",
    "seen_at": "2026-01-31T12:00:00+01:00",
    "language": "sv",
}


DESCRIBED = description("https://partners.example")["paths"]


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in problem(answer)["errors"]]


def test_a_report_is_a_sealed_letter_before_the_answer(system: System) -> None:
    answer = system.report(FULL)
    assert answer.status_code == 201
    receipt = answer.json()["receipt"]
    number = codes.report_number(codes.read(receipt))
    assert answer.json() == {"status": "received", "id": number, "receipt": receipt, "reference": "4711"}
    assert codes.read(receipt)
    assert letters.kinds() == ["partner"]
    assert letters.opened() == [
        {
            "partner": "example-social",
            "id": number,
            "reference": "4711",
            "language": "sv",
            "answers": {
                "where": FULL["url"],
                "words": FULL["text"],
                "more": "Seen twice.",
                "seen": "2026-01-31T12:00:00+01:00",
            },
        }
    ]


def test_words_alone_are_a_report(system: System) -> None:
    assert system.report({"text": "chat.example, user “blue-kite”"}).status_code == 201
    assert [letter["answers"] for letter in letters.opened()] == [{"words": "chat.example, user “blue-kite”"}]


def test_each_item_of_a_batch_has_a_result_in_order(system: System) -> None:
    answer = system.report({"items": [ITEM, {"url": "no address", "reference": "b"}, 7, {"text": "x"}]})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["received"], found["refused"]) == (2, 2)
    assert [one["status"] for one in found["results"]] == ["received", "refused", "refused", "received"]
    assert found["results"][1]["reference"] == "b"
    assert found["results"][1]["problem"]["errors"][0]["pointer"] == "#/url"
    assert found["results"][2]["problem"]["errors"] == [
        {"pointer": "#", "detail": "A report is an object with at least url or text."}
    ]
    receipts = [one["receipt"] for one in found["results"] if "receipt" in one]
    assert len({*receipts, *letters.proofs()}) == 4
    assert letters.kinds() == ["partner", "partner"]


def test_ten_thousand_items_are_received_in_ten_seconds(system: System) -> None:
    began = time.process_time()  # other tests run beside this one, and wait for the same processors
    items = [{"url": f"https://pictures.example/album/{number}"} for number in range(MOST_ITEMS)]
    answer = system.report({"items": items})
    assert time.process_time() - began < 10
    assert answer.json()["received"] == MOST_ITEMS
    assert Letter.objects.using("letterbox").count() == MOST_ITEMS


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({}, "#"),
        ({"notes": "no address"}, "#"),
        ({"url": "ftp://files.example/"}, "#/url"),
        ({"url": "https://pictures.example/a b"}, "#/url"),
        ({"url": "https://pictures.example/\n"}, "#/url"),
        ({"url": f"https://pictures.example/{'a' * 2_048}"}, "#/url"),
        ({"url": 7}, "#/url"),
        ({"url": None, "text": "x"}, "#/url"),
        ({**ITEM, "seen_at": "yesterday"}, "#/seen_at"),
        ({**ITEM, "seen_at": "2026-02-30T12:00:00Z"}, "#/seen_at"),
        ({**ITEM, "seen_at": "2026-01-31T12:00:00"}, "#/seen_at"),
        ({**ITEM, "notes": ""}, "#/notes"),
        ({**ITEM, "notes": "\x00"}, "#/notes"),
        ({"text": " \n\u3000"}, "#/text"),
        ({**ITEM, "reference": "two\nlines"}, "#/reference"),
        ({**ITEM, "language": "Swedish"}, "#/language"),
        ({**ITEM, "ur": "x"}, "#/ur"),
        ({**ITEM, "a/~ö": "x"}, "#/a???"),
        ([], "#"),
        ("https://pictures.example/", "#"),
        (None, "#"),
    ],
)
def test_what_is_no_report_is_refused_at_its_place(system: System, item: Any, pointer: str) -> None:
    answer = system.report(item)
    assert answer.status_code == 422
    assert pointers(answer) == [pointer]
    assert letters.kinds() == []


def test_all_that_is_wrong_is_named_at_once_up_to_ten_places(system: System) -> None:
    assert pointers(system.report({"seen_at": "x", "notes": 7, "a": 1})) == ["#", "#/notes", "#/seen_at", "#/a"]
    assert len(pointers(system.report({f"field-{number}": 1 for number in range(1_000)}))) == 10


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": []}, "#/items"),
        ({"items": {}}, "#/items"),
        ({"items": None}, "#/items"),
        ({"items": [{}] * (MOST_ITEMS + 1)}, "#/items"),
        ({"items": [ITEM], "url": "https://pictures.example/"}, "#"),
    ],
)
def test_a_batch_is_refused_as_a_whole_where_it_is_none(system: System, body: Any, pointer: str) -> None:
    answer = system.report(body)
    assert answer.status_code == 422
    assert pointers(answer) == [pointer]
    assert letters.kinds() == []


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"\xff",
        b'{"url": NaN}',
        b'{"text": "\\ud800"}',
        b'{"text": "x", "\\udfff": 1}',
        '{"text": "x"}'.encode("utf-16"),
        b"[" * 200_000,
        b'{"url": ' + b"1" * 5_000 + b"}",
        b'{"url": "https://one.example/", "url": "https://two.example/"}',
        b'{"items": [{"text": "x", "notes": "a", "notes": "b"}]}',
    ],
)
def test_what_is_not_json_in_utf_8_is_refused(system: System, body: bytes) -> None:
    answer = system.report(body)
    assert answer.status_code == 400
    assert "JSON in UTF-8" in problem(answer)["detail"]


def test_characters_written_as_two_escapes_are_read(system: System) -> None:
    assert system.report(b'{"text": "\\ud83e\\ude81"}').status_code == 201
    assert letters.opened()[0]["answers"] == {"words": "🪁"}


def test_a_byte_order_mark_in_front_is_read_past(system: System) -> None:
    assert system.report(b'\xef\xbb\xbf{"text": "x"}').status_code == 201


def test_a_body_in_chunks_without_a_length_is_read_whole(system: System) -> None:
    answer = system.stream(BytesIO(json.dumps({"items": [ITEM, ITEM]}).encode()))
    assert answer.json()["received"] == 2
    assert len(letters.opened()) == 2


def test_a_body_that_breaks_off_is_answered_and_nothing_is_stored(system: System) -> None:
    for body in (BrokenLine(), BytesIO(json.dumps(ITEM).encode()[:-5])):
        assert problem(system.stream(body))["status"] == 400
    assert letters.kinds() == []


def test_a_fault_of_ours_is_a_problem_document_and_a_page_for_people(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.client.raise_request_exception = False
    for part in ("lykta.sites.partners.api.views._store", "lykta.sites.partners.views.render"):
        monkeypatch.setattr(part, Mock(side_effect=ZeroDivisionError))
    answer = system.report(ITEM)
    assert answer.status_code == 500
    assert "same Idempotency-Key" in problem(answer)["detail"]
    page = system.client.get("/en/answer/")
    assert (page.status_code, page.headers["Content-Type"]) == (500, "text/html; charset=utf-8")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(system: System, kind: str) -> None:
    headers = {"authorization": f"Bearer {system.token}"}
    answer = system.client.post(REPORTS, b"{}", content_type=kind, headers=headers)
    assert answer.status_code == 415
    problem(answer)


def test_too_much_at_once_is_refused_with_advice(system: System) -> None:
    answer = system.report(b'"' + b"x" * MOST_BYTES + b'"')
    assert answer.status_code == 413
    assert "several requests" in problem(answer)["detail"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer lykta_ö", f"Bearer {'x' * 5_000}"])
def test_without_a_token_nothing_is_taken(partners: Client, header: str) -> None:
    answer = partners.post(REPORTS, b"{}", content_type="application/json", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lykta"'
    assert "token" in problem(answer)["detail"]


@pytest.mark.parametrize("path", [REPORTS, STATUS])
def test_a_token_for_something_else_is_refused(system: System, path: str) -> None:
    other = System(system.client, new_partner("example-games", "cybertip"))
    answer = other.post(path, ITEM)
    assert answer.status_code == 403
    problem(answer)


def test_a_revoked_token_and_a_rotated_one_are_refused_at_once(system: System) -> None:
    renewed = System(system.client, registry.rotate(slug="example-social"))
    assert system.report(ITEM).status_code == 401
    assert renewed.report(ITEM).status_code == 201
    registry.revoke(slug="example-social", now=clock.now())
    assert renewed.report(ITEM).status_code == 401


def test_the_same_key_gets_the_first_answer_and_counts_once(system: System) -> None:
    batch = {"items": [ITEM, {}, ITEM]}
    first = system.report(batch, **{"idempotency-key": "k-1"})
    again = system.report(batch, **{"idempotency-key": "k-1"})
    assert again.content == first.content
    assert len(letters.kinds()) == 2
    receipts = [one["receipt"] for one in first.json()["results"] if "receipt" in one]
    assert [system.status(receipt).status_code for receipt in receipts] == [200, 200]


def test_the_same_key_counts_once_also_after_the_letter_was_taken_in(system: System) -> None:
    first = system.report(ITEM, **{"idempotency-key": "k-1"})
    Letter.objects.using("letterbox").all().delete()
    assert system.report(ITEM, **{"idempotency-key": "k-1"}).content == first.content
    assert letters.kinds() == []


def test_a_key_with_something_else_is_refused(system: System) -> None:
    system.report(ITEM, **{"idempotency-key": "k-1"})
    answer = system.report({"text": "something else"}, **{"idempotency-key": "k-1"})
    assert answer.status_code == 409
    assert "new key" in problem(answer)["detail"]
    assert len(letters.kinds()) == 1


def test_two_partners_may_draw_the_same_key(system: System) -> None:
    other = System(system.client, new_partner("example-games"))
    receipts = {one.report(ITEM, **{"idempotency-key": "k-1"}).json()["receipt"] for one in (system, other)}
    assert len(receipts) == 2
    assert len(letters.kinds()) == 2


def test_without_a_key_each_request_counts(system: System) -> None:
    assert len({system.report(ITEM).json()["receipt"] for _ in range(2)}) == 2
    assert Submission.objects.using("letterbox").count() == 0


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
def test_a_malformed_key_is_refused(system: System, key: str) -> None:
    answer = system.report(ITEM, **{"idempotency-key": key})
    assert answer.status_code == 400
    assert "Idempotency-Key" in problem(answer)["detail"]


def test_what_was_half_stored_when_the_disk_failed_is_not_there(system: System) -> None:
    with letters.failing("INSERT INTO letterbox_letter".lstrip()):
        answer = system.report({"items": [ITEM, ITEM]}, **{"idempotency-key": "k-1"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "same Idempotency-Key" in problem(answer)["detail"]
    assert Submission.objects.using("letterbox").count() == 0
    assert system.report({"items": [ITEM, ITEM]}, **{"idempotency-key": "k-1"}).json()["received"] == 2


def test_a_receipt_says_how_far_the_report_is_and_what_the_hotline_wrote(system: System) -> None:
    receipt = system.report(ITEM).json()["receipt"]
    found = system.status(receipt).json()
    assert (found["status"], found["messages"]) == ("received", [])
    letters.put(codes.read(receipt), type="status", status="reading")
    letters.put(codes.read(receipt), minutes=1, type="question", number="1", text="Is it still there?")
    letters.put(codes.read(receipt), minutes=2, type="status", status="told")
    found = system.status(receipt.lower().replace("-", " ")).json()
    assert found["status"] == "told"
    assert [one["text"] for one in found["messages"]] == ["Is it still there?"]
    assert found["messages"][0]["written_at"] < found["since"]


@pytest.mark.parametrize("kind", [kind for kind in BoxKind if kind is not BoxKind.PARTNER])
def test_nobody_elses_code_opens_anything_here(system: System, kind: BoxKind) -> None:
    answer = system.status(letters.box(kind))
    assert answer.status_code == 404
    problem(answer)


@pytest.mark.parametrize("receipt", ["", "x", "0" * 27, "ö" * 27])
def test_a_misspelt_receipt_opens_nothing(system: System, receipt: str) -> None:
    assert "sign by sign" in problem(system.status(receipt))["detail"]


@pytest.mark.parametrize("body", [{}, [], None, {"receipt": 7}, {"receipt": "x", "and": "y"}])
def test_a_question_without_a_receipt_is_refused(system: System, body: Any) -> None:
    answer = system.post(STATUS, body)
    assert answer.status_code == 422
    assert pointers(answer) == ["#/receipt"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
@pytest.mark.parametrize("path", [REPORTS, STATUS])
def test_other_methods_are_refused(partners: Client, path: str, method: str) -> None:
    answer = partners.generic(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def test_a_look_at_the_headers_of_the_description_is_answered(partners: Client) -> None:
    assert partners.head(DESCRIPTION).status_code == 200
    assert partners.post(DESCRIPTION).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/reports/", "/api/v1/reports/7K3M", "/api/v2/reports"])
def test_an_address_that_is_none_answers_as_the_interface_does(partners: Client, path: str) -> None:
    answer = partners.get(path)
    assert answer.status_code == 404
    assert "openapi.json" in problem(answer)["detail"]


def test_too_many_requests_are_asked_to_wait(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.REQUESTS, "burst", 2)
    answers = [system.report(ITEM) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].headers["Retry-After"] == "60"
    problem(answers[2])
    other = System(system.client, new_partner("example-games"))
    assert other.report(ITEM).status_code == 201


def test_nothing_of_an_answer_is_kept_on_the_way(system: System) -> None:
    answer = system.report(ITEM)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_SAID = st.text(max_size=30) | st.sampled_from(["https://pictures.example/1", "2026-01-31T12:00:00Z", "sv", "\ud800"])
_ITEMS = st.dictionaries(st.sampled_from(["url", "text", "notes", "seen_at", "reference", "language", "x"]), _SAID)
_BODIES = _ITEMS | _JSON | st.fixed_dictionaries({"items": st.lists(_ITEMS | _JSON, max_size=4) | _JSON})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODIES, path=st.sampled_from([REPORTS, STATUS]), key=st.none() | st.text(max_size=10))
def test_whatever_is_sent_is_answered_as_described(system: System, body: Any, path: str, key: str | None) -> None:
    door.REQUESTS._full_at.clear()
    before = len(letters.kinds())
    headers = {} if key is None else {"idempotency-key": key.encode("utf-8", "replace").decode("latin-1")}
    answer = system.post(path, json.dumps(body).encode(), **headers)
    assert str(answer.status_code) in DESCRIBED[path]["post"]["responses"]
    if answer.status_code >= 400:
        problem(answer)
    received = answer.json().get("received", 1) if answer.status_code in {200, 201} and path == REPORTS else 0
    assert len(letters.kinds()) - before in ({received, 0} if key else {received})
