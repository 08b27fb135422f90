"""The button on the phone, in Chromium: shared, by bookmark, by a partner's link; each to a sealed letter, no trace."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.reporter import LANGUAGES, PHONE, next_page, press, window
from tests.support.installation import Installation, installation

from lykta.core.vocabulary import Choice, Topic

pytestmark = pytest.mark.journey
PLANTED = "planted-address-77"
UNSENT = "shared-but-never-sent-77"
ADDRESS = f"https://pictures.example/{PLANTED}?page=2"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    settings = {"LYKTA_TRUSTED_PROXY": "127.0.0.1", "LYKTA_LANGUAGES": ",".join(["en", *LANGUAGES])}
    with installation(tmp_path_factory.mktemp("button") / "home", **settings) as made:
        made.run("links", "add", "ARN-T5", "An airport")
        yield made


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with window(browser, PHONE, java_script_enabled=request.param, locale="en-GB") as context:
        yield context.new_page()
        assert context.cookies() == []


def reports(running: Installation) -> int:
    return int(running.sql("casebook", "SELECT count(*) FROM cases_report")[0][0])


def send(page: Page) -> None:
    """From the question whether a child is in danger to the receipt."""
    assert PLANTED not in page.url
    page.locator(f".choice [value={Choice.NO}]").check()
    press(page, "go")
    expect(page.locator("#answer")).to_have_value(ADDRESS)
    press(page, "check")
    press(page, "send")
    expect(page.locator(".receipt")).to_be_visible()


def arrives(running: Installation, before: int) -> None:
    """The letter was opened: one report more, and its address waits to be traced."""
    end = time.monotonic() + 30
    while reports(running) != before + 1:
        assert time.monotonic() < end, running.log()[-2000:]
        time.sleep(0.1)


def no_trace(running: Installation, planted: str = PLANTED) -> None:
    """It is in clear in no file of the installation, log and databases included.

    The casebook may hold it once the report was sent: staff work with it there.
    """
    searched = [path for path in running.home.rglob("*") if path.is_file()]
    assert running.home / "log.txt" in searched
    assert running.home / "letterbox.sqlite3" in searched
    for path in searched:
        if planted == UNSENT or not path.name.startswith("casebook"):
            assert planted.encode() not in path.read_bytes(), path


def share_address(running: Installation) -> str:
    """What a phone opens for the share target of the manifest."""
    shared = {"title": "A page", "text": f"look at this {ADDRESS}", "url": ADDRESS}
    return f"{running.url('report')}/en/share/?{urlencode(shared)}"


def test_what_a_phone_shares_becomes_a_letter_and_leaves_no_trace(page: Page, running: Installation) -> None:
    before = reports(running)
    page.goto(share_address(running))
    assert re.fullmatch(rf"{running.url('report')}/en/shared/[\w-]{{22}}/", page.url)
    send(page)
    arrives(running, before)
    no_trace(running)


def test_whoever_opens_the_history_finds_a_used_ticket(page: Page, running: Installation) -> None:
    page.goto(share_address(running))
    ticket = page.url
    page.goto("about:blank")
    page.goto(ticket)
    expect(page.locator("main [role=status]")).to_be_visible()
    assert page.locator(f".choice [value={Topic.WEB}]").count() == 1
    assert PLANTED not in page.content()


def test_the_bookmark_pressed_on_any_page_becomes_a_letter(browser: Browser, running: Installation) -> None:
    before = reports(running)
    with window(browser, PHONE, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{running.url('report')}/en/button/")
        bookmark = page.locator("a[href^='javascript:']").get_attribute("href")
        assert bookmark is not None
        context.route(
            "https://pictures.example/**", lambda route: route.fulfill(body="<p>A page.", content_type="text/html")
        )
        page.goto(ADDRESS)
        with next_page(page):
            page.evaluate(bookmark.removeprefix("javascript:"))
        page.wait_for_url("**/shared/**")
        send(page)
    arrives(running, before)
    no_trace(running)


def test_a_partners_link_becomes_a_letter_and_two_counts(page: Page, running: Installation) -> None:
    visits, tips = counted(running)
    before = reports(running)
    page.goto(f"{running.url('report')}/r/ARN-T5")
    assert page.url.endswith("/en/?via=ARN-T5")
    with next_page(page):
        page.locator("main a.button").click()
    page.locator(f".choice [value={Topic.WEB}]").check()
    press(page, "go")
    page.locator(f".choice [value={Choice.NO}]").check()
    press(page, "go")
    page.locator("#answer").fill(ADDRESS)
    press(page, "check")
    press(page, "send")
    expect(page.locator(".receipt")).to_be_visible()
    arrives(running, before)
    assert counted(running) == (visits + 1, tips + 1)
    no_trace(running)


def counted(running: Installation) -> tuple[int, int]:
    """Visits and tips so far, as `lykta links counts` prints them."""
    lines = running.run("links", "counts").stdout.splitlines()[1:]
    counts = [line.split(",")[2:] for line in lines]
    return sum(int(visits) for visits, _ in counts), sum(int(tips) for _, tips in counts)


def test_chromium_takes_the_manifest_and_installs(browser: Browser, running: Installation) -> None:
    with window(browser, PHONE) as context:
        page = context.new_page()
        page.goto(f"{running.url('report')}/en/button/")
        session = context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert (found["errors"], found["url"]) == ([], f"{running.url('report')}/en/manifest.webmanifest")
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_the_card_opens_without_a_connection_and_nothing_else_does(browser: Browser, running: Installation) -> None:
    card = f"{running.url('report')}/en/card/"
    with window(browser, PHONE) as context:
        page = context.new_page()
        page.goto(card)
        expect(page.locator("[data-kept]")).to_be_hidden()
        page.locator("[data-keep]").click()
        expect(page.locator("[data-kept]")).to_be_visible()
        kept = page.evaluate("async () => (await (await caches.open('travel-card')).keys()).map(one => one.url)")
        assert {one.removeprefix(running.url("report")) for one in kept} == {
            "/en/card/",
            *(f"/static/{name}" for name in ("tokens.css", "public.css", "leave.js", "card.js")),
        }
        page.goto(f"{running.url('report')}/en/tell/")
        context.set_offline(offline=True)
        page.goto(card)
        expect(page.get_by_role("row", name="Thailand")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(f"{running.url('report')}/en/tell/")


def test_a_kit_holds_what_leads_to_the_link(running: Installation, tmp_path: Path) -> None:
    running.run("links", "kit", "ARN-T5", str(tmp_path), "--language", "ar")
    assert (tmp_path / "link.txt").read_text() == f"{running.url('report')}/r/ARN-T5\n"
    assert (tmp_path / "qr-code.svg").read_text().startswith("<svg xmlns=")
    assert (tmp_path / "poster-ar.pdf").read_bytes().startswith(b"%PDF-")


def test_a_poster_is_one_sheet_in_every_language(browser: Browser, running: Installation) -> None:
    with window(browser) as context:
        page = context.new_page()
        for language in LANGUAGES:
            page.goto(f"{running.url('report')}/{language}/poster/ARN-T5/")
            sheets = re.findall(rb"/Type /Page\b", page.pdf(format="A4", prefer_css_page_size=True))
            assert len(sheets) == 1, language


def test_what_is_broken_off_or_damaged_is_nowhere(running: Installation) -> None:
    address = quote(f"https://pictures.example/{UNSENT}")
    for path, expected in (
        (f"/share/?url={address}", 303),
        (f"/share/?url={address}%00%FF%ZZ", 303),
        (f"/share/?url={address}&text={'x' * 25_000}", 414),
        (f"/share/?url={address} and more", 400),
        (f"/nothing/{UNSENT}", 404),
        (f"/en/shared/{UNSENT}/", 410),
        (f"/r/{UNSENT}", 303),
        (f"/en/tell/?via={UNSENT}", 200),
    ):
        assert asked(running, path) == expected, path
    no_trace(running, UNSENT)


def asked(running: Installation, path: str) -> int:
    """The status of an answer to a request as it stands here, which no client would send."""
    with socket.create_connection(("127.0.0.1", running.port("report")), timeout=20) as plain:
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: report.test\r\nConnection: close\r\n\r\n".encode())
        return int(plain.makefile("rb").readline().split()[1])
