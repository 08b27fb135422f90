import pytest
from django.test import Client
from tests.sites.partners.company import Company
from tests.sites.partners.sending import System, new_partner

from lykta.sites.partners.api import door
from lykta.sites.partners.ispws import turns


@pytest.fixture
def system(partners: Client) -> System:
    """The system of a partner that may report."""
    door.REQUESTS._full_at.clear()
    return System(partners, new_partner())


@pytest.fixture
def company(partners: Client) -> Company:
    """The CyberTipline client of a partner that may use it."""
    turns.REQUESTS._full_at.clear()
    return Company(partners, new_partner(scopes="cybertip"))
