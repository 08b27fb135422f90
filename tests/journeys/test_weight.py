"""Every page of the form is light: with all that it loads at most 14 KB, in every language, and soon there on 2G."""

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.reporter import LANGUAGES, PHONE, everything, window
from tests.support.installation import Installation
from tests.support.weights import ALSO_LOADED, weigh

from lykta.core.vocabulary import Asked, Topic

pytestmark = pytest.mark.journey

MOST_BYTES = 14 * 1024
"""Of a first visit, compressed: it fits into the ten packets that a server sends before it waits (RFC 6928)."""
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8}
"""2G as Chromium's own tools have it: milliseconds for each request, bytes a second."""
SECONDS = 2.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_form_is_heavier_than_ten_packets(running: Installation, language: str) -> None:
    known: dict[str, str] = {}
    weights: dict[str, int] = {}
    for topic in Topic:
        for shown in running.pages(everything(topic), language=language):
            assert not ALSO_LOADED.search(shown.source), shown.name
            weights[f"{topic} {shown.name}"] = weigh(running, shown.source, known)
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}


def test_three_thousand_letters_fit_besides(running: Installation) -> None:
    """What was said travels on each page, sealed, and what is sealed cannot be compressed."""
    said = {**everything(Topic.OWN_PICTURE), Asked.WHERE: "It did not look right to me.. " * 100}
    assert len(said[Asked.WHERE]) == 3000
    for shown in running.pages(said, language="my"):
        assert weigh(running, shown.source, {}) <= MOST_BYTES, shown.name


def usable_after(browser: Browser, address: str) -> float:
    """Seconds of a first visit on a slow line until the page is painted and its scripts have run."""
    with window(browser, PHONE) as context:
        page = context.new_page()
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        page.goto(address)
        expect(page.locator("main a.button")).to_be_visible()
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        moments = page.evaluate("""() => [
          performance.getEntriesByName("first-contentful-paint")[0].startTime,
          performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
        ]""")
        return float(max(moments) / 1000)


@pytest.mark.parametrize("language", ["en", "my"])
def test_the_start_page_is_soon_usable_on_a_slow_line(browser: Browser, running: Installation, language: str) -> None:
    """The best of three, since other tests use the machine meanwhile. A slow line is slower still to set up."""
    took = [usable_after(browser, f"{running.url('report')}/{language}/") for _ in range(3)]
    assert 0.6 < min(took) < SECONDS, took
