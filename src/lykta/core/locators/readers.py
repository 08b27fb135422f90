"""One reader for each pattern of the grammar: what stands at a place, and where to go on."""

import re
from collections.abc import Callable
from typing import NamedTuple

from lykta.core.locators import accounts, grammar, hosts, ipfs, magnets, phones, platforms, web
from lykta.core.locators.hosts import Host
from lykta.core.locators.model import Locator
from lykta.core.locators.page import Page
from lykta.core.vocabulary import ItemKind


class Step(NamedTuple):
    """What a reader made of one place, and where to go on, which is always further right."""

    locator: Locator | None
    go_on: int
    too_long: bool = False


def _url(page: Page, match: re.Match[str]) -> Step:
    start = match.end()
    # Looking for the sign first keeps a list of bare schemes fast.
    log_in = grammar.LOG_IN.match(page.text, start) if page.text.find("@", start, start + 201) >= 0 else None
    user = log_in[0] if log_in else ""
    host = hosts.read_host(page.text, start + len(user), in_url=True)
    if host is None:
        return Step(None, start)
    if host.name.isalpha() and not grammar.REST.match(page.text, host.end):
        # Nothing but a word stands behind it, perhaps another scheme: `http://http://a.example`.
        return Step(None, start)
    written = match[0].rstrip(" \t\xa0:/\\[](){}").lower()
    scheme = "ftp" if written.startswith("f") else "https" if written.endswith("s") else "http"
    is_disguised = host.disguised or scheme != written or grammar.OPENING.search(match[0]) is not None
    if is_disguised:
        user = grammar.DOT_IN_TAIL.sub(".", user)
    front = f"{scheme}://{user}"
    step = _address(page, match.start(), front, host, is_disguised=is_disguised, needs_more=host.name.isalpha())
    return Step(None, start) if step.locator is None and step.go_on == host.end else step


def _bare(page: Page, match: re.Match[str]) -> Step:
    host = hosts.read_host(page.text, match.start())
    if host is None:
        return Step(None, match.end() + 1)
    if page.text.startswith("@", host.end) or not hosts.may_stand_alone(host.name):
        return Step(None, host.end)
    needs_more = hosts.needs_more(host)
    return _address(page, match.start(), "http://", host, is_disguised=host.disguised, needs_more=needs_more)


def _mailbox(page: Page, match: re.Match[str]) -> Step:
    host = hosts.read_host(page.text, match.end())
    whole = match[0][0] + match["local"]
    local = whole.lstrip(".-").rstrip(".")
    if host is None or not local:
        return Step(None, match.end())
    named = f"{local}@{host.name}"
    if named not in page.known:
        start = match.start() + whole.index(local)
        page.known[named] = _mail_locator(local, host.name, page.written(start, host.end))
    locator = page.known[named]
    return Step(locator, host.end if locator else match.end())


def _mail_locator(local: str, host: str, written: str) -> Locator | None:
    domain = hosts.mail_domain(host)
    address = f"{local}@{domain}"
    return Locator(ItemKind.EMAIL, written, address, address.lower(), domain) if domain else None


def _fediverse(page: Page, match: re.Match[str]) -> Step:
    host = hosts.read_host(page.text, match.end())
    domain = hosts.mail_domain(host.name) if host else ""
    if host is None or not domain:
        return Step(None, match.end())
    written = page.written(match.start(), host.end)
    address = f"fediverse:{match['user'].lower()}@{domain}"
    return Step(Locator(ItemKind.ACCOUNT, written, address, address, "fediverse"), host.end)


def _account(page: Page, match: re.Match[str]) -> Step:
    word = match[0][0] + match["more"]
    platform = platforms.called(word)
    part = "tight" if match["tight"] else "loose"
    if platform is None or (not platforms.is_clear(word) and match.start(part) != match.end("more") + 1):
        return Step(None, match.end("more"))
    # An invite may end in a dash, a name does not.
    name = match[part].rstrip("." if "/" in match[part] or match[part].startswith("+") else ".-")
    start, end = match.start(part), match.start(part) + len(name)
    # `Telegram: he wrote` names nobody; `kik: name1`, and `kik: name` at the end of a clause, do.
    if part == "loose" and name.isalpha() and not grammar.END_OF_CLAUSE.match(page.text, end):
        return Step(None, start)
    locator = accounts.locate(platform, name, page.written(match.start(), end))
    return Step(locator, end if locator else start)


def _deep_link(page: Page, match: re.Match[str]) -> Step:
    name = f"+{match['deep_name']}" if match["join"] else match["deep_name"]
    return Step(accounts.locate(platforms.PLATFORMS["telegram"], name, page.written(*match.span())), match.end())


def _handle(page: Page, match: re.Match[str]) -> Step:
    name = match["name"].rstrip(".")
    written = page.written(match.start(), match.start() + 1 + len(name))
    return Step(accounts.locate(platforms.PLATFORMS["unknown"], name, written), match.end())


def _content(page: Page, match: re.Match[str]) -> Step:
    space = "ipfs" if match["letter"] in "fF" else "ipns"
    name = match["content_name"].replace("[", "").replace("]", "")
    # Judged before its path is read: `ipfs://x/ipfs://x/…` would read the rest of the text at every place.
    if not ipfs.plain_name(space, name.rstrip(".")):
        return Step(None, match.start("content_name"))
    return _content_at(page, match, space, name, is_disguised="[" in match[0])


def _cid(page: Page, match: re.Match[str]) -> Step:
    return _content_at(page, match, "ipfs", match[0], is_disguised=False)


def _content_at(page: Page, match: re.Match[str], space: str, name: str, *, is_disguised: bool) -> Step:
    rest = grammar.CONTENT_TAIL.match(page.text, match.end())
    raw = rest[0] if rest else ""
    tail = web.without_punctuation(raw)
    written = page.written(match.start(), match.end() + len(tail))
    plain_tail = grammar.DOT_IN_TAIL.sub(".", tail) if is_disguised else tail
    return Step(ipfs.locate(space, name.rstrip("."), plain_tail, written), match.end() + len(raw))


def _magnet(page: Page, match: re.Match[str]) -> Step:
    parameters = web.without_punctuation(match["parameters"])
    written = page.written(match.start(), match.start("parameters") + len(parameters))
    return Step(magnets.locate(parameters, written), match.end())


def _phone(page: Page, match: re.Match[str]) -> Step:
    found = phones.read(match["number"])
    if found is None:
        return Step(None, match.end())
    number, length = found
    end = match.start("number") + length
    return Step(phones.locate(number, page.written(match.start(), end)), end)


def _address(page: Page, start: int, front: str, host: Host, *, is_disguised: bool, needs_more: bool) -> Step:
    rest = grammar.REST.match(page.text, host.end)
    if rest is None:
        raw = tail = port = ""
        go_on = host.end
    else:
        raw = rest["tail"] or ""
        tail = web.without_punctuation(raw)
        port = f":{rest['port']}" if rest["port"] else ""
        go_on = rest.end()
    if needs_more and not (port or tail):
        return Step(None, go_on)
    end = go_on - len(raw) + len(tail) if port or tail else host.end
    plain_tail = grammar.DOT_IN_TAIL.sub(".", tail) if is_disguised else tail
    address = f"{front}{host.name}{port}{plain_tail}"
    if address not in page.known:
        page.known[address] = _locate(address, page.written(start, end))
    locator = page.known[address]
    return Step(locator, go_on, too_long=not locator and len(tail) > web.LONGEST_ADDRESS)


def _locate(address: str, written: str) -> Locator | None:
    """What an address leads to: an account or content behind it, or the address itself."""
    locator = web.locate(address, written)
    return locator and (accounts.behind(locator) or ipfs.behind(locator) or locator)


READERS: dict[str, Callable[[Page, re.Match[str]], Step]] = {
    "url": _url,
    "deep": _deep_link,
    "content": _content,
    "cid": _cid,
    "magnet": _magnet,
    "phone": _phone,
    "fediverse": _fediverse,
    "account": _account,
    "mailbox": _mailbox,
    "handle": _handle,
    "bare": _bare,
}
