"""Practice mode: the settings that lead into the practice world, written down where everybody can see them.

`production` never reads this: what makes a practice hotline is `mode = "practice"` in LYKTA_HOME/lykta.toml.
"""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lykta.config.environment import Environment, environment, home
from lykta.config.keys import write_secret
from lykta.core.vocabulary import Role
from lykta.practice import atlas
from lykta.practice.settings import HOME, REGISTRY, PracticeSettings

DEMO_STAFF = (("anna", Role.ANALYST), ("lena", Role.LEAD), ("adam", Role.ADMINISTRATOR), ("kim", Role.COMMUNICATOR))

_SETTINGS = """\
# Written once by `lykta init --practice`; change it as you like. Every setting: docs/operations/settings.md.
# A hotline that works for real starts in a fresh LYKTA_HOME: see docs/operations/install.md.
mode = "practice"

# The way into the practice world: its name server, registry, hosts and mail server, all on this machine.
resolvers = "{host}:{dns}"
rdap_bootstrap = "practice/rdap-bootstrap.json"
registry_at_once = 8
registry_pause = 0.0
whois = ""
geography = "practice/places"
guard_only = "{networks}"
guard_ports = "*"
mail_host = "{host}"
mail_port = {smtp}
mail_returns = "practice/returned"

# Short waits, so that a visitor sees the whole river in minutes.
hold_seconds = 60
look_again_seconds = 5

# To try it; a hotline that works for real has to agree it with its police: the country file says.
decide_known = "in practice"
# Practice at any hour; a real hotline keeps to the mornings and the day.
viewing_hours = "00:00-24:00"
"""


def write_settings() -> bool:
    """Write LYKTA_HOME/lykta.toml for practice unless it is there, and read the settings again. True if it was written.

    Raises RuntimeError where LYKTA_HOME belongs to a hotline that works for real.
    """
    path = home() / "lykta.toml"
    new = not path.exists()
    if new:
        if (home() / "keys").exists():
            raise RuntimeError(f"{home()} holds a hotline that is not for practice: set LYKTA_HOME to another folder.")
        given = environment()
        write_secret(
            path,
            _SETTINGS.format(
                host=HOME,
                dns=given.practice_dns_port,
                smtp=given.practice_smtp_port,
                networks=",".join(atlas.public_ranges()),
            ).encode(),
        )
        environment.cache_clear()
    if environment().mode != "practice":
        raise RuntimeError(f"{path} or LYKTA_MODE says production: set LYKTA_HOME to another folder to practise in.")
    return new


def practice_settings(given: Environment) -> PracticeSettings:
    """Where the practice world listens and keeps its state."""
    return PracticeSettings(
        folder=home() / "practice",
        dns_port=given.practice_dns_port,
        web_port=given.practice_web_port,
        rdap_port=given.practice_rdap_port,
        smtp_port=given.practice_smtp_port,
        page_port=given.practice_port,
        latency_seconds=given.practice_latency,
        partners_url=given.url("partners"),
        report_url=given.url("report"),
    )


def practice_ports(given: Environment) -> Iterator[tuple[str, str, int]]:
    """(setting, address, port) of everything that the practice world listens on."""
    yield "practice_port", HOME, given.practice_port
    yield "practice_dns_port", HOME, given.practice_dns_port
    yield "practice_web_port", HOME, given.practice_web_port
    yield "practice_rdap_port", REGISTRY, given.practice_rdap_port
    yield "practice_smtp_port", HOME, given.practice_smtp_port


def accounts_file() -> Path:
    """Where the demo accounts lie: passwords and authenticators, readable by their owner only."""
    return home() / "practice" / "accounts.json"


def demo_accounts() -> list[dict[str, Any]]:
    """The demo accounts (username, password, role, totp_secret), drawn at the first call and kept from then on."""
    path = accounts_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn = [
            {"username": name, "password": passphrase(), "role": str(role), "totp_secret": totp_secret()}
            for name, role in DEMO_STAFF
        ]
        write_secret(path, json.dumps(drawn, indent=1).encode())
    kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def totp_secret() -> str:
    """A fresh secret for an authenticator: 160 bits in base 32 (RFC 4226 4)."""
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(32))


def passphrase() -> str:
    """Five pronounceable words of two syllables: 62 bits, and somebody can read it out over a telephone."""
    syllables = [consonant + vowel for consonant in "bdfghjklmnprstv" for vowel in "aeiou"]
    return "-".join("".join(secrets.choice(syllables) for _ in range(2)) for _ in range(5))
