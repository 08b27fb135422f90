"""What makes no password at this desk."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from lykta.records.people.models import Staff
from lykta.sites.desk.passwords import NoHouseWords

ANNA = Staff(username="annabella")


@pytest.fixture(autouse=True)
def _named(settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"name": "Fyren Hjälplinje"})


@pytest.mark.parametrize(
    "password",
    [
        "Lykta-hotline-police",
        "fyrenhjälplinje2026",
        "annabella annabella annabella",
        "Password! Lösenord! 1234567",
        "barnbarnbarnbarnbarn",
    ],
)
def test_words_of_the_house_alone_are_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="words of your own"):
        NoHouseWords().validate(password, ANNA)


@pytest.mark.parametrize(
    "password", ["grey herons on the old pier", "the lykta stands beside 9 wet boots", "zkvj7-w3hq9-x2mpd"]
)
def test_words_of_ones_own_will_do_whatever_stands_beside_them(password: str) -> None:
    NoHouseWords().validate(password, ANNA)
    NoHouseWords().validate(password)
