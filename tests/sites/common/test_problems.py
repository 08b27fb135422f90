"""What goes wrong is answered with a page that says what to do."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory
from tests.sites.browsing import FORM, Page, get

from lykta.sites.common import problems

WORDS = {
    404: ("Sidan finns inte", "There is no such page"),
    405: ("Sidan går inte att använda på det sättet", "This page cannot be used in that way"),
    413: ("Det var för mycket text på en gång", "That was too much text at once"),
}
ADDRESSES = {"report": ("tell/", "mailbox/"), "partners": ("answer/",)}


@pytest.mark.parametrize("name", ["report", "partners", "pages"])
@pytest.mark.parametrize(
    "path", ["nothing/", "%00/", "%ff%fe/", "..%2f..%2fetc/", "tell/x/", "a" * 5_000, "%0d%0aSet-Cookie:x=1/"]
)
@pytest.mark.usefixtures("pages")
def test_an_unknown_page_says_so(face: Callable[[str], Client], name: str, path: str) -> None:
    for prefix, words in zip(("/sv/", "/en/"), WORDS[404], strict=True):
        page = get(face(name), prefix + path)
        assert page.status == 404
        assert words in page.text
        assert prefix in page.links


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("report", "/sv"),
        ("report", "/zh-hans/card"),
        ("report", "/sv?via=ARN-T5"),
        ("report", "/share?url=https://pictures.example/7"),
        ("partners", "/sv/answer"),
        ("pages", "/en/results"),
    ],
)
def test_who_leaves_out_the_last_slash_is_led_to_the_page(face: Callable[[str], Client], name: str, path: str) -> None:
    before, mark, query = path.partition("?")
    response = face(name).get(path)
    assert (response.status_code, response["Location"]) == (302, f"{before}/{mark}{query}")
    assert face(name).post(before).status_code == 404


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "//elsewhere.example/sv", "/sv//elsewhere.example", "/\\elsewhere"]
)
def test_no_address_leads_to_another_site(report: Client, path: str) -> None:
    response = report.get("/", PATH_INFO=path)
    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in ADDRESSES.items() for path in paths])
def test_a_method_that_no_page_knows_gets_a_page_too(
    face: Callable[[str], Client], name: str, path: str, method: str
) -> None:
    for prefix, words in zip(("/sv/", "/en/"), WORDS[405], strict=True):
        response = face(name).generic(method, prefix + path)
        assert (response.status_code, response["Allow"]) == (405, "GET, POST, HEAD")
        assert words in Page(response).text


def test_a_page_that_is_only_read_takes_no_letters(report: Client) -> None:
    response = report.post("/sv/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_asking_for_the_head_of_a_page_is_allowed(report: Client) -> None:
    response = report.head("/sv/tell/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in ADDRESSES.items() for path in paths])
def test_a_body_that_is_too_large_is_refused_in_words(face: Callable[[str], Client], name: str, path: str) -> None:
    body = b"text=" + b"x" * django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for prefix, words in zip(("/sv/", "/en/"), WORDS[413], strict=True):
        page = Page(face(name).post(prefix + path, body, content_type=FORM))
        assert page.status == 413
        assert words in page.text


def test_ten_thousand_fields_are_refused_in_words(report: Client) -> None:
    page = Page(report.post("/en/tell/", "&".join(f"f{n}=1" for n in range(10_000)), content_type=FORM))
    assert page.status == 400
    assert "We could not read what was sent" in page.text


@pytest.mark.parametrize(
    "body", [b"--x\r\nbroken", b"", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf']
)
def test_a_broken_upload_is_no_fault_of_ours(report: Client, body: bytes) -> None:
    assert Page(report.post("/en/tell/", body, content_type="multipart/form-data; boundary=x")).status in {
        200,
        400,
        422,
    }


def test_a_fault_of_ours_does_not_claim_that_anything_arrived(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("lykta.sites.report.telling.render", break_down)
    report.raise_request_exception = False
    page = get(report, "/en/")
    assert page.status == 500
    assert "We cannot say that anything was received" in page.text
    assert "broken on purpose" not in page.source


def test_what_no_browser_sends_is_a_bad_request(report: Client) -> None:
    request = RequestFactory().get("/en/tell/")
    page = Page(problems.bad_request(request, BadRequest("strange")))
    assert page.status == 400
    assert "strange" not in page.source
