"""A passkey in a real browser: added at the desk, then all that it takes to log in. Chromium plays the authenticator."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.installation import Installation

from lykta.practice.accounts import accounts

pytestmark = pytest.mark.journey

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def desk(browser: Browser, running: Installation) -> Iterator[Page]:
    """The desk under the one name that passkeys may have on this machine, and a device that keeps them."""
    with browser.new_context(base_url=f"http://localhost:{running.port('desk')}") as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page


def test_a_passkey_is_added_and_then_opens_the_desk_alone(browser: Browser, running: Installation) -> None:
    [kim] = [one for one in accounts(running.home / "practice") if one.username == "kim"]
    links = f"http://localhost:{running.port('desk')}/links/"  # whole: the page before carries "?next=/links/"
    with desk(browser, running) as page:
        page.goto("/log-in/")
        page.get_by_label("Username").fill(kim.username)
        page.get_by_label("Password").fill(kim.password)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.get_by_label("Code").fill(kim.code)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(links)
        page.goto("/account/keys/add/")
        page.get_by_label("Name").fill("This laptop")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("status")).to_contain_text("The passkey works from now on.")
        page.goto("/account/")
        expect(page.get_by_role("row", name="This laptop")).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Username")).to_be_visible()
        page.goto("/links/")
        page.get_by_role("link", name="Log in with a passkey").click()
        page.get_by_role("button", name="Use my passkey").click()
        page.wait_for_url(links)
        page.goto("/account/keys/add/")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("alert")).to_have_text("This device or key has a passkey for your account already.")
