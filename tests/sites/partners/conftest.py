import pytest
from django.test import Client
from tests.sites.partners.sending import System, new_partner

from lykta.sites.partners.api import door


@pytest.fixture
def system(partners: Client) -> System:
    """The system of a partner that may report."""
    door.REQUESTS._full_at.clear()
    return System(partners, new_partner())
