"""The files that Lykta needs to find its way in the practice world, in the formats that it reads in production."""

import json
from pathlib import Path

from lykta.practice import atlas
from lykta.practice.contents import examples
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
    """Write `geography.csv`, `rdap-bootstrap.json`, `recipients.toml` with its keys, and `paste-me.txt`."""
    folder = settings.folder
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    for *_, key in _RECIPIENTS:
        _write(folder / _key_file(key), public_key(key))
    _write(folder / "recipients.toml", _recipients())
    _write(folder / "geography.csv", _geography())
    _write(folder / "rdap-bootstrap.json", json.dumps(bootstrap(settings), indent=1))
    _write(folder / "paste-me.txt", "\n\n".join(texts_to_paste(settings)) + "\n")


def texts_to_paste(settings: PracticeSettings) -> list[str]:
    """What a reporter might write: addresses in the disguises that people use."""
    swedish, behind_cdn, missing = examples(settings)
    return [
        f"Hello, I came across this page and I think that you should look at it: {_disguise(swedish)}",
        f"A friend was sent a link in a chat.\nIt was {_disguise(behind_cdn)} . I do not want to open it again.",
        f"I wrote this down last week, perhaps it is gone by now: {missing.removeprefix('http://')}",
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


def _geography() -> str:
    lines = [
        "# source: the practice world",
        "# dated: 2026-11-01",
        "# licence: AGPL-3.0-or-later",
        "first,last,country,asn,holder,cdn",
    ]
    for network in atlas.NETWORKS:
        cdn = int(network.cdn)
        lines.append(f"{network.first},{network.last},{network.country},{network.asn},{network.name},{cdn}")
    return "\n".join(lines) + "\n"
