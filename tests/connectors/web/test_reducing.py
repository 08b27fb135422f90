"""Pictures made small: what leaves the decoder is a few pixels, whatever went in and whoever has taken it over."""

import asyncio
import gzip
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.support.drawings import draw, encoded

from lykta.connectors.web import handover
from lykta.connectors.web.handover import Handover
from lykta.connectors.web.kinds import PICTURES
from lykta.connectors.web.reduced import LONGEST_SIDE, Form, Reduced, png, read_reduced, write_reduced
from lykta.connectors.web.reducing import reduce_body
from lykta.lib import sandbox

GRAY = Form(side=160, gray=True, blur=0)
PATTERN = draw("rings", seed=1, height=300, width=600)


def reduce(body: bytes, form: Form = GRAY, **about: Any) -> Reduced:
    return reduce_body(body, form, **{"limit": 10_000_000, **about})


def read(written: bytes) -> Reduced:
    async def story() -> Reduced:
        answers = asyncio.StreamReader()
        answers.feed_data(written)
        answers.feed_eof()
        return await read_reduced(answers)

    return asyncio.run(story())


@pytest.mark.parametrize("name", PICTURES.values())
def test_every_format_becomes_small_and_grey(name: str) -> None:
    found = reduce(encoded(PATTERN, name))
    assert (found.width, found.height, found.gray, found.problem) == (160, 80, True, "")
    assert len(found.pixels) == 160 * 80


def test_colour_stays_only_if_it_was_asked_for() -> None:
    found = reduce(encoded(PATTERN), Form(side=80, gray=False, blur=0))
    assert (found.width, found.height, len(found.pixels)) == (80, 40, 80 * 40 * 3)
    with Image.open(io.BytesIO(png(found))) as image:
        assert (image.format, image.mode, image.size, image.info) == ("PNG", "RGB", (80, 40), {})


@pytest.mark.parametrize("side", [1, 80, 160, 161, 5000])
def test_nothing_larger_than_the_bound_leaves(side: int) -> None:
    found = reduce(encoded(PATTERN), Form(side=side, gray=True, blur=0))
    assert max(found.width, found.height) == min(side, 160)


def test_a_small_picture_is_not_made_larger() -> None:
    assert reduce(encoded(PATTERN[:20, :30])).width == 30


def test_blur_leaves_no_detail() -> None:
    noise = encoded(draw("noise", seed=3, height=160, width=160))
    sharp, blurred = (
        np.frombuffer(reduce(noise, Form(side=160, gray=True, blur=blur)).pixels, np.uint8) for blur in (0, 12)
    )
    assert np.std(blurred[2000:-2000]) < np.std(sharp) / 10


def test_a_picture_stands_upright() -> None:
    turned = Image.Exif()
    turned[274] = 6  # as cameras say that the picture is to be turned by 90 degrees
    assert (reduce(encoded(PATTERN, "JPEG", exif=turned)).width, reduce(encoded(PATTERN, "JPEG")).width) == (80, 160)


def test_transparency_and_animation_do_no_harm() -> None:
    see_through = np.dstack([PATTERN, np.zeros(PATTERN.shape[:2], np.uint8)])
    frames = [Image.fromarray(PATTERN), Image.fromarray(PATTERN[::-1].copy())]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    assert [reduce(body).width for body in (encoded(see_through), moving.getvalue())] == [160, 160]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "no picture that is decoded"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that is decoded"),
        (b"\x89PNG\r\n\x1a\nnonsense", "cannot be decoded"),
        (encoded(PATTERN)[:2000], "cannot be decoded"),
        (encoded(np.zeros((1, 1, 3), np.uint8)).replace(b"\0\0\0\1\0\0\0\1", b"\0\0\xff\xff\0\0\xff\xff"), "decoded"),
    ],
)
def test_what_is_no_picture_says_so(body: bytes, problem: str) -> None:
    found = reduce(body)
    assert problem in found.problem
    assert found.pixels == b""


def test_what_unpacks_to_too_much_is_not_read() -> None:
    assert "decompresses" in reduce(gzip.compress(bytes(100_000)), encoding="gzip", limit=1000).problem


@pytest.mark.parametrize(("count", "size"), [(1, (20, 10)), (2, (44, 10)), (3, (68, 10)), (4, (68, 24)), (9, (68, 38))])
def test_stills_stand_in_rows_of_three(count: int, size: tuple[int, int]) -> None:
    found = reduce(bytes(range(200)) * count, GRAY, stills=[(20, 10)] * count)
    assert (found.width, found.height) == size
    assert found.pixels[:20] == bytes(range(20))


def test_stills_that_do_not_fit_their_bytes_are_refused() -> None:
    assert "cannot be decoded" in reduce(b"short", GRAY, stills=[(20, 10)]).problem


def test_it_is_read_as_it_was_written() -> None:
    for found in (reduce(encoded(PATTERN)), Reduced(problem="why not")):
        assert read(write_reduced(found)) == found


@pytest.mark.parametrize(
    "about",
    [
        "nonsense",
        "[]",
        "{}",
        {"width": 10, "height": 10, "gray": True},
        {"width": LONGEST_SIDE + 1, "height": 1, "gray": True, "problem": ""},
        {"width": 0, "height": 1, "gray": True, "problem": ""},
        {"width": -1, "height": -1, "gray": True, "problem": ""},
        {"width": True, "height": 1, "gray": True, "problem": ""},
        {"width": "1", "height": 1, "gray": True, "problem": ""},
        {"width": 1, "height": 1, "gray": True, "problem": 7},
        {"width": 9, "height": 9, "gray": True, "problem": ""},
    ],
)
def test_a_decoder_that_was_taken_over_can_send_pixels_and_nothing_else(about: object) -> None:
    line = about if isinstance(about, str) else json.dumps(about)
    with pytest.raises((ValueError, asyncio.IncompleteReadError)):
        read(line.encode() + b"\nx")


def test_words_of_a_decoder_are_cleaned() -> None:
    about = {"width": 0, "height": 0, "gray": True, "problem": "bad\u202e\0 " + "x" * 500}
    assert read(json.dumps(about).encode() + b"\n").problem == "bad " + "x" * 196


def ask(story: Callable[[Handover], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        decoders = Handover()
        try:
            return await story(decoders)
        finally:
            await decoders.stop()

    return asyncio.run(told())


def test_the_jailed_decoder_makes_every_format_small_and_goes_on_with_facts() -> None:
    form = {"side": 160, "gray": True, "blur": 5}
    pattern = PATTERN[:90, :180]

    async def story(decoders: Handover) -> list[Any]:
        small = [
            await decoders.reduce(encoded(pattern, name), reduce=form, encoding="", limit=10_000_000)
            for name in PICTURES.values()
        ]
        body = encoded(pattern)
        return [*small, await decoders.read(body, content_type="", encoding="", complete=True, limit=len(body))]

    *small, facts = ask(story)
    assert [(one.width, one.problem) for one in small] == [(160, "")] * len(PICTURES)
    assert facts.kind == "image/png"


@pytest.mark.parametrize("script", ["print('nonsense')", "import time; time.sleep(60)"])
def test_a_decoder_that_fails_is_a_sentence(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = [sandbox.python_command("x")[0], "-I", "-c", script]
    monkeypatch.setattr(sandbox, "python_command", lambda _: command)
    monkeypatch.setattr(handover, "SECONDS", 0.5)
    found = ask(lambda decoders: decoders.reduce(b"x", reduce={"side": 1, "gray": True, "blur": 0}))
    assert "the content" in found.problem
