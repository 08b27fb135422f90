"""What has to be true before Lykta may work: each finding has an id and says what to do.

`LYKTA-E…` are errors: `up`, `serve` and `work` refuse to start. `LYKTA-W…` are warnings. An id is never reused.
The checks of this module need no database; those that do are in `lykta.config.checks_of_records`.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from stat import S_IROTH, S_IRWXO
from urllib.parse import urlsplit

from lykta.config.environment import FACES, SETTINGS_FILE, Environment, home, key_file, unknown_settings
from lykta.config.keys import PUBLIC, SECRETS, fault
from lykta.config.practising import accounts_file
from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.connector import Places
from lykta.connectors.rdap.bootstrap import Bootstrap, dated, load
from lykta.connectors.web import browser, films
from lykta.lib import sandbox
from lykta.lib.clock import now
from lykta.lib.exits import read_exits

LEAST_FREE_BYTES = 1_000_000_000
GEOGRAPHY_DAYS = 60
"""Most providers publish address ranges monthly; files of different months disagree more."""
BOOTSTRAP_DAYS = 90
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier moment."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what to do about it. `number` is `E` or `W` and three digits."""

    number: str
    wrong: str
    advice: str

    @property
    def is_error(self) -> bool:
        return self.number.startswith("E")

    def __str__(self) -> str:
        return f"LYKTA-{self.number}  {self.wrong}\n             {self.advice}"


def common_findings(given: Environment) -> Iterator[Finding]:
    """What every process needs: a safe home, a right clock, and no practice in production."""
    yield from home_findings()
    yield from clock_findings(now())
    yield from face_findings(given)
    yield from unknown_findings()
    if given.mode == "production":
        yield from production_findings(given)
        yield from passkey_findings(given)
    else:
        yield from practice_findings(given)


def home_findings() -> Iterator[Finding]:
    """LYKTA_HOME: there, writable, closed to others, with room."""
    folder = home()
    try:
        # More than a look at the mode bits: a full or read-only disk answers only to a write.
        probe = folder / ".check"
        probe.write_bytes(b"lykta")
        probe.unlink()
    except OSError as error:
        yield Finding("E001", f"{folder} cannot be written: {error.strerror}.", "Run `lykta init`, or free the disk.")
        return
    if folder.stat().st_mode & S_IRWXO:
        yield Finding("E002", f"{folder} is open to every user of this machine.", f"Run: chmod o= {folder}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            "W003", f"Only {free // 1_000_000} MB are free at {folder}.", "See docs/operations/monitoring.md."
        )


def key_findings(names: tuple[str, ...] = (*SECRETS, *PUBLIC), *, wrapped: bool = False) -> Iterator[Finding]:
    """The named keys: there, and secret ones readable by their owners only. `wrapped`: `hotline.key` has no file."""
    for name in names:
        if wrapped and name == "hotline.key":
            continue
        path = key_file(name)
        meaning = SECRETS.get(name) or PUBLIC[name]
        if not path.exists():
            yield Finding("E010", f"{path} is missing: it {meaning}.", "Run `lykta init`; see docs/operations/keys.md.")
        elif name in SECRETS and path.stat().st_mode & S_IROTH:
            yield Finding("E011", f"{path} can be read by every user of this machine.", f"Run: chmod 600 {path}")
        elif wrong := fault(name, path.parent):
            advice = "Bring it back from its safe copy: docs/operations/keys.md. A new one opens nothing from before."
            yield Finding("E015", f"{path} cannot be used: {wrong}.", advice)


def letter_key_findings(given: Environment) -> Iterator[Finding]:
    """What the place of the key that opens letters means."""
    there = key_file("hotline.key").exists()
    if given.letter_key == "file" and given.mode == "production":
        wrong = "The key that opens letters lies in a file: who has this disk or a copy of it reads letters that wait."
        yield Finding("W012", wrong, "Fine for a small hotline with encrypted disks; else see docs/operations/keys.md.")
    if given.letter_key == "wrapped" and there:
        wrong = f"{key_file('hotline.key')} is still there, although the key is wrapped."
        yield Finding("W013", wrong, "Try `lykta unlock` and the recovery sheets, then delete the file and its copies.")


def production_findings(given: Environment) -> Iterator[Finding]:
    """Settings of the practice world in a hotline that works for real, one finding each."""
    advice = "Remove it from lykta.toml or the environment; practice has a LYKTA_HOME of its own."
    wrong = {
        "E030": (
            "guard_only keeps Lykta from the public internet, and lets it connect to networks that are not public.",
            bool(given.guard_only),
        ),
        "E031": ("guard_ports is *: Lykta would connect to any port.", given.guard_ports.strip() == "*"),
        "E032": (
            "resolvers names the practice world's name server.",
            _practice_resolver(given),
        ),
        "E033": (
            "rdap_bootstrap, geography or mail_returns lies in the practice world's folder.",
            any(_in_practice(path) for path in (given.rdap_bootstrap, given.geography, given.mail_returns)),
        ),
        "E034": (
            "mail_host and mail_port lead to the practice world's mail server.",
            _is_loopback(given.mail_host) and given.mail_port == given.practice_smtp_port,
        ),
        "E036": ("hold_seconds is set: the country file says how long a host waits.", given.hold_seconds > 0),
        "E037": ("look_again_seconds is set: hosts would be asked far too often.", given.look_again_seconds > 0),
    }
    for number, (text, found) in wrong.items():
        if found:
            yield Finding(number, text, advice)
    if accounts_file().exists():
        yield Finding(
            "E035",
            f"{accounts_file()} holds practice accounts.",
            "Start in a fresh LYKTA_HOME.",
        )


def practice_findings(given: Environment) -> Iterator[Finding]:
    """A practice hotline whose settings do not lead into its practice world would wait for answers in vain."""
    if not _practice_resolver(given):
        wrong = f"resolvers is {given.resolvers}, but the practice name server has port {given.practice_dns_port}."
        yield Finding("E090", wrong, "Set resolvers in lykta.toml to 127.0.0.1 and that port.")
    if given.mail_port != given.practice_smtp_port:
        wrong = f"mail_port is {given.mail_port}, but the practice mail server has port {given.practice_smtp_port}."
        yield Finding("E091", wrong, "Set mail_port in lykta.toml to that port.")


def face_findings(given: Environment) -> Iterator[Finding]:
    """How the faces can be reached."""
    if given.mode == "practice":
        if not _is_loopback(given.bind):
            yield Finding("W042", f"A practice hotline answers at {given.bind}.", "Set bind to 127.0.0.1.")
        return
    if not given.trusted_proxy:
        wrong = "trusted_proxy is empty: all who come through the proxy share one limit against floods."
        yield Finding("W044", wrong, "Set it to the address that the proxy comes from: docs/operations/floods.md.")
    if given.name == Environment.model_fields["name"].default:
        yield Finding("W043", f"The hotline is still called “{given.name}”.", "Set name: it stands on every page.")
    for face in FACES:
        if not _is_loopback(given.bind) and not given.url(face).startswith("https://"):
            wrong = f"The {face} face answers at {given.bind} without TLS."
            yield Finding("E040", wrong, f"Put a TLS proxy in front and set {face}_url to its https address.")
    for face in ("report", "partners"):
        if not getattr(given, f"{face}_url"):
            wrong = f"{face}_url is empty: mails would link to {given.url(face)}."
            yield Finding("W041", wrong, f"Set {face}_url to the public address.")
    yield from clear_findings(given)


def clear_findings(given: Environment) -> Iterator[Finding]:
    """Public addresses without TLS; where a face itself listens in public, that is an error of its own."""
    for face in FACES:
        address = urlsplit(getattr(given, f"{face}_url"))
        if _is_loopback(given.bind) and address.scheme == "http" and not _is_loopback(address.hostname or ""):
            wrong = f"{face}_url is {given.url(face)}: what is typed there can be read on the way."
            yield Finding("W045", wrong, f"Put a TLS proxy in front and set {face}_url to its https address.")


def unknown_findings() -> Iterator[Finding]:
    """What lykta.toml names that is no setting."""
    for name in unknown_settings():
        nearest = get_close_matches(name, Environment.model_fields, n=1)
        advice = f"Did you mean {nearest[0]}? " if nearest else ""
        wrong = f"{home() / SETTINGS_FILE} names {name}, which is no setting."
        yield Finding("W046", wrong, f"{advice}All settings are in docs/operations/settings.md.")


def passkey_findings(given: Environment) -> Iterator[Finding]:
    """Passkeys, which staff need, are bound to a name, and browsers have them over https only (WebAuthn 3, 5.1.2)."""
    address = urlsplit(given.url("desk"))
    host = address.hostname or ""
    if not _is_loopback(host) and (address.scheme != "https" or _is_address(host)):
        wrong = f"Passkeys cannot work at {given.url('desk')}, and nobody gets into the desk without one."
        yield Finding("E056", wrong, "Put a TLS proxy in front and set desk_url to its https address, with a name.")


def clock_findings(moment: datetime) -> Iterator[Finding]:
    """A clock that is wrong makes deadlines, certificates and codes wrong."""
    if moment < RELEASED:
        yield Finding("E080", f"The clock shows {moment:%Y-%m-%d}.", "Set the clock, and keep it right with NTP.")
        return
    newest = max((file.stat().st_mtime for file in home().glob("*") if file.is_file()), default=0.0)
    if newest > moment.timestamp() + 300:
        shown = time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest))
        yield Finding("W081", f"Files in {home()} are from the future ({shown}).", "Set the clock right with NTP.")


def data_findings(given: Environment, today: date) -> Iterator[Finding]:
    """The files that say where an address is and whom to ask."""
    advice = "See “Data files” in docs/operations/install.md."
    bootstrap = home() / given.rdap_bootstrap
    old_enough = given.mode == "production"
    yield from _place_findings(home() / given.geography, today, aging=old_enough)
    try:
        published = _published(bootstrap)
    except (OSError, ValueError, AttributeError) as error:
        yield Finding("E072", f"{bootstrap} cannot be used: {_plain(error)}.", advice)
    else:
        if old_enough and (today - published).days > BOOTSTRAP_DAYS:
            whose = bootstrap if bootstrap.exists() else "The list of registries that comes with Lykta"
            yield Finding("W073", f"{whose} is from {published}.", "Run `lykta data refresh`, and weekly from now on.")


def _place_findings(folder: Path, today: date, *, aging: bool) -> Iterator[Finding]:
    """The files that say where an address is; files disagree, so that one alone is not enough."""
    advice = "Run `lykta data import`: see docs/operations/places.md."
    try:
        sources = Places(folder).sources
    except (OSError, ValueError) as error:
        wrong = _plain(error) if isinstance(error, OSError) else str(error)
        yield Finding("E070", f"The address ranges in {folder} cannot be used: {wrong}.", advice)
        return
    about = [source.about for source in sources]
    for one in about:
        if aging and (today - one.dated).days > GEOGRAPHY_DAYS:
            yield Finding("W071", f"What {one.source} says of addresses is from {one.dated}.", advice)
    placing = {one.source for one in about if one.kind in {PlaceKind.RANGES, PlaceKind.COUNTRY}}
    if aging and len(placing) < 2:
        wrong = "Fewer than two sources say in which country an address is: nothing can be certain."
        yield Finding("W074", wrong, advice)


def sandbox_findings() -> Iterator[Finding]:
    """How well foreign bytes are held."""
    if sandbox.strength() != "bubblewrap and limits":
        wrong = "Pictures are decoded within limits, but not in namespaces of their own."
        yield Finding("W060", wrong, "Install bubblewrap and allow unprivileged user namespaces.")


def film_findings() -> Iterator[Finding]:
    """Whether films can be looked at without a person."""
    if what := films.missing():
        yield Finding("W063", f"Of films only the digests are known: {what}.", "Install ffmpeg and bubblewrap.")


def way_out_findings(given: Environment) -> Iterator[Finding]:
    """By which doors questions leave, and whether a page that needs a browser gets one."""
    try:
        read_exits(given.exits)
    except ValueError as error:
        yield Finding("E062", f"exits cannot be used: {error}", "See “The way out” in docs/operations/way-out.md.")
    if given.render == "when needed" and not browser.works():
        wrong = (
            "Pages that are empty without their scripts are looked at as they come: no Chromium in bubblewrap works."
        )
        yield Finding("W061", wrong, "Install chromium and bubblewrap, or set render to never.")


def _published(path: Path) -> date:
    """The day of the hotline's own copy of IANA's files, else of the one that comes with Lykta."""
    files = load(path)
    Bootstrap.read(files)
    return dated(files)


def _practice_resolver(given: Environment) -> bool:
    try:
        found = given.name_servers()
    except ValueError:
        return False
    return any(_is_loopback(server.host) and server.port == given.practice_dns_port for server in found)


def _in_practice(path: str) -> bool:
    return (home() / path).is_relative_to(home() / "practice")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"{type(error).__name__} {error}".strip().rstrip(".")
