"""A browser without scripts, as far as these pages need one: it reads the form of a page and presses a button."""

from html import unescape
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urlencode

from django.test import Client

FORM = "application/x-www-form-urlencoded"


class Answered(Protocol):
    """What a test client gives back, whichever class it is."""

    status_code: int

    @property
    def content(self) -> bytes: ...


class Page(HTMLParser):
    """The fields of the form, the text that a person reads, the links, and the ids, in order."""

    def __init__(self, response: Answered) -> None:
        super().__init__(convert_charrefs=True)
        self.status = response.status_code
        self.source = response.content.decode()
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self.ids: list[str] = []
        self.described: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self._texts: list[str] = []
        self._area = ""
        self.feed(self.source)

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
        if tag == "input" and (found.get("type") != "radio" or "checked" in found):
            self.fields[found["name"]] = found.get("value", "")
        if tag == "textarea":
            self._area = found["name"]
            self.fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data
        else:
            self._texts.append(unescape(data))


def get(client: Client, path: str, **headers: str) -> Page:
    return Page(client.get(path, headers=headers))


def post(client: Client, path: str, **fields: str) -> Page:
    return Page(client.post(path, urlencode(fields), content_type=FORM))


def press(client: Client, path: str, page: Page, step: str, **typed: str) -> Page:
    """Fill in and press: what the page carries goes along, as a browser sends it."""
    return post(client, path, **{**page.fields, **typed, "step": step})
