from collections.abc import Iterator

import pytest
from tests.connectors.servers import NameServer, Site, name_server, site


@pytest.fixture
def host() -> Iterator[Site]:
    """A host that the guard lets pass."""
    with site() as here:
        yield here


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as here:
        yield here
