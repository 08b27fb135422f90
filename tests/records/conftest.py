"""The cast and the letters that the tests of records share."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from lykta.core.locators import Locator, find
from lykta.core.vocabulary import Role, Source, Topic
from lykta.records.cases.actions.intake import Opened, take_in
from lykta.records.cases.models import Report
from lykta.records.people import actions as people
from lykta.records.people.models import Staff

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADDRESS = "http://pictures.nordhost.test/album/1"

TakeIn = Callable[..., Report]


@pytest.fixture(autouse=True)
def _keyring(settings: Settings, tmp_path: Path) -> None:
    settings.KEYRING = tmp_path / "keyring"
    settings.FORGOTTEN = tmp_path / "forgotten"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def later() -> datetime:
    return NOW + timedelta(hours=1)


@pytest.fixture
def anna(db: None) -> Staff:
    """Anna is an analyst."""
    return people.invite(by="test", username="anna", password="a long enough password", role=Role.ANALYST)


@pytest.fixture
def lena(db: None) -> Staff:
    """Lena leads."""
    return people.invite(by="test", username="lena", password="a long enough password", role=Role.LEAD)


@pytest.fixture
def adam(db: None) -> Staff:
    """Adam is an administrator: he must see no case."""
    return people.invite(by="test", username="adam", password="a long enough password", role=Role.ADMINISTRATOR)


def opened(text: str = ADDRESS, **changes: Any) -> Opened:
    """A report as it comes out of its letter."""
    seed = changes.pop("seed", text)
    locators: tuple[Locator, ...] = find(text).locators
    given: dict[str, Any] = {
        "digest": hashlib.sha256(seed.encode()).hexdigest(),
        "source": Source.PUBLIC,
        "topic": Topic.WEB,
        "language": "sv",
        "received_at": NOW,
        "box_proof": b"p" * 32,
        "box_lookup": hashlib.sha256(seed.encode()).digest()[:16],
        "content": {"text": text, "contact": "somebody@reporter.example"},
        "locators": locators,
    }
    return Opened(**{**given, **changes})


@pytest.fixture
def report(db: None) -> TakeIn:
    """Take a report in, through the real verb."""

    def take(text: str = ADDRESS, **changes: Any) -> Report:
        return take_in(by="worker", opened=opened(text, **changes), now=NOW)

    return take
