"""Every setting: name, type, default and one sentence. The one module that reads the environment.

A setting comes from the environment (`LYKTA_REPORT_PORT=8001`), else from `lykta.toml` in LYKTA_HOME, else from its
default. Secrets are files under LYKTA_HOME/keys, never settings. The object is frozen: what was read stays.
`docs/operations/settings.md` is generated from here (`lykta words --settings`) and checked by a test.
"""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def home() -> Path:
    """The folder that holds all state: LYKTA_HOME, by default `var` in the current folder."""
    return Path(os.environ.get("LYKTA_HOME", "var")).resolve()


class Environment(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="LYKTA_", frozen=True, extra="ignore")

    name: str = Field("Practice hotline", description="The hotline's name, shown on every page and in every mail.")
    country: str = Field("se", description="The country file that the hotline works under: a name in `countries/`.")
    languages: str = Field("sv,en", description="Languages of the public pages, the first is the default.")
    mode: Literal["practice", "production"] = Field(
        "production", description="`practice` allows the practice world; `production` forbids all of it."
    )

    bind: str = Field("127.0.0.1", description="Address that the faces listen on; put a TLS proxy in front.")
    pages_port: int = Field(8000, description="Port of the public website.")
    report_port: int = Field(8001, description="Port of the report face.")
    desk_port: int = Field(8002, description="Port of the desk.")
    partners_port: int = Field(8003, description="Port of the partners' face.")
    practice_port: int = Field(8010, description="Port of the practice world's own page.")

    pages_url: str = Field("", description="Public address of the website; by default bind and port.")
    report_url: str = Field("", description="Public address of the report face; by default bind and port.")
    desk_url: str = Field("", description="Address of the desk; by default bind and port.")
    partners_url: str = Field("", description="Public address of the partners' face; by default bind and port.")

    casebook_url: str = Field("", description="PostgreSQL address of the casebook; empty for SQLite in LYKTA_HOME.")
    letterbox_url: str = Field("", description="PostgreSQL address of the letterbox; empty for SQLite in LYKTA_HOME.")

    report_threads: int = Field(8, ge=1, le=64, description="Threads in each process of a public face.")
    report_processes: int = Field(1, ge=1, le=32, description="Processes of the report face.")
    worker_threads: int = Field(8, ge=1, le=64, description="Steps that the worker does at the same time.")

    resolvers: str = Field("127.0.0.1:53", description="Name servers to ask, as address:port, comma-separated.")
    rdap_bootstrap: str = Field("", description="File with the RDAP bootstrap; empty for the one in LYKTA_HOME/data.")
    geography: str = Field("", description="File of address ranges with country and network; empty for LYKTA_HOME/data.")
    guard_allow: str = Field("", description="Networks that the outbound guard lets pass though they are not public.")
    guard_ports: str = Field("80,443,8080,8443", description="Ports that the outbound guard lets pass; * for all.")
    look_timeout: float = Field(20.0, gt=0, description="Seconds that one look at an address may take.")
    look_bytes: int = Field(8_000_000, gt=0, description="Bytes that one look at an address may read.")

    mail_host: str = Field("127.0.0.1", description="Mail server that takes outgoing mail.")
    mail_port: int = Field(25, description="Port of that mail server.")
    mail_security: Literal["none", "starttls", "tls"] = Field("none", description="How the connection to it is secured.")
    mail_user: str = Field("", description="User name at the mail server; the password is the file keys/mail-password.")
    mail_from: str = Field("desk@hotline.test", description="Address that the hotline writes from.")

    box_days: int = Field(365, ge=1, description="Days that a mailbox and its code work.")
    hold_seconds: int = Field(0, ge=0, description="Seconds that the host waits for the police; 0 for the country file.")
    look_again_seconds: int = Field(0, ge=0, description="Seconds between looks; 0 for the built-in schedule.")
    session_minutes: int = Field(480, ge=5, description="Minutes after which staff have to log in again.")

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
        toml = TomlConfigSettingsSource(settings_cls, toml_file=home() / "lykta.toml")
        return init_settings, env_settings, toml

    def url(self, face: str) -> str:
        """The public address of a face, without a slash at the end."""
        given: str = getattr(self, f"{face}_url")
        return given.rstrip("/") or f"http://{self.bind}:{getattr(self, f'{face}_port')}"


@cache
def environment() -> Environment:
    """The settings, read once."""
    return Environment()


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
