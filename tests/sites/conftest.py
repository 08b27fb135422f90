"""Each public face in its own settings, and translations as fresh as their source."""

import os
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings

import lykta
from lykta.sites.common import floods
from lykta.sites.report import framing

FACES = ("report", "partners", "pages")
LIMITS = [limit for limit in vars(floods).values() if isinstance(limit, floods.Limit)]


def _compile_translations() -> None:
    """Whole or not at all, since several test processes may do it at the same time."""
    for source in (Path(lykta.__file__).parent / "locale").glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        part = compiled.with_suffix(f".{os.getpid()}.part")
        with source.open("rb") as read, part.open("wb") as write:
            write_mo(write, read_po(read, locale=source.parts[-3]))
        part.replace(compiled)


# When the conftest is read, not in a fixture: Django keeps the first catalogue that it sees.
_compile_translations()


_NETWORKS = count()


class Visitors(Client):
    """Each request comes from a network of its own, so that no test meets a limit on floods by chance."""

    def request(self, **request: Any) -> Any:
        number = next(_NETWORKS) % 2**16
        return super().request(REMOTE_ADDR=f"10.{number // 256}.{number % 256}.1", **request)


@pytest.fixture
def face(settings: Settings) -> Callable[[str], Client]:
    """Put on the settings of a face; returns visitors without cookies."""

    def put_on(name: str) -> Client:
        for limit in LIMITS:
            # Counts live as long as the process: no test waits for what another one sent.
            for buckets in (limit.networks, limit.everybody, limit.tickets):
                buckets._full_at.clear()
        framing.remember(())  # so that a page without partners' links needs no database
        module = import_module(f"lykta.config.settings.{name}")
        for setting in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "STATIC_ROOT"):
            setattr(settings, setting, getattr(module, setting))
        for theirs in ("STATICFILES_DIRS", "WHITENOISE_USE_FINDERS"):
            if hasattr(django_settings, theirs) and not hasattr(module, theirs):
                delattr(settings, theirs)
        return Visitors()

    return put_on


@pytest.fixture
def report(face: Callable[[str], Client]) -> Client:
    return face("report")


@pytest.fixture
def partners(face: Callable[[str], Client]) -> Client:
    return face("partners")


@pytest.fixture
def pages(face: Callable[[str], Client], settings: Settings, tmp_path: Path) -> Client:
    settings.PUBLISHED = tmp_path
    return face("pages")
