"""A browser without scripts, as far as these pages need one: it reads the form of a page and presses a button."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import urlencode

from django.test import Client

FORM = "application/x-www-form-urlencoded"


class Answered(Protocol):
    """What a test client gives back, whichever class it is."""

    status_code: int

    @property
    def content(self) -> bytes: ...

    @property
    def headers(self) -> Mapping[str, Any]: ...


class Page(HTMLParser):
    """The form as a browser would send it, the text that a person reads, the links, and the ids, in order.

    `offered` are the values that one can choose, `buttons` the steps that one can press.
    """

    def __init__(self, response: Answered) -> None:
        super().__init__(convert_charrefs=True)
        self.status = response.status_code
        self.headers = response.headers
        self.source = response.content.decode()
        self.filled: list[tuple[str, str]] = []
        self.offered: list[str] = []
        self.buttons: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.described: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self._texts: list[str] = []
        self._area = ""
        self.feed(self.source)

    @property
    def fields(self) -> dict[str, str]:
        """Each field once: of a name that comes several times, the last value."""
        return dict(self.filled)

    @property
    def title(self) -> str:
        """Without the name of the hotline."""
        found = re.search(r"<title>(?:Error: )?(.*) – ", self.source)
        assert found, self.source[:500]
        return unescape(found.group(1))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        self.described += found.get("aria-describedby", "").split()
        if tag == "script":
            self.scripts.append(found.get("src", "written into the page"))
        if tag == "a":
            self.links.append(found["href"])
        choice = found.get("type") in {"radio", "checkbox"}
        if tag == "input" and choice:
            self.offered.append(found["value"])
        if tag == "button" and found.get("name") == "step":
            self.buttons.append(found["value"])
        if tag == "input" and "name" in found and found.get("type") != "file" and (not choice or "checked" in found):
            self.filled.append((found["name"], found.get("value", "")))
        if tag == "textarea":
            self._area = found["name"]
            self.filled.append((self._area, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.filled[-1] = (self._area, self.filled[-1][1].removeprefix("\n"))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.filled[-1] = (self._area, self.filled[-1][1] + data)
        else:
            self._texts.append(unescape(data))


def get(client: Client, path: str, **headers: str) -> Page:
    return Page(client.get(path, headers=headers))


def post(client: Client, path: str, **fields: str | list[str]) -> Page:
    return Page(client.post(path, urlencode(fields, doseq=True), content_type=FORM))


def press(client: Client, path: str, page: Page, step: str, **typed: str | list[str]) -> Page:
    """Fill in and press: what the page carries goes along, as a browser sends it."""
    return Page(pressed(client, path, page, step, **typed))


def pressed(client: Client, path: str, page: Page, step: str, **typed: str | list[str]) -> Any:
    """`press`, for those who look at the headers of the answer."""
    filled: dict[str, str | list[str]] = {}
    for name, value in page.filled:
        filled[name] = [*filled.get(name, []), value]
    return client.post(path, urlencode({**filled, **typed, "step": step}, doseq=True), content_type=FORM)
