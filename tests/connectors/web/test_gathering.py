"""What a page names, fetched and fingerprinted within bounds; the far side and the decoder are stood in for."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from lykta.connectors.contract import Frame, Medium
from lykta.connectors.web import gathering
from lykta.connectors.web.facts import Facts, Picture
from lykta.connectors.web.gathering import Gatherer
from lykta.connectors.web.handover import Handover
from lykta.lib.outbound import Hop, NoAnswer, Response

PAGE = "http://h.test/page"
PICTURE = Picture(width=9, height=8, frames=1, hashes=("a" * 64,) * 8, quality=70)
FRAME = Frame(number=0, pdq="b" * 64, quality=60)


def response(body: bytes = b"x", *, status: int = 200, complete: bool = True, encoding: str = "") -> Response:
    headers = {"content-type": "image/png", **({"content-encoding": encoding} if encoding else {})}
    hops = (Hop("http://h.test/a", "127.10.0.1", status),)
    return Response(status=status, headers=headers, body=body, complete=complete, hops=hops)


class Reader:
    """A handover: what begins with P is a picture, with F a film, with D deadly."""

    async def read(self, body: bytes, *, complete: bool, **_: Any) -> Facts:
        digest = hashlib.sha256(body).hexdigest() if complete else ""
        kind = {b"P": "image/png", b"F": "video/mp4", b"H": "image/heif"}.get(body[:1], "")
        hostile = "the content made the decoder fail" if body[:1] == b"D" else ""
        picture = PICTURE if kind == "image/png" else None
        return Facts(sha256=digest, length=len(body), kind=kind, picture=picture, hostile=hostile)


class Screen:
    async def show(self, film: bytes, _: Handover) -> tuple[tuple[Frame, ...], str]:
        return (FRAME,), "" if film != b"Fcut" else "the film made its decoder fail"


def gather(
    fetch: Callable[[str, str, int], Awaitable[Response]], *, max_bytes: int = 1000, seconds: float = 5
) -> Gatherer:
    doubles: dict[str, Any] = {"handover": Reader(), "projector": Screen()}
    return Gatherer(fetch=fetch, max_bytes=max_bytes, seconds=seconds, **doubles)


def named(addresses: list[str], answer: Callable[[str], Response], **how: Any) -> tuple[Medium, ...]:
    async def fetch(address: str, page: str, _: int) -> Response:
        assert page == PAGE
        await asyncio.sleep(0)
        return answer(address)

    async def story() -> tuple[Medium, ...]:
        return await gather(fetch, **how).named(PAGE, addresses)

    return asyncio.run(story())


def test_a_picture_is_described_without_a_byte_of_it() -> None:
    (medium,) = named(["http://h.test/a"], lambda _: response(b"Picture"))
    assert medium == Medium(
        address="http://h.test/a",
        media_type="image/png",
        length=7,
        sha256=hashlib.sha256(b"Picture").hexdigest(),
        width=9,
        height=8,
        frame_count=1,
        pdq=("a" * 64,) * 8,
        quality=70,
    )


@pytest.mark.parametrize(
    ("body", "complete", "encoding", "frames", "problem"),
    [
        (b"Film", True, "", (FRAME,), ""),
        (b"Film", False, "", (FRAME,), "longer than 4 bytes: no digest"),
        (b"Fcut", False, "", (FRAME,), "longer than 4 bytes: no digest; the film made its decoder fail"),
        (b"Film", True, "gzip", (), "no frames: the film is compressed on the way"),
        (b"Film", True, "identity", (FRAME,), ""),
        (b"Deadly", True, "", (), "the content made the decoder fail"),
        (b"Heif", True, "", (), "no hash: image/heif is not decoded"),
        (b"other", True, "", (), ""),
    ],
)
def test_a_film_has_frames_and_what_is_wrong_is_said(
    body: bytes, encoding: str, frames: tuple[Frame, ...], problem: str, *, complete: bool
) -> None:
    (medium,) = named(["http://h.test/a"], lambda _: response(body, complete=complete, encoding=encoding))
    assert (medium.frames, medium.problem) == (frames, problem)
    assert (medium.sha256 == "") is not complete


def test_what_did_not_come_is_kept_with_its_reason_in_the_order_of_the_page() -> None:
    def answer(address: str) -> Response:
        if address.endswith("1"):
            raise NoAnswer("no answer within 2 seconds")
        return response(status=403) if address.endswith("2") else response(b"P")

    found = named([f"http://h.test/{number}" for number in range(4)], answer)
    assert [medium.address[-1] for medium in found] == ["0", "1", "2", "3"]
    assert [medium.problem for medium in found] == ["", "no answer within 2 seconds", "the server answers 403", ""]


def test_a_page_with_very_many_media_is_looked_at_in_part_and_never_at_itself() -> None:
    found = named([PAGE, *(f"http://h.test/{number}" for number in range(200))], lambda _: response(b"P"))
    assert [medium.address for medium in found] == [f"http://h.test/{number}" for number in range(gathering.MOST)]


def test_all_media_of_a_page_have_one_budget() -> None:
    found = named([f"http://h.test/{number}" for number in range(9)], lambda _: response(b"P" * 1000), max_bytes=1000)
    fetched = [medium for medium in found if not medium.problem]
    assert gathering.PAGE_SHARE <= len(fetched) < gathering.PAGE_SHARE + gathering.AT_ONCE
    assert "more bytes than one look may take" in found[-1].problem


def test_only_a_few_of_a_page_are_fetched_at_once() -> None:
    running, most = 0, 0

    async def fetch(_: str, __: str, ___: int) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _turn in range(3):
            await asyncio.sleep(0)
        running -= 1
        return response(b"P")

    asyncio.run(gather(fetch).named(PAGE, [f"http://h.test/{number}" for number in range(12)]))
    assert most == gathering.AT_ONCE


def test_slow_media_do_not_hold_up_the_look() -> None:
    async def fetch(address: str, _: str, __: int) -> Response:
        await asyncio.sleep(60 if address.endswith("slow") else 0)
        return response(b"P")

    found = asyncio.run(gather(fetch, seconds=0.2).named(PAGE, ["http://h.test/slow", "http://h.test/a"]))
    assert [medium.problem for medium in found] == ["not fetched within 0.2 seconds for the page", ""]


@pytest.mark.parametrize(("body", "count"), [(b"Picture", 1), (b"Film", 1), (b"<page>", 0)])
def test_a_look_at_a_picture_or_film_itself_fingerprints_it(body: bytes, count: int) -> None:
    async def nothing(_: str, __: str, ___: int) -> Response:
        raise AssertionError("nothing is fetched twice")

    async def story() -> tuple[Medium, ...]:
        gatherer, came = gather(nothing), response(body)
        return await gatherer.itself(came, await gatherer.read(came))

    assert len(asyncio.run(story())) == count


def test_a_page_that_names_nothing_costs_nothing() -> None:
    assert named([], lambda _: response()) == ()
