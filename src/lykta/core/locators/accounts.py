"""User names and invites on platforms: from links, from links for an app, and from `kik: name` in a sentence."""

import re

from lykta.core.locators.model import Locator
from lykta.core.vocabulary import ItemKind

_SHORT_NAMES = {"tg": "telegram", "snap": "snapchat", "insta": "instagram", "ig": "instagram"}
_NAME = r"[a-z0-9_](?:[a-z0-9_.\-]{0,62}[a-z0-9_])"
_NAMES = {
    "telegram": re.compile(r"[a-z]\w{2,31}|\+[\w\-]{8,64}", re.ASCII | re.IGNORECASE),
    "whatsapp": re.compile(r"\+\d{7,15}|invite/\w{20,24}", re.ASCII),
    "unknown": re.compile(r"(?=[0-9_.]*[a-z])[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]"),
    "discord": re.compile(rf"{_NAME}(?:#\d{{4}})?|invite/[a-z0-9][a-z0-9\-]{{1,31}}", re.IGNORECASE),
}
_OTHER_NAMES = re.compile(_NAME, re.IGNORECASE)

_OWN_PAGES = frozenset({
    "about", "accounts", "addlist", "addstickers", "developer", "direct", "explore", "hashtag", "home", "i", "intent",
    "joinchat", "login", "p", "proxy", "reel", "reels", "s", "search", "settings", "setlanguage", "share", "socks",
    "stories", "tos", "tv",
})  # fmt: skip
"""First parts of paths that are pages of the platform, not names of its users."""

_TELEGRAM = re.compile(r"/(?:s/)?(?P<name>\w+)/?|/(?:\+|joinchat/)(?P<invite>[\w\-]+)", re.ASCII)
_PROFILE = re.compile(r"/@?(?P<name>[\w.]+)/?", re.ASCII)
_SNAPCHAT = re.compile(r"/(?:add/|@)(?P<name>[\w.\-]+)/?", re.ASCII)
_TIKTOK = re.compile(r"/@(?P<name>[\w.]+)/?", re.ASCII)
_INVITE = re.compile(r"/(?:invite/)?(?P<invite>[\w\-]+)/?", re.ASCII)
_INVITE_PAGE = re.compile(r"/invite/(?P<invite>[\w\-]+)/?", re.ASCII)
_NUMBER = re.compile(r"/(?P<number>\d+)/?", re.ASCII)
_PATHS = {
    "t.me": ("telegram", _TELEGRAM),
    "telegram.me": ("telegram", _TELEGRAM),
    "telegram.dog": ("telegram", _TELEGRAM),
    "instagram.com": ("instagram", _PROFILE),
    "snapchat.com": ("snapchat", _SNAPCHAT),
    "tiktok.com": ("tiktok", _TIKTOK),
    "twitter.com": ("twitter", _PROFILE),
    "x.com": ("twitter", _PROFILE),
    "kik.me": ("kik", _PROFILE),
    "discord.gg": ("discord", _INVITE),
    "discord.com": ("discord", _INVITE_PAGE),
    "discordapp.com": ("discord", _INVITE_PAGE),
    "chat.whatsapp.com": ("whatsapp", _INVITE),
    "wa.me": ("whatsapp", _NUMBER),
}


def locate(platform: str, name: str, written: str) -> Locator | None:
    """The account of that name, or None where the platform has no such names.

    Names are the same in any case; invites (`+...` on Telegram, `invite/...` elsewhere) are not.
    """
    platform = _SHORT_NAMES.get(platform.lower(), platform.lower())
    if not name.startswith(("+", "invite/")):
        name = name.lower()
    if not _NAMES.get(platform, _OTHER_NAMES).fullmatch(name):
        return None
    address = f"{platform}:{name}"
    return Locator(ItemKind.ACCOUNT, written, address, address, platform)


def invite(platform: str, code: str) -> str:
    """The name under which an invite is kept, apart from users of the same name."""
    return f"+{code}" if platform == "telegram" else f"invite/{code}"


def behind(page: Locator) -> Locator | None:
    """The account that a web address shows, or None for any other page."""
    host = page.host.removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    if host not in _PATHS:
        return None
    platform, pattern = _PATHS[host]
    match = pattern.fullmatch(page.key.removeprefix(page.host).partition("?")[0])
    if match is None:
        return None
    [(part, value)] = [(part, value) for part, value in match.groupdict().items() if value]
    if part == "invite":
        return locate(platform, invite(platform, value), page.written)
    if part == "number":
        return locate(platform, f"+{value}", page.written)
    return None if value.lower() in _OWN_PAGES else locate(platform, value, page.written)
