"""The files that Lykta needs to find its way in the practice world, in the formats that it reads in production."""

import json
from collections.abc import Iterable
from ipaddress import IPv4Address
from pathlib import Path

from lykta.practice import atlas
from lykta.practice.contents import examples
from lykta.practice.known import known_list
from lykta.practice.mail import LOTUS_HOTLINE, POLDER_HOTLINE, POLICE
from lykta.practice.mailboxes import public_key
from lykta.practice.rdap import bootstrap
from lykta.practice.settings import PracticeSettings

_RECIPIENTS = (
    ("police", "SE", "Practice police", POLICE, "police"),
    ("hotline", "NL", "Practice hotline Polder", POLDER_HOTLINE, "polder"),
    ("hotline", "TH", "Practice hotline Lotus", LOTUS_HOTLINE, "lotus"),
)


def write_files(settings: PracticeSettings) -> None:
    """Write `places`, `rdap-bootstrap.json`, `recipients.toml` with its keys, `known.csv` and `paste-me.txt`."""
    folder = settings.folder
    for inside in ("keys", "places"):
        (folder / inside).mkdir(parents=True, exist_ok=True)
    for *_, key in _RECIPIENTS:
        _write(folder / _key_file(key), public_key(key))
    _write(folder / "recipients.toml", _recipients())
    _write(folder / "places" / "providers.csv", _providers())
    _write(folder / "places" / "second-opinion.csv", _second_opinion())
    _write(folder / "rdap-bootstrap.json", json.dumps(bootstrap(settings), indent=1))
    _write(folder / "known.csv", known_list(settings))
    _write(folder / "paste-me.txt", "\n\n".join(texts_to_paste(settings)) + "\n")


def texts_to_paste(settings: PracticeSettings) -> list[str]:
    """What a reporter might write: addresses in the disguises that people use."""
    swedish, behind_cdn, missing, known = examples(settings)
    return [
        f"Hello, I came across this page and I think that you should look at it: {_disguise(swedish)}",
        f"A friend was sent a link in a chat.\nIt was {_disguise(behind_cdn)} . I do not want to open it again.",
        f"I wrote this down last week, perhaps it is gone by now: {missing.removeprefix('http://')}",
        f"Somebody says that the police have seen this one before: {_disguise(known)}",
    ]


def _disguise(address: str) -> str:
    return address.replace("http://", "hxxp://").replace(".", "[.]")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _key_file(key: str) -> str:
    return f"keys/{key}.public.asc"


def _recipients() -> str:
    """TOML; the values are ours and hold nothing that would need escaping."""
    return "\n".join(
        f'[[recipient]]\nkind = "{kind}"\ncountry = "{country}"\nname = "{name}"\n'
        f'email = "{email}"\nkey = "{_key_file(key)}"\n'
        for kind, country, name, email, key in _RECIPIENTS
    )


def _providers() -> str:
    rows = (
        f"{network.first},{network.last},{network.country},{network.asn},{network.name},{int(network.cdn)}"
        for network in atlas.NETWORKS
    )
    return _table("the practice world's providers", "first,last,country,asn,holder,cdn", rows)


def _second_opinion() -> str:
    """Agrees with the first table nearly everywhere, as real ones do."""
    rows = []
    for network in atlas.NETWORKS:
        free = IPv4Address(network.first)
        for other in (one for one in atlas.SECOND_OPINION if network.holds(one.first)):
            if free < IPv4Address(other.first):
                rows.append(f"{free},{IPv4Address(other.first) - 1},{network.country},,,0,0")
            rows.append(f"{other.first},{other.last},{other.country},,,0,{int(other.anycast)}")
            free = IPv4Address(other.last) + 1
        rows.append(f"{free},{network.last},{network.country},,,0,0")
    return _table("a second opinion on the practice world", "first,last,country,asn,holder,cdn,anycast", rows)


def _table(source: str, header: str, rows: Iterable[str]) -> str:
    top = (f"# source: {source}", "# dated: 2026-11-01", "# licence: AGPL-3.0-or-later", header)
    return "\n".join([*top, *rows]) + "\n"
