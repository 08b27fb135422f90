"""What the hosts send: one short function for each kind of content."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus

from aiohttp import web

from lykta.practice import films, pictures
from lykta.practice.atlas import SLOW_SECONDS
from lykta.practice.contents import Content, Kind, address_of
from lykta.practice.settings import PracticeSettings

_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>"
_BOMB_MEGABYTES = 64
_HEADER_BYTES = 200_000
_PATIENCE_SECONDS = 120
_TWO_LENGTHS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"10\r\n<title>Two</title>\r\n0\r\n\r\n"
)


async def answer(request: web.Request, content: Content, settings: PracticeSettings) -> web.StreamResponse:
    """Whatever stands at this content, well-behaved or not."""
    live = _LIVE.get(content.kind)
    return await live(request) if live else _WHOLE[content.kind](content, settings)


def error_page(status: int) -> web.Response:
    """A page that says no, with the status in its title."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return _page(title, "<p>Sorry.</p>", status=status)


def _album(content: Content, _: PracticeSettings) -> web.Response:
    last = content.path.rpartition("/")[2]
    numbers = range(1, content.pictures + 1)
    tags = (f'<img src="{last}/{number}.png" alt="Pattern {number}">' for number in numbers)
    film = f'<video src="{last}/film.avi"></video>' if content.film else ""
    return _page(f"Album {content.path}", "".join(tags) + film)


def _picture(content: Content, settings: PracticeSettings) -> web.Response:
    return web.Response(body=pictures.draw(f"{settings.seed}/{content.place}"), content_type="image/png")


def _film(content: Content, settings: PracticeSettings) -> web.Response:
    return web.Response(body=films.draw_film(f"{settings.seed}/{content.place}"), content_type="video/x-msvideo")


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


def _many_headers(_: Content, __: PracticeSettings) -> web.Response:
    return web.Response(text="Hello.", headers={f"X-{number}": "x" for number in range(5000)})


def _brotli(_: Content, __: PracticeSettings) -> web.Response:
    # An empty stream (RFC 7932, 9.1): that it is sent at all is what counts.
    return web.Response(body=b"\x06", headers={"Content-Encoding": "br", "Content-Type": "text/html"})


def _redirect(content: Content, settings: PracticeSettings) -> web.Response:
    return web.Response(status=302, headers={"Location": address_of(content.target, settings)})


def _to_location(content: Content, settings: PracticeSettings) -> web.Response:
    return web.Response(status=302, headers={"Location": content.target.format(port=settings.web_port)})


def _scripted(_: Content, __: PracticeSettings) -> web.Response:
    tags = "".join(f'<img src="/thread/{number}.png" alt="">' for number in range(1, 4))
    return _script(f"document.title = 'A page built by its script'; document.body.innerHTML = '<p>Hello.</p>{tags}'")


def _scripted_inside(_: Content, settings: PracticeSettings) -> web.Response:
    return _script(f"location = 'http://127.0.0.1:{settings.web_port}/'")


_WHOLE: dict[Kind, Callable[[Content, PracticeSettings], web.Response]] = {
    Kind.ALBUM: _album,
    Kind.PICTURE: _picture,
    Kind.FILM: _film,
    Kind.PASSWORD_FORM: _password_form,
    Kind.SOFT_404: _soft_404,
    Kind.STATUS: _status,
    Kind.GZIP: _gzip,
    Kind.GZIP_BOMB: _gzip_bomb,
    Kind.HUGE_HEADERS: _huge_headers,
    Kind.MANY_HEADERS: _many_headers,
    Kind.BROTLI: _brotli,
    Kind.REDIRECT: _redirect,
    Kind.TO_LOCATION: _to_location,
    Kind.SCRIPTED: _scripted,
    Kind.SCRIPTED_INSIDE: _scripted_inside,
}
"""Answers that are sent in one piece."""


def _page(title: str, body: str, *, status: int = 200) -> web.Response:
    text = _PAGE.format(title=title, body=body)
    return web.Response(text=text, status=status, content_type="text/html")


def _script(script: str) -> web.Response:
    text = f"<!doctype html><title>Loading</title><body><script>{script}</script></body>"
    return web.Response(text=text, content_type="text/html")


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


async def _slow_head(request: web.Request) -> web.StreamResponse:
    for letter in "HTTP/1.1 200 OK\r\nX-Slow: ".ljust(_PATIENCE_SECONDS, "x"):
        if request.transport is None or request.transport.is_closing():
            break
        request.transport.write(letter.encode())
        await asyncio.sleep(SLOW_SECONDS / 5)
    return _raw(request, b"\r\n\r\n")


async def _no_answer(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(_PATIENCE_SECONDS)
    return error_page(503)


async def _two_lengths(request: web.Request) -> web.StreamResponse:
    return _raw(request, _TWO_LENGTHS)


async def _always_further(request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": f"?step={int(request.query.get('step', '0')) + 1}"})


def _raw(request: web.Request, answer: bytes) -> web.StreamResponse:
    """Bytes past the server, which would not send them."""
    if request.transport is not None:
        request.transport.write(answer)
        request.transport.close()
    return web.Response()


async def _slow_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for letter in "<title>Slow</title>".ljust(_PATIENCE_SECONDS):
        await response.write(letter.encode())
        await asyncio.sleep(SLOW_SECONDS / 5)
    return response


_LIVE: dict[Kind, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    Kind.WRONG_LENGTH: _wrong_length,
    Kind.SLOW_BODY: _slow_body,
    Kind.SLOW_HEAD: _slow_head,
    Kind.NO_ANSWER: _no_answer,
    Kind.TWO_LENGTHS: _two_lengths,
    Kind.ALWAYS_FURTHER: _always_further,
}
"""Answers that depend on the request, or take their time."""
