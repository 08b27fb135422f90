"""The cast: Anna analyses, Lena leads, Adam administers, Kim keeps partners' links, Li knows the police, Wilma looks
after the others, Bo has not set up his second factor.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import PASSWORD, client_of, set_up_factor

from lykta.core.labels import Offence
from lykta.core.vocabulary import Role
from lykta.lib.labels import label_set
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.workflow.house import House

LAW = Offence(law="An example law, paragraph 1", findings=frozenset({"csam"}), natures=frozenset({"real", "unknown"}))


@pytest.fixture(autouse=True)
def _house(settings: Settings, tmp_path: Path) -> None:
    cache.clear()
    settings.KEYRING = tmp_path / "keyring"
    settings.FORGOTTEN = tmp_path / "forgotten"
    settings.AUDIT_CHECKPOINTS = tmp_path / "checkpoints"
    settings.HOUSE = House(
        name="Test hotline",
        home="SE",
        label_set=label_set("lykta-1"),
        offences=(LAW,),
        decides_known=True,
        hold=timedelta(hours=48),
        look_every=None,
        box_days=365,
        report_url="http://127.0.0.1:8001",
        partners_url="http://127.0.0.1:8003",
        mail_from="desk@hotline.test",
    )


def _member(name: str, role: Role, *, factor: bool = True) -> Staff:
    staff = people.invite(by="test", username=name, password=PASSWORD, role=role)
    if factor:
        set_up_factor(staff)
    return staff


@pytest.fixture
def anna(db: None) -> Staff:
    return _member("anna", Role.ANALYST)


@pytest.fixture
def lena(db: None) -> Staff:
    return _member("lena", Role.LEAD)


@pytest.fixture
def adam(db: None) -> Staff:
    return _member("adam", Role.ADMINISTRATOR)


@pytest.fixture
def kim(db: None) -> Staff:
    return _member("kim", Role.COMMUNICATOR)


@pytest.fixture
def li(db: None) -> Staff:
    return _member("li", Role.LIAISON)


@pytest.fixture
def wilma(db: None) -> Staff:
    return _member("wilma", Role.WELFARE_OFFICER)


@pytest.fixture
def bo(db: None) -> Staff:
    return _member("bo", Role.ANALYST, factor=False)


@pytest.fixture
def desk(anna: Staff) -> Client:
    """Anna's browser."""
    return client_of(anna)


@pytest.fixture
def lead(lena: Staff) -> Client:
    """Lena's browser."""
    return client_of(lena)
