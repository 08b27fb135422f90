"""User names, invites, games and apps on platforms: from links, and from `kik: name` in a text."""

from lykta.core.locators import platforms
from lykta.core.locators.model import Locator
from lykta.core.locators.platforms import Platform
from lykta.core.vocabulary import ItemKind

_IN_ANY_CASE = frozenset({"name", "group"})
_APPS = frozenset({"app", "game"})


def locate(platform: Platform, name: str, written: str) -> Locator | None:
    """The account, app or game of that name, or None where the platform has no such names.

    A plain name is a user's; `part/value` is anything else that has a name, such as `invite/AbC` or `app/123`. Names of
    users and groups are the same in any case, the others are not. Telegram writes an invite as `+AbC`, and so do we.
    """
    part, slash, value = name.rpartition("/")
    if not slash:
        part = "invite" if platform.name == "telegram" and name.startswith("+") else "name"
    pattern = platform.parts.get(part)
    value = value.lower() if part in _IN_ANY_CASE else value.removeprefix("+")
    if pattern is None or not pattern.fullmatch(value) or (part == "name" and slash):
        return None
    kind = ItemKind.APP if part in _APPS else ItemKind.ACCOUNT
    address = f"{platform.name}:{_written_out(platform, part, value)}"
    return Locator(kind, written, address, address, platform.name)


def invite(platform: Platform, code: str, written: str) -> Locator | None:
    """What an invite's code leads to."""
    return locate(platform, f"invite/{code}", written)


def behind(page: Locator) -> Locator | None:
    """The account, app or game that a web address shows, or None for any other page."""
    site = platforms.site_of(page.host)
    if site is None:
        return None
    rest = page.key.removeprefix(page.host).partition("#")[0]
    fragment = page.address.partition("#")[2]
    for link in site.links:
        match = link.fullmatch(f"{rest}#{fragment}" if fragment else rest)
        if match:
            part = str(match.lastgroup)
            return _named(site.platform, part, match[part], page.written)
    return None


def _named(platform: Platform, part: str, value: str, written: str) -> Locator | None:
    if part == "name":
        return None if value.lower() in platforms.OWN_PAGES else locate(platform, value, written)
    if part == "number":
        return locate(platform, f"+{value.removeprefix('+')}", written)
    return locate(platform, f"{part}/{value}", written)


def _written_out(platform: Platform, part: str, value: str) -> str:
    if part == "name":
        return value
    if part == "invite" and platform.name == "telegram":
        return f"+{value}"
    return f"{part}/{value}"
