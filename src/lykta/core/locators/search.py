"""Find every locator of a text, in one pass from left to right."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from lykta.core.locators import accounts, grammar, hosts, web
from lykta.core.locators.hosts import Host
from lykta.core.locators.model import Found, Locator
from lykta.core.locators.page import Page, read_page
from lykta.core.vocabulary import ItemKind

LONGEST_TEXT = 200_000
"""Characters; what follows is not read."""


class _Step(NamedTuple):
    """What a reader made of one place, and where to go on, which is always further right."""

    locator: Locator | None
    go_on: int
    too_long: bool = False


def find(text: str, *, limit: int = 10_000) -> Found:
    """Everything that a text names, each key once, at most `limit`; never raises, whatever the text."""
    seen: dict[str, Locator] = {}
    page = read_page(text[:LONGEST_TEXT])
    cut = is_long = len(text) > LONGEST_TEXT
    for step in _steps(page):
        if is_long and step.go_on >= len(page.text):
            break  # It may be half an address.
        cut = cut or step.too_long
        if step.locator is None or step.locator.key in seen:
            continue
        if len(seen) == limit:
            cut = True
            break
        seen[step.locator.key] = step.locator
    return Found(tuple(seen.values()), cut)


def read(one: str) -> Locator | None:
    """The locator that a person typed in a field, with or without a scheme; None if the field holds more or less."""
    typed = one.strip()
    for scheme in ("", "http://"):
        found = find(scheme + typed, limit=2).locators
        if len(found) != 1 or not _is_all(scheme + typed, found[0].written):
            continue
        host = found[0].host
        # `12.30` is a time, though a browser takes it for 12.0.0.30.
        if not scheme or (hosts.may_stand_alone(host) and (host in typed or not host[-1].isdecimal())):
            return replace(found[0], written=found[0].written.removeprefix(scheme))
    return None


def _is_all(typed: str, written: str) -> bool:
    before, _, after = typed.partition(written)
    return not any(character.isalnum() for character in before + after)


def _steps(page: Page) -> Iterator[_Step]:
    position = 0
    while match := grammar.STARTS.search(page.text, position):
        step = _READERS[str(match.lastgroup)](page, match)
        position = step.go_on
        yield step


def _url(page: Page, match: re.Match[str]) -> _Step:
    log_in = grammar.LOG_IN.match(page.text, match.end())
    user = log_in[0] if log_in else ""
    host = hosts.read_host(grammar.HOST_IN_URL, page.text, match.end() + len(user))
    if host is None:
        return _Step(None, match.end())
    written = match["scheme"].lower()
    scheme = "ftp" if written.startswith("f") else "https" if written.endswith("s") else "http"
    if scheme != written or not set(match[0]).isdisjoint("[({"):
        host = host._replace(disguised=True)
    if host.disguised:
        user = grammar.DOT_IN_TAIL.sub(".", user)
    step = _address(page, match.start(), f"{scheme}://{user}", host, needs_more=host.name.isalpha())
    if step.locator is None and step.go_on == host.end:
        # Nothing but a word stood behind it, perhaps another scheme: `http://http://a.example`.
        return _Step(None, match.end())
    return step


def _bare(page: Page, match: re.Match[str]) -> _Step:
    host = hosts.read_host(grammar.HOST, page.text, match.start())
    if host is None:
        return _Step(None, match.end() + 1)
    if page.text.startswith("@", host.end) or not hosts.may_stand_alone(host.name):
        return _Step(None, host.end)
    return _address(page, match.start(), "http://", host, needs_more=hosts.needs_more(host))


def _mailbox(page: Page, match: re.Match[str]) -> _Step:
    host = hosts.read_host(grammar.HOST, page.text, match.end())
    domain = hosts.mail_domain(host)
    local = match["local"].lstrip(".-").rstrip(".")
    if host is None or not domain or not local:
        return _Step(None, match.end())
    written = page.written(match.start() + match["local"].index(local), host.end)
    address = f"{local}@{domain}"
    return _Step(Locator(ItemKind.EMAIL, written, address, address.lower(), domain), host.end)


def _fediverse(page: Page, match: re.Match[str]) -> _Step:
    host = hosts.read_host(grammar.HOST, page.text, match.end())
    domain = hosts.mail_domain(host)
    if host is None or not domain:
        return _Step(None, match.end())
    written = page.written(match.start(), host.end)
    address = f"fediverse:{match['user'].lower()}@{domain}"
    return _Step(Locator(ItemKind.ACCOUNT, written, address, address, "fediverse"), host.end)


def _account(page: Page, match: re.Match[str]) -> _Step:
    part = "tight" if match["tight"] else "loose"
    name = match[part].rstrip(".-") if not match[part].startswith(("+", "invite/")) else match[part]
    start, end = match.start(part), match.start(part) + len(name)
    # `Telegram: he wrote` names nobody; `kik: name1`, and `kik: name` at the end of a clause, do.
    if part == "loose" and name.isalpha() and not grammar.END_OF_CLAUSE.match(page.text, end):
        return _Step(None, start)
    locator = accounts.locate(match["platform"], name, page.written(match.start(), end))
    return _Step(locator, end if locator else start)


def _deep_link(page: Page, match: re.Match[str]) -> _Step:
    name = match["deep_name"]
    if match["invite"]:
        name = accounts.invite("telegram", name)
    return _Step(accounts.locate("telegram", name, page.written(*match.span())), match.end())


def _handle(page: Page, match: re.Match[str]) -> _Step:
    name = match["name"].rstrip(".")
    written = page.written(match.start(), match.start() + 1 + len(name))
    return _Step(accounts.locate("unknown", name, written), match.end())


_READERS = {
    "url": _url,
    "deep": _deep_link,
    "fediverse": _fediverse,
    "account": _account,
    "mailbox": _mailbox,
    "handle": _handle,
    "bare": _bare,
}


def _address(page: Page, start: int, front: str, host: Host, *, needs_more: bool = False) -> _Step:
    rest = grammar.REST.match(page.text, host.end)
    raw = rest["tail"] or "" if rest else ""
    tail = web.without_punctuation(raw)
    port = f":{rest['port']}" if rest and rest["port"] else ""
    go_on = rest.end() if rest else host.end
    if needs_more and not (port or tail):
        return _Step(None, go_on)
    end = go_on - len(raw) + len(tail) if port or tail else host.end
    plain_tail = grammar.DOT_IN_TAIL.sub(".", tail) if host.disguised else tail
    address = f"{front}{host.name}{port}{plain_tail}"
    if address not in page.known:
        locator = web.locate(address, page.written(start, end))
        page.known[address] = locator and (accounts.behind(locator) or locator)
    locator = page.known[address]
    return _Step(locator, go_on, too_long=not locator and len(tail) > web.LONGEST_ADDRESS)
