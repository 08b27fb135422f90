"""What the hosts send: one short function for each kind of content."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from aiohttp import web

from lykta.practice import pictures
from lykta.practice.atlas import SLOW_SECONDS
from lykta.practice.contents import Content, Kind, address_of
from lykta.practice.settings import PracticeSettings

_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>"
_BOMB_MEGABYTES = 64
_HEADER_BYTES = 200_000
_PATIENCE_SECONDS = 120


async def answer(request: web.Request, content: Content, settings: PracticeSettings) -> web.StreamResponse:
    """Whatever stands at this content, well-behaved or not."""
    match content.kind:
        case Kind.REDIRECT:
            return web.Response(status=302, headers={"Location": address_of(content.target, settings)})
        case Kind.WRONG_LENGTH:
            return await _wrong_length(request)
        case Kind.SLOW_BODY:
            return await _slow_body(request)
        case Kind.NO_ANSWER:
            await asyncio.sleep(_PATIENCE_SECONDS)
            return error_page(503)
        case _:
            return _WHOLE[content.kind](content, settings)


def error_page(status: int) -> web.Response:
    """A page that says no, with the status in its title."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return _page(title, "<p>Sorry.</p>", status=status)


def _album(content: Content, _: PracticeSettings) -> web.Response:
    last = content.path.rpartition("/")[2]
    numbers = range(1, content.pictures + 1)
    tags = (f'<img src="{last}/{number}.png" alt="Pattern {number}">' for number in numbers)
    return _page(f"Album {content.path}", "".join(tags))


def _picture(content: Content, settings: PracticeSettings) -> web.Response:
    return web.Response(body=pictures.draw(f"{settings.seed}/{content.place}"), content_type="image/png")


def _password_form(_: Content, __: PracticeSettings) -> web.Response:
    fields = "<input name=user><input name=secret type=password><button>Log in</button>"
    return _page("Members only", f"<p>Please log in to continue.</p><form method=post>{fields}</form>")


def _soft_404(_: Content, __: PracticeSettings) -> web.Response:
    return _page("Page not found", "<p>The page that you look for was not found or has been removed.</p>")


def _status(content: Content, _: PracticeSettings) -> web.Response:
    return error_page(content.status)


def _gzip(_: Content, __: PracticeSettings) -> web.Response:
    page = _PAGE.format(title="A compressed page", body="<p>Hello.</p>" * 100)
    return _packed(gzip.compress(page.encode()))


def _gzip_bomb(_: Content, __: PracticeSettings) -> web.Response:
    return _packed(_bomb())


def _huge_headers(_: Content, __: PracticeSettings) -> web.Response:
    return web.Response(text="Hello.", headers={"X-Huge": "x" * _HEADER_BYTES})


_WHOLE: dict[Kind, Callable[[Content, PracticeSettings], web.Response]] = {
    Kind.ALBUM: _album,
    Kind.PICTURE: _picture,
    Kind.PASSWORD_FORM: _password_form,
    Kind.SOFT_404: _soft_404,
    Kind.STATUS: _status,
    Kind.GZIP: _gzip,
    Kind.GZIP_BOMB: _gzip_bomb,
    Kind.HUGE_HEADERS: _huge_headers,
}
"""Answers that are sent in one piece."""


def _page(title: str, body: str, *, status: int = 200) -> web.Response:
    text = _PAGE.format(title=title, body=body)
    return web.Response(text=text, status=status, content_type="text/html")


def _packed(body: bytes) -> web.Response:
    return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})


@cache
def _bomb() -> bytes:
    """Zeros shrink a thousandfold; packed piece by piece so that the world itself never holds them all."""
    packer = zlib.compressobj(wbits=31)
    megabyte = bytes(1_000_000)
    return b"".join([packer.compress(megabyte) for _ in range(_BOMB_MEGABYTES)] + [packer.flush()])


async def _wrong_length(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "5000", "Content-Type": "text/html"})
    await response.prepare(request)
    await response.write(b"<title>Cut short</title>")
    if request.transport is not None:
        request.transport.close()
    return response


async def _slow_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for letter in "<title>Slow</title>".ljust(_PATIENCE_SECONDS):
        await response.write(letter.encode())
        await asyncio.sleep(SLOW_SECONDS / 5)
    return response
