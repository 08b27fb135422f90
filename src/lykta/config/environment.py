"""Every setting: name, type, default and one sentence. The one module that reads the environment.

A setting comes from the environment (`LYKTA_REPORT_PORT=8001`), else from `lykta.toml` in LYKTA_HOME, else from its
default. Secrets are files under LYKTA_HOME/keys, never settings. The object is frozen: what was read stays.
`docs/operations/settings.md` is generated from here (`lykta words --settings`) and checked by a test.
"""

import os
import tomllib
from functools import cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lykta.core.exposure import read_hours
from lykta.core.refusals import NotUnderstood
from lykta.core.second_opinion import RULES
from lykta.core.vocabulary import OpinionReason, Topic
from lykta.lib.resolvers import NameServer, read_resolvers

FACES = ("pages", "report", "desk", "partners")
"""What Lykta shows to the outside; each is a process with a port and an address of its own."""

SETTINGS_FILE = "lykta.toml"
LOOKING = "looking/socket"
"""Where the worker listens for the desk, relative to LYKTA_HOME; whoever may enter the folder may ask."""


def home() -> Path:
    """The folder that holds all state: LYKTA_HOME, by default `var` in the current folder."""
    return Path(os.environ.get("LYKTA_HOME", "var")).resolve()


@cache
def _topics(named: str) -> frozenset[Topic]:
    """Kept, since every page of the form asks."""
    return frozenset(Topic(word.strip()) for word in named.split(",") if word.strip())


class Environment(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="LYKTA_", frozen=True, extra="ignore")
    _mask_wrapped: ClassVar[bool] = True
    """Django's settings ask each of their values for it, and a model looks long for what it has not."""

    name: str = Field(default="Practice hotline", description="The hotline's name, shown on every page and in mails.")
    country: str = Field(default="se", description="The country file that the hotline works under.")
    labels: str = Field(
        default="lykta-2",
        description="The label set that analysts work with: one of Lykta's, or a file in LYKTA_HOME/labels.",
    )
    second_opinions: str = Field(
        default="named_person,not_illegal_child,abroad,hash_list",
        description="When a colleague has to judge an item too, comma-separated; empty for a hotline of one person.",
    )
    second_opinion_sample: float = Field(
        default=5.0, ge=0, le=100, description="Per cent of all items that a colleague judges too, drawn by their key."
    )
    languages: str = Field(
        default="sv,en,da,de,es,fil,fr,nb,pl,pt,ro,so,fi,vi,ru,uk,ar,fa,fa-af,ti,th,km,my,zh-hans",
        description="Languages of the public pages, in the order in which they are offered; the first is the default.",
    )
    mode: Literal["practice", "production"] = Field(
        default="production", description="`practice` allows the practice world; `production` forbids all of it."
    )

    bind: str = Field(default="127.0.0.1", description="Address that the faces listen on; put a TLS proxy in front.")
    trusted_proxy: str = Field(
        default="", description="Address that the proxy connects from; its X-Forwarded-For is believed, nobody else's."
    )
    pages_port: int = Field(default=8000, description="Port of the public website.")
    report_port: int = Field(default=8001, description="Port of the report face.")
    desk_port: int = Field(default=8002, description="Port of the desk.")
    partners_port: int = Field(default=8003, description="Port of the partners' face.")
    practice_port: int = Field(default=8010, description="Port of the practice world's own page.")
    practice_dns_port: int = Field(default=8053, description="Port of the practice world's name server.")
    practice_web_port: int = Field(default=8079, description="Port of the practice world's hosts.")
    practice_rdap_port: int = Field(default=8043, description="Port of the practice world's registry.")
    practice_smtp_port: int = Field(default=8025, description="Port of the practice world's mail server.")
    practice_latency: float = Field(
        default=0.0, ge=0, description="Seconds that each server of the practice world waits before it answers."
    )

    pages_url: str = Field(default="", description="Public address of the website; by default bind and port.")
    report_url: str = Field(default="", description="Public address of the report face; by default bind and port.")
    desk_url: str = Field(default="", description="Address of the desk; by default bind and port.")
    partners_url: str = Field(default="", description="Public address of the partners' face; by default bind and port.")

    exit_url: str = Field(
        default="about:blank",
        pattern=r"^(about:blank|https?://[!-~]+)$",
        description="Where “Leave this page” leads: some everyday site, or `about:blank` for an empty page.",
    )

    embed_origins: str = Field(
        default="",
        pattern=r"^(https://[a-z0-9.-]+(:[0-9]+)?(, *|$))*$",
        description="Sites that may show the report face in a frame, as https://school.example, comma-separated.",
    )
    onion_location: str = Field(
        default="",
        pattern=r"^(http://[a-z2-7]{56}\.onion)?$",
        description="Address of the report face's onion service, which its pages then name to Tor Browser.",
    )

    letter_key: Literal["file", "wrapped"] = Field(
        default="file",
        description=(
            "Where the key that opens letters lies: in a `file`, or only `wrapped` for its holders, one of whom runs "
            "`lykta unlock` after each start of the worker."
        ),
    )

    casebook_url: str = Field(default="", description="PostgreSQL address of the casebook; empty for SQLite.")
    letterbox_url: str = Field(default="", description="PostgreSQL address of the letterbox; empty for SQLite.")

    report_threads: int = Field(default=4, ge=1, le=64, description="Threads in each process of a public face.")
    report_processes: int = Field(default=2, ge=1, le=32, description="Processes of the report face.")
    worker_threads: int = Field(default=8, ge=1, le=64, description="Steps that the worker does at the same time.")
    asking_threads: int = Field(
        default=24, ge=1, le=128, description="Traces and looks at the same time; they wait for far servers."
    )

    resolvers: str = Field(
        default="127.0.0.1:53",
        description=(
            "Name servers in the order in which they are asked, comma-separated: address:port, or "
            "tls://address:853#name over TLS."
        ),
    )
    rdap_bootstrap: str = Field(
        default="data/rdap-bootstrap.json",
        description=(
            "File that says which registry answers for what, relative to LYKTA_HOME; `lykta data refresh` writes it."
        ),
    )
    registry_at_once: int = Field(default=2, ge=1, description="Questions that one registry is asked at a time.")
    registry_pause: float = Field(default=0.2, ge=0, description="Least seconds between two questions to one registry.")
    whois: str = Field(
        default="whois.iana.org:43",
        pattern=r"^([A-Za-z0-9.-]+:[0-9]{1,5})?$",
        description="Server that knows who answers by WHOIS for domains without RDAP, as name:port; empty to ask none.",
    )
    geography: str = Field(
        default="data/places",
        description="Folder of address ranges, relative to LYKTA_HOME; `lykta data import` writes into it.",
    )
    guard_only: str = Field(
        default="", description="The only networks that may be asked, for practice; empty for all that are public."
    )
    guard_ports: str = Field(default="80,443,8080,8443", description="Ports that the guard lets pass; * for all.")
    exits: str = Field(
        default="",
        description=(
            "By which door each kind of question leaves, comma-separated: `look`, `registry`, `webhooks`, `timestamps` "
            "or `onion`, `=`, then `direct`, `socks5://address:port` or `http://address:port`. What is not named "
            "leaves directly; onion addresses are refused without a SOCKS proxy of their own."
        ),
    )
    look_agent: str = Field(
        default="",
        pattern=r"^[ -~]*$",
        description="What a look calls itself (User-Agent); empty for a common browser, which does not say who asks.",
    )
    registry_agent: str = Field(
        default="Lykta", pattern=r"^[ -~]+$", description="What registries and partners' systems are told who asks."
    )
    render: Literal["when needed", "never"] = Field(
        default="when needed", description="Whether pages that are empty without their scripts are opened in Chromium."
    )
    time_zone: str = Field(
        default="Europe/Stockholm", description="Time zone of the people who work here; pages show UTC all the same."
    )
    viewing_hours: str = Field(
        default="08:00-17:00", description="Hours at which pictures and films are shown to analysts, in that time zone."
    )
    viewing_soft_minutes: int = Field(
        default=90, ge=1, description="Minutes of looking in a day from which an analyst is asked to stop."
    )
    viewing_hard_minutes: int = Field(
        default=180, ge=1, le=240, description="Minutes of looking in a day after which nothing more is shown."
    )
    look_timeout: float = Field(default=20.0, gt=0, description="Seconds that one look at an address may take.")
    look_bytes: int = Field(default=8_000_000, gt=0, description="Bytes that one look at an address may read.")

    mail_host: str = Field(default="127.0.0.1", description="Mail server that takes outgoing mail.")
    mail_port: int = Field(default=25, description="Port of that mail server.")
    mail_security: Literal["none", "starttls", "tls"] = Field(
        default="none", description="How the connection to it is secured."
    )
    mail_user: str = Field(default="", description="User name at the mail server; its password is keys/mail-password.")
    mail_returns: str = Field(
        default="returned", description="Maildir in which mail that came back is delivered; it need not exist."
    )
    mail_intake_host: str = Field(
        default="", description="IMAP server with the mailbox that is taken in; empty: no mail is taken in."
    )
    mail_intake_port: int = Field(default=993, description="Port of that IMAP server.")
    mail_intake_security: Literal["starttls", "tls"] = Field(
        default="tls", description="How the connection to it is secured."
    )
    mail_intake_user: str = Field(
        default="", description="User name of that mailbox; its password is keys/mail-intake-password."
    )
    mail_intake_senders: str = Field(
        default="data/senders", description="Folder that says whose mail is taken in, and by what signature."
    )
    timestamp_url: str = Field(
        default="",
        pattern=r"^(https?://[!-~]+)?$",
        description="Address of a time-stamping service (RFC 3161) for the record; empty: its days are not stamped.",
    )
    timestamp_certificates: str = Field(
        default="data/timestamps.pem",
        description="PEM file with the root certificate of that service, relative to LYKTA_HOME.",
    )
    lease_seconds: int = Field(
        default=90, ge=2, description="Seconds after which a step whose worker died is done by another."
    )
    mail_from: str = Field(default="desk@hotline.test", description="Address that the hotline writes from.")

    attachments: str = Field(
        default="", description="Topics whose form takes chat logs and documents, comma-separated; empty for none."
    )
    attachment_bytes: int = Field(default=30_000_000, gt=0, description="Bytes of one such file.")

    box_days: int = Field(default=365, ge=1, description="Days that a mailbox and its code work.")
    hold_seconds: int = Field(
        default=0, ge=0, description="Seconds that the host waits for the police; 0 for the country file."
    )
    decide_known: Literal["as the country says", "in practice"] = Field(
        default="as the country says",
        description="Whether what lists know as illegal may be confirmed unseen; practice mode may try it.",
    )
    look_again_seconds: int = Field(default=0, ge=0, description="Seconds between looks; 0 for the built-in schedule.")
    queue_length: Literal["shown", "hidden"] = Field(
        default="shown", description="Whether analysts see how many cases wait; leads always do."
    )
    session_minutes: int = Field(default=480, ge=5, description="Minutes after which staff have to log in again.")
    idle_minutes: int = Field(
        default=60, ge=5, description="Minutes without a page after which staff have to log in again."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, toml_file=home() / SETTINGS_FILE)
        return init_settings, env_settings, toml

    def name_servers(self) -> list[NameServer]:
        """`resolvers`, one by one. Raises ValueError."""
        try:
            return read_resolvers(self.resolvers)
        except ValueError as error:
            raise ValueError(f"resolvers: {error}") from error

    @field_validator("attachments")
    @classmethod
    def _names_topics(cls, value: str) -> str:
        unknown = {word.strip() for word in value.split(",")} - {"", *Topic}
        if unknown:
            raise ValueError(f"attachments: {', '.join(sorted(unknown))} is no topic; there are {', '.join(Topic)}.")
        return value

    @field_validator("second_opinions")
    @classmethod
    def _names_rules(cls, value: str) -> str:
        unknown = {word.strip() for word in value.split(",")} - {"", *RULES}
        if unknown:
            words = ", ".join(sorted(RULES))
            raise ValueError(f"second_opinions: {', '.join(sorted(unknown))} is no rule; there are {words}.")
        return value

    @property
    def opinion_rules(self) -> frozenset[OpinionReason]:
        """`second_opinions` one by one."""
        return frozenset(OpinionReason(word.strip()) for word in self.second_opinions.split(",") if word.strip())

    @field_validator("viewing_hours")
    @classmethod
    def _names_hours(cls, value: str) -> str:
        try:
            read_hours(value)
        except NotUnderstood as refusal:
            raise ValueError(f"viewing_hours: {refusal}") from refusal
        return value

    @field_validator("time_zone")
    @classmethod
    def _names_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"time_zone: {value!r} is no time zone that this machine knows.") from error
        return value

    @property
    def attachment_topics(self) -> frozenset[Topic]:
        """The topics whose form takes files."""
        return _topics(self.attachments)

    @property
    def framing_origins(self) -> tuple[str, ...]:
        """`embed_origins` one by one."""
        return tuple(word.strip() for word in self.embed_origins.split(",") if word.strip())

    def url(self, face: str) -> str:
        """The public address of a face, without a slash at the end."""
        given: str = getattr(self, f"{face}_url")
        return given.rstrip("/") or f"http://{self.bind}:{getattr(self, f'{face}_port')}"


@cache
def environment() -> Environment:
    """The settings, read once. Raises NotUnderstood, with the name of each setting that cannot be read and why."""
    try:
        return Environment()
    except ValidationError as error:
        wrong = [f"{one['loc'][0]} ({one['input']!r}): {one['msg']}" for one in error.errors() if one["loc"]]
        where = f"{home() / SETTINGS_FILE}, or the variable LYKTA_ and its name"
        raise NotUnderstood(f"Settings that cannot be read, in {where}: {'; '.join(wrong) or error}") from error
    except TOMLDecodeError as error:
        raise NotUnderstood(f"{home() / SETTINGS_FILE} is no TOML: {error}") from error


def unknown_settings() -> list[str]:
    """What `lykta.toml` names that is no setting: a slip of the pen, which would be passed over in silence."""
    try:
        named = tomllib.loads((home() / SETTINGS_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [name for name in named if name not in Environment.model_fields]


def key_file(name: str) -> Path:
    """Where a secret lies: a file under LYKTA_HOME/keys that only its owner reads."""
    return home() / "keys" / name


def secret(name: str) -> bytes:
    """The content of a secret file. Fails loudly, by name, when it is not there."""
    path = key_file(name)
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"The secret file {path} cannot be read: run `lykta init`. ({error.strerror})"
        raise RuntimeError(message) from error
