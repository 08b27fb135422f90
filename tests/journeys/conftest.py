"""A browser, and an installation that speaks all languages, for the journeys that need nothing special."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.reporter import LANGUAGES
from tests.journeys.tour import chromium
from tests.support.installation import Installation, installation


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    settings = {"LYKTA_TRUSTED_PROXY": "127.0.0.1", "LYKTA_LANGUAGES": ",".join(LANGUAGES)}
    with installation(tmp_path_factory.mktemp("public") / "home", **settings) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started
