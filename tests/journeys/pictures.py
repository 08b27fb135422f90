"""Makes the README's pictures: walks the tour in a throw-away installation and keeps eight of its stops as PNG files.

`python -m tests.journeys.pictures` from the root of the repository. Needs Chromium and gnupg, as the journey does.
With `--all FOLDER` it makes a picture of every public page instead, to be looked at: `--language my --width 1280 --dark`.
"""

import struct
import tempfile
import zlib
from argparse import ArgumentParser, Namespace
from base64 import b64decode, b64encode
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page
from tests.journeys.reporter import LANGUAGES, PHONE, Reporter, everything, window
from tests.journeys.scenes import PUBLIC, form
from tests.journeys.tour import Tour, chromium
from tests.support.installation import ROOT, Installation, installation

from lykta.core.vocabulary import Topic

FOLDER = ROOT / "docs" / "pictures"
HEIGHTS = {
    "3-check": 780,
    "4-receipt": 640,
    "5-queue": 420,
    "6-case": 850,
    "7-assess-csam": 760,
    "8-told-csam": 610,
    "mailbox": 780,
    "results": 740,
}
"""The stops that are kept, each with the pixels of its page that are shown, from the top."""
MOST_BYTES = 80_000
"""Of one picture: all of them together load in a second on a slow line."""
EXACT_COLOURS = 128
"""The most frequent colours of a page are kept; the others are edges of letters, which nobody sees rounded."""
_ROWS = """async (png) => {
  const image = await createImageBitmap(await (await fetch(png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const row = (y) => btoa(String.fromCharCode(...canvas.getImageData(0, y, image.width, 1).data));
  return Array.from({ length: image.height }, (_, y) => row(y));
}"""
"""Each row of a picture as base64 of red, green, blue, opacity: the browser knows how to read what it has written."""


class Album:
    """Keeps the first picture of each stop in `HEIGHTS` and leaves out all others."""

    def __init__(self) -> None:
        self.kept: dict[str, Path] = {}

    def shoot(self, page: Page, name: str) -> None:
        """Take a picture, if it is wanted and not there yet."""
        if name not in HEIGHTS or name in self.kept or page.viewport_size is None:
            return
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": HEIGHTS[name]}
        taken = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")  # type: ignore[arg-type]
        blank = page.context.new_page()
        rows = blank.evaluate(_ROWS, f"data:image/png;base64,{b64encode(taken).decode()}")
        blank.close()
        path = FOLDER / f"{name.partition('-')[2] or name}.png"
        path.write_bytes(with_palette([b64decode(row) for row in rows]))
        self.kept[name] = path


def with_palette(rows: list[bytes]) -> bytes:
    """A PNG (ISO/IEC 15948) of at most 256 colours, from rows of four bytes a pixel: a third of what a browser writes."""
    pixels = [[row[place : place + 3] for place in range(0, len(row), 4)] for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    exact = {pixel for pixel, _ in counted.most_common(EXACT_COLOURS)}
    shown = {pixel: pixel if pixel in exact else bytes(part // 32 * 36 for part in pixel) for pixel in counted}
    colours = sorted(set(shown.values()))
    number = {pixel: colours.index(colour) for pixel, colour in shown.items()}
    lines = b"".join(b"\0" + bytes(number[pixel] for pixel in row) for row in pixels)
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", b"".join(colours)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def walk(tour: Tour) -> None:
    """The journey that the README describes, in its order."""
    tour.report()
    tour.log_in()
    tour.assess()
    tour.police_release(tour.police_letter())
    tour.host_answers(tour.host_letter())
    tour.take_down("album.example/summer")
    tour.wait(tour.closed, 120)
    tour.mailbox()
    tour.shoot(tour.public, "mailbox")
    tour.wait(lambda: "Sweden" in tour.figures(), 30)
    tour.shoot(tour.public, "results")


def take_pictures(running: Installation) -> dict[str, Path]:
    """Walk with a camera. Returns the pictures by the names of their stops."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    album = Album()
    with chromium() as browser:
        walk(Tour(running, browser, album.shoot))
    return album.kept


def take_all(running: Installation, wanted: Namespace) -> int:
    """Every page of every branch and every other public page, in whole. Returns how many."""
    folder, scheme = Path(wanted.all), "dark" if wanted.dark else "light"
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        path = folder / f"{wanted.language}-{wanted.width}-{scheme}-{name.replace(' ', '-')}.png"
        page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")

    with chromium() as browser:
        for topic in Topic:
            with window(browser, wanted.width, color_scheme=scheme) as context:
                page = context.new_page()
                pages = Reporter(page, everything(topic)).pages(form(running, wanted.language))
                for number, name in enumerate(pages, 1):
                    take(page, f"{topic}-{number:02}-{name}")
        for name, show in PUBLIC.items():
            with window(browser, wanted.width, color_scheme=scheme) as context:
                page = context.new_page()
                show(page, running, wanted.language)
                take(page, name)
    return len([*folder.glob(f"{wanted.language}-{wanted.width}-{scheme}-*.png")])


def main() -> None:
    """Write every picture anew. Raises SystemExit where one is missing or has grown too large."""
    parser = ArgumentParser(prog="python -m tests.journeys.pictures")
    parser.add_argument("--all", metavar="FOLDER", help="every public page, into this folder")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--width", type=int, default=PHONE, help="of the window, in CSS pixels")
    parser.add_argument("--dark", action="store_true")
    wanted = parser.parse_args()
    settings = {"LYKTA_LOOK_AGAIN_SECONDS": "1"}
    if wanted.all:
        settings |= {"LYKTA_TRUSTED_PROXY": "127.0.0.1", "LYKTA_LANGUAGES": ",".join(LANGUAGES)}
    with (
        tempfile.TemporaryDirectory(prefix="lykta-pictures-") as folder,
        installation(Path(folder) / "home", **settings) as running,
    ):
        if wanted.all:
            print(f"{wanted.all}: {take_all(running, wanted)} pictures")  # noqa: T201 - a command that answers
        else:
            weigh(take_pictures(running))


def weigh(kept: dict[str, Path]) -> None:
    """Says how large the README's pictures are."""
    for name in HEIGHTS:
        if name not in kept:
            raise SystemExit(f"The tour has no stop {name} any more.")
        size = kept[name].stat().st_size
        if size > MOST_BYTES:
            raise SystemExit(f"{kept[name]} has {size} bytes: show less of the page.")
        print(f"{kept[name].relative_to(ROOT)}: {size} bytes")  # noqa: T201 - a command that answers


if __name__ == "__main__":
    main()
