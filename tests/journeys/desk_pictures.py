"""Pictures of every page of the desk, to be looked at: `python -m tests.journeys.desk_pictures FOLDER`.

Each page in light and in dark. `--language sv` for the other language, `--width 640` for a window of 1280 pixels at
200 per cent, `--width 820` for a tablet, `--paper` for what a printer makes of a case. Nothing of it is kept in the
repository; what the README and the manual show is made by `tests.journeys.pictures`.
"""

import os
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.desk_scenes import addresses, made
from tests.journeys.reporter import DESK, window
from tests.journeys.tour import chromium, log_in
from tests.support.installation import Installation, installation

STRANGERS = {"log-in": "/log-in/", "join": "/join/nobody/"}
"""What is seen by who is not in."""
EMPTY = ("/", "/my-day/", "/opinions/", "/referrals/", "/approvals/", "/known/", "/hosts/", "/our-list/", "/forgotten/")
"""Pages that say something of their own while there is nothing on them: they are taken before anything is made."""
PRINTED = ("case", "item", "figures", "people")


def main() -> None:
    """Write the pictures and say how many there are."""
    parser = ArgumentParser(prog="python -m tests.journeys.desk_pictures")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=("en", "sv"), default="en")
    parser.add_argument("--width", type=int, default=DESK, help="of the window, in CSS pixels")
    parser.add_argument("--paper", action="store_true", help="as PDF, as it is printed")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykta.config.settings.test")
    django.setup()  # whose list of addresses is gone through
    with (
        tempfile.TemporaryDirectory(prefix="lykta-pictures-") as folder,
        installation(Path(folder) / "home") as running,
        chromium() as browser,
    ):
        taken = sum(1 for _ in take(browser, running, wanted))
    print(f"{wanted.folder}: {taken} pages")  # noqa: T201 - a command that answers


def take(browser: Browser, running: Installation, wanted: Namespace) -> Iterator[str]:
    """Every page, one after the other."""
    with window(browser, wanted.width, reduced_motion="reduce") as context:
        page = context.new_page()
        for name, address in STRANGERS.items():
            yield _take(page, running.url("desk") + address, name, wanted)
        log_in(page, running, "lena")
        _speak(context, page, running, wanted.language)
        for address in EMPTY:
            yield _take(page, running.url("desk") + address, f"empty{address.replace('/', '-')}", wanted)
        for name, address in addresses(made(running)):
            yield _take(page, running.url("desk") + address, name, wanted)


def _speak(context: BrowserContext, page: Page, running: Installation, language: str) -> None:
    page.goto(running.url("desk") + "/account/")
    page.locator("select[name=language]").select_option(language)
    page.locator("form:has(select[name=language]) button").click()


def _take(page: Page, address: str, name: str, wanted: Namespace) -> str:
    answer = page.goto(address)
    if answer and answer.status == 405:
        return name  # what only does something has no page
    stem = f"{wanted.language}-{wanted.width}-{name}"
    if wanted.paper and name in PRINTED:
        page.pdf(path=wanted.folder / f"{stem}.pdf", format="A4")
    for scheme in () if wanted.paper else ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        path = wanted.folder / f"{stem}-{scheme}.png"
        page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")
    return name


if __name__ == "__main__":
    main()
