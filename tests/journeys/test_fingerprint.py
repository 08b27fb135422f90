"""Fingerprints of pictures are made on the device: they are right, and nothing but their lines can leave the page."""

import math
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from tests.connectors.servers import Site, http_answer, site
from tests.journeys.tour import chromium

from lykta.sites import common
from lykta.sites.common.headers import HEADERS

pytestmark = pytest.mark.journey

SCRIPT = Path(common.__file__).parent / "static" / "fingerprint.js"
PAGE = """<!doctype html><html lang="en"><title>x</title><script type="module" src="/fingerprint.js"></script>
<form method="post"><div data-fingerprint hidden data-busy="Working." data-done="Made." data-failed="Not made."
 data-insecure="Not here."><input type="file" accept="image/*,video/*" multiple><output aria-live="polite"></output></div>
<textarea name="fingerprints"></textarea><button>Send</button></form>"""
SAME, SCALED_SAME, COPY, OTHER = 4, 12, 31, 60
"""Bits of 256 that may differ: the same pixels (measured against pdqhash: 0 in all of 44), the same above
1,024 pixels a side, which are scaled first (at most 12 in 22, as in pdqhash itself after such a scaling), a copy
(ThreatExchange's recommended limit), and more than that for another picture."""
MOST_BYTES = 200 * 1024 * 1024
NOISE = """CanvasRenderingContext2D.prototype.getImageData = (x, y, width, height) => {
  const noise = Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => (at * 7919) % 256);
  return new ImageData(noise, width, height);
};"""
"""What Tor Browser does to a page that reads a canvas."""
WATCH = """window.bitmaps = []; window.canvases = [];
const decode = window.createImageBitmap, make = document.createElement;
window.createImageBitmap = async (...all) => (window.bitmaps.push(await decode(...all)), window.bitmaps.at(-1));
document.createElement = function (name) {
  const made = make.call(this, name);
  if (name === "canvas") window.canvases.push(made);
  return made;
};"""
SAVED_ANEW = """async ([png, width, height]) => {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (one) => one.charCodeAt(0))]));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  const saved = await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 })).arrayBuffer();
  return btoa(String.fromCharCode(...new Uint8Array(saved)));
}"""
TURNED = (
    b"\xff\xe1" + struct.pack(">H", 34) + b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
)
"""A JPEG's APP1 segment with the Exif orientation 6: show it a quarter turned clockwise."""
MIRRORED = struct.pack(">8I", 31_270, 32_900, 15_000, 6_000, 30_000, 60_000, 64_000, 33_000)
"""A PNG's cHRM chunk: white, red, green, blue as x and y in 100,000ths; sRGB's red and blue have changed places."""


def png(rows: list[bytes], *colour_space: tuple[bytes, bytes]) -> bytes:
    """Rows of red, green, blue, one byte each, as a PNG (ISO/IEC 15948), with chunks that say which red and blue."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*one) for one in [(b"IHDR", header), *colour_space, (b"IDAT", pixels), (b"IEND", b"")]
    )


def mosaic(seed: int, width: int, height: int, *, across: int = 11, down: int = 7, brightest: int = 256) -> list[bytes]:
    """Tiles of random colours; the darker the brightest, the less PDQ calls their quality."""
    chance = Random(seed)
    tiles = [[bytes(int(chance.random() * brightest) for _ in range(3)) for _ in range(across)] for _ in range(down)]
    lines = [b"".join(row[x * across // width] for x in range(width)) for row in tiles]
    return [lines[y * down // height] for y in range(height)]


def turned(rows: list[bytes]) -> list[bytes]:
    """A quarter turn against the clock, so that Exif's orientation 6 sets it right again."""
    width = len(rows[0]) // 3
    return [b"".join(row[3 * x : 3 * x + 3] for row in rows) for x in reversed(range(width))]


def rings(width: int, height: int) -> list[bytes]:
    """Coloured circles round a point beside the middle."""

    def colour(x: int, y: int) -> bytes:
        far = math.hypot(x - width / 3, y - height / 4)
        return bytes(int(127.5 + 127.5 * math.sin(far / size + x / width)) for size in (9, 13, 17))

    return [b"".join(colour(x, y) for x in range(width)) for y in range(height)]


PORTRAIT = mosaic(2, 301, 467, across=6, down=9, brightest=50)
PICTURES = {
    "landscape": png(mosaic(1, 400, 300)),
    "portrait": png(PORTRAIT),
    "small": png(mosaic(3, 64, 64, across=7, down=5)),
    "rings": png(rings(200, 150)),
    "large": png(mosaic(4, 1600, 1200, across=13, down=9)),
}
PDQ = {
    "landscape": ("d09547adc39ab858296ab648c790f61a18e518e5e71a09e5386f49b7d69547af", 100),
    "portrait": ("9b39ec4e13b187189b69c61c31e3da6d4e9439e3649678e7ec4e13b164c68b68", 31),
    "small": ("f52bc5eb1a9447c391e6782d449993c64ed1b83ce52b45eb1a9447c391666c3d", 100),
    "rings": ("e38ee38d145e1c6d1c521c6d414ee38ee38ee38e045a3ef51c6eb8de0aa95572", 100),
    "large": ("d957c8ff5a7d8c2f8c745abc5bf8a503a407a553738a73d0a582b50026a85bea", 100),
}
"""By pdqhash 0.2.8 (PyPI), which compiles the reference in C++: hash and quality of the pixels at full size."""


def payload(content: bytes, media_type: str = "image/png") -> FilePayload:
    return {"name": "file", "mimeType": media_type, "buffer": content}


def exact(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


def distance(one: str, other: str) -> int:
    """Hamming distance of two hashes in hexadecimal digits, in bits."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def in_digits(text: str) -> tuple[str, str, int]:
    """The two lines of one picture: its SHA-256 line, its PDQ in 64 digits, its quality."""
    first, second = text.splitlines()
    digits, quality = second.removeprefix("pdq:").split(" ")
    assert len(digits) == 64
    return first, digits, int(quality)


def open_page(context: BrowserContext, address: str) -> Page:
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(address)
    return page


def fingerprint(page: Page, *chosen: FilePayload | Path, says: str = "Made.") -> str:
    """Choose files as a person does, wait for the word that it is done: what then stands among the lines."""
    page.locator("input").set_input_files(list(chosen))  # type: ignore[arg-type]
    expect(page.locator("output")).to_have_text(says)
    assert page.locator("input").input_value() == ""
    return page.locator("textarea").input_value()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def hotline() -> Iterator[Site]:
    """The page and its script on loopback, with the headers of every public page."""
    headers = {**HEADERS, "Connection": "close"}
    with site() as serving:
        serving.answers["/"] = http_answer(PAGE.encode(), headers=headers)
        script = http_answer(SCRIPT.read_bytes(), media_type="text/javascript", headers=headers)
        serving.answers["/fingerprint.js"] = script
        yield serving


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


@pytest.fixture
def page(visitor: BrowserContext, hotline: Site) -> Iterator[Page]:
    opened = open_page(visitor, hotline.url())
    yield opened
    opened.close()


@pytest.mark.parametrize("name", PICTURES)
def test_both_fingerprints_are_what_other_programs_say(page: Page, name: str) -> None:
    first, digits, quality = in_digits(fingerprint(page, payload(PICTURES[name])))
    assert first == exact(PICTURES[name])
    assert distance(digits, PDQ[name][0]) <= (SCALED_SAME if name == "large" else SAME)
    assert quality == PDQ[name][1]


@pytest.mark.parametrize(("name", "width", "height"), [("landscape", 300, 225), ("rings", 200, 150), ("small", 96, 96)])
def test_a_copy_scaled_and_saved_anew_has_almost_the_same_pdq(page: Page, name: str, width: int, height: int) -> None:
    copy = b64decode(page.evaluate(SAVED_ANEW, [b64encode(PICTURES[name]).decode(), width, height]))
    first, digits, _ = in_digits(fingerprint(page, payload(copy, "image/jpeg")))
    assert first == exact(copy)
    assert distance(digits, PDQ[name][0]) <= COPY


def test_different_pictures_are_far_apart(page: Page) -> None:
    lines = fingerprint(page, *map(payload, PICTURES.values())).splitlines()
    found = [line[4:68] for line in lines if line.startswith("pdq:")]
    assert len(found) == len(PICTURES)
    assert min(distance(*pair) for pair in combinations(found, 2)) > OTHER


def test_numbers_of_colours_are_taken_as_they_are_stored(page: Page) -> None:
    """As pdqhash takes them: a reader of this profile would show blue for red, and be 30 bits away."""
    mirrored = png(mosaic(1, 400, 300), (b"gAMA", struct.pack(">I", 45_455)), (b"cHRM", MIRRORED))
    _, digits, _ = in_digits(fingerprint(page, payload(mirrored)))
    assert distance(digits, PDQ["landscape"][0]) <= SAME


def test_a_picture_with_nothing_in_it_is_said_to_have_no_quality(page: Page) -> None:
    _, _, quality = in_digits(fingerprint(page, payload(png([b"\x70\x80\x90" * 40] * 30))))
    assert quality == 0


def test_a_picture_is_seen_upright_whichever_way_the_telephone_was_held(page: Page) -> None:
    """As a site shows and saves it anew; the numbers stored in the file would be 60 bits and more away."""
    lying = png(turned(PORTRAIT))
    stored = b64decode(page.evaluate(SAVED_ANEW, [b64encode(lying).decode(), 467, 301]))
    _, as_stored, _ = in_digits(fingerprint(page, payload(stored, "image/jpeg")))
    page.locator("textarea").fill("")
    _, as_shown, _ = in_digits(fingerprint(page, payload(stored[:2] + TURNED + stored[2:], "image/jpeg")))
    assert distance(as_shown, PDQ["portrait"][0]) <= COPY
    assert distance(as_stored, PDQ["portrait"][0]) > OTHER


@pytest.mark.parametrize(
    "other",
    [payload(b"a film", "video/mp4"), payload(b"not as it says", "image/png"), payload(png([b"tiny" * 3] * 4))],
    ids=["film", "broken", "tiny"],
)
def test_what_is_no_readable_picture_has_its_sha256_alone(page: Page, other: FilePayload) -> None:
    assert fingerprint(page, other) == exact(other["buffer"]) + "\n"


def test_lines_are_added_to_what_is_there_and_never_twice(page: Page) -> None:
    film, picture = payload(b"a film", "video/mp4"), payload(PICTURES["small"])
    page.locator("textarea").fill("I have it on my telephone.")
    fingerprint(page, film)
    page.locator("output").evaluate("said => { said.textContent = ''; }")
    lines = fingerprint(page, film, picture).splitlines()
    assert lines[:3] == ["I have it on my telephone.", exact(film["buffer"]), exact(picture["buffer"])]
    assert [line.partition(":")[0] for line in lines[3:]] == ["pdq"]


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_a_file_that_cannot_be_done_is_said_to_and_the_others_are_done(page: Page, tmp_path: Path, size: int) -> None:
    film, good = tmp_path / "film.mp4", tmp_path / "good.mp4"
    with film.open("wb") as opened:
        opened.truncate(size)
    good.write_bytes(b"a film")
    assert fingerprint(page, film, good, says="Not made.") == exact(b"a film") + "\n"


def under(page: Page, script: str) -> None:
    """Load the page anew in a browser that behaves as this script makes it."""
    page.add_init_script(script)
    page.reload()


def test_while_it_works_it_says_so_and_the_choice_is_gone_already(page: Page) -> None:
    under(page, "crypto.subtle.digest = () => new Promise(() => {});")
    assert fingerprint(page, payload(PICTURES["small"]), says="Working.") == ""


def test_a_browser_that_hides_what_a_canvas_holds_gives_no_wrong_pdq(page: Page) -> None:
    under(page, NOISE)
    assert fingerprint(page, payload(PICTURES["small"])) == exact(PICTURES["small"]) + "\n"


def test_nothing_of_the_picture_stays_in_the_page(page: Page) -> None:
    under(page, WATCH)
    fingerprint(page, payload(PICTURES["small"]))
    assert page.evaluate("window.bitmaps.map((one) => one.width + one.height)") == [0]
    assert set(page.evaluate("window.canvases.map((one) => one.width + one.height)")) == {0}
    assert page.locator("canvas, img, video").count() == 0


def test_the_page_asks_for_nothing_and_sends_the_lines_alone(page: Page, hotline: Site) -> None:
    sent: list[tuple[str, str, str | None]] = []
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data)))
    digits = in_digits(fingerprint(page, payload(PICTURES["landscape"])))[1]
    assert sent == []
    page.get_by_role("button", name="Send").click()
    page.wait_for_load_state()
    (method, address, body), *others = sent
    assert (method, address) == ("POST", hotline.url())
    assert body is not None
    assert body.startswith(f"fingerprints=sha256%3A{sha256(PICTURES['landscape']).hexdigest()}%0D%0Apdq%3A{digits}")
    assert len(body) < 200
    assert {(method, body) for method, _, body in others} <= {("GET", None)}
    assert {head.partition(" HTTP")[0] for head in hotline.asked} == {"GET /", "GET /fingerprint.js", "POST /"}


def test_it_is_shown_by_script_and_no_form_can_take_the_file_along(page: Page) -> None:
    expect(page.locator("[data-fingerprint]")).to_be_visible()
    expect(page.locator("output")).to_have_text("")
    assert page.locator("input").get_attribute("name") is None
    assert page.evaluate("[...new FormData(document.forms[0]).keys()]") == ["fingerprints"]


def test_without_a_safe_line_it_says_that_it_cannot(browser: Browser) -> None:
    with browser.new_context() as context:
        context.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        context.route(
            "**/fingerprint.js",
            lambda route: route.fulfill(body=SCRIPT.read_text(encoding="utf-8"), content_type="text/javascript"),
        )
        page = open_page(context, "http://hotline.test/")
        expect(page.locator("output")).to_have_text("Not here.")
        expect(page.locator("input")).to_be_disabled()


def test_without_script_the_block_stays_hidden(browser: Browser, hotline: Site) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = open_page(context, hotline.url())
        expect(page.locator("[data-fingerprint]")).to_be_hidden()
        expect(page.locator("textarea")).to_be_visible()


def test_the_script_can_be_read_in_one_sitting() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 120
