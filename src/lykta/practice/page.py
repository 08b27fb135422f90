"""The world's own web page: what this is, the mail that arrived, the hosts and their buttons, the authenticator.

It shows passwords and changes the world, so it answers only under a name of this machine (a foreign name that leads
to 127.0.0.1 gets nothing) and takes forms only from itself.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from lykta.practice import page_views as views
from lykta.practice.accounts import accounts
from lykta.practice.mailboxes import count_mails, mail_numbered, mails_in
from lykta.practice.servers import listening
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.state import State

_OWN_NAMES = {HOME, "localhost"}
_STYLE_HASH = base64.b64encode(hashlib.sha256(views.STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serve_page(settings: PracticeSettings, state: State) -> AsyncIterator[None]:
    """Answer at 127.0.0.1 until left."""
    page = _Page(settings, state)
    app = web.Application(middlewares=[_guard])
    app.add_routes(
        [
            web.get("/", page.welcome),
            web.get("/mail", page.mailboxes),
            web.get("/mail/{mailbox}", page.mailbox),
            web.get("/mail/{mailbox}/{number}", page.mail),
            web.get("/hosts", page.hosts),
            web.post("/hosts", page.change),
            web.get("/authenticator", page.authenticator),
        ]
    )
    async with listening(app, [HOME], settings.page_port):
        yield


class _Page:
    def __init__(self, settings: PracticeSettings, state: State) -> None:
        self._settings = settings
        self._state = state

    async def welcome(self, _: web.Request) -> web.Response:
        return _html(views.welcome(self._settings))

    async def mailboxes(self, _: web.Request) -> web.Response:
        return _html(views.mailboxes(count_mails(self._settings)))

    async def mailbox(self, request: web.Request) -> web.Response:
        mailbox = request.match_info["mailbox"]
        return _html(views.mailbox(mailbox, mails_in(self._settings, mailbox)))

    async def mail(self, request: web.Request) -> web.Response:
        found = mail_numbered(self._settings, request.match_info["mailbox"], request.match_info["number"])
        return _html(views.mail(found))

    async def hosts(self, _: web.Request) -> web.Response:
        return _html(views.hosts(self._settings, self._state))

    async def authenticator(self, _: web.Request) -> web.Response:
        return _html(views.authenticator(accounts(self._settings.folder)))

    async def change(self, request: web.Request) -> web.Response:
        form = await request.post()
        target = str(form.get("target", ""))
        match form.get("verb"):
            case "remove":
                self._state.remove(target)
            case "bring back":
                self._state.bring_back(target)
            case "move":
                self._state.move(target)
            case _:
                raise web.HTTPBadRequest(text="The world cannot do this.")
        raise web.HTTPSeeOther("/hosts")


@web.middleware
async def _guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
    if urlsplit(f"//{request.host}").hostname not in _OWN_NAMES:
        raise web.HTTPMisdirectedRequest(text="This page answers on this machine only.")
    if request.method == "POST" and not _is_from_here(request):
        raise web.HTTPForbidden(text="Forms are taken from this page only.")
    try:
        response = await handler(request)
    except LookupError as error:
        raise web.HTTPNotFound(text="There is no such thing here.") from error
    response.headers.update(_HEADERS)
    return response


def _is_from_here(request: web.Request) -> bool:
    """Browsers name where a form came from in one of two headers; without either it is none of ours."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin != f"http://{request.host}":
        return False
    return site == "same-origin" if site is not None else origin is not None


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")
