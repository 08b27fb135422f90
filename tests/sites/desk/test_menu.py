"""The menu: what is opened many times a day stands in sight, the rest under one word, and nobody is offered a refusal."""

import re

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, page

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
DAILY = ["/", "/my-day/", "/search/", "/opinions/", "/referrals/", "/type-in/"]
ALSO = ["/looking/", "/calibration/", "/our-list/", "/approvals/"]
LED = [*ALSO[:3], "/hash-lists/", "/recipients/", "/links/", "/text-blocks/", *ALSO[3:]]
LED += ["/figures/", "/welfare/", "/people/", "/system/"]


def _menu(client: Client, path: str) -> tuple[list[str], list[str]]:
    """Addresses in sight, and those under More."""
    menu = page(client, path).partition("<nav")[2].partition("</nav>")[0]
    sight, _, more = menu.partition("<details")
    return re.findall(r'href="([^"]+)"', sight), re.findall(r'href="([^"]+)"', more)


def _client(request: pytest.FixtureRequest, who: str) -> Client:
    return client_of(request.getfixturevalue(who))


@pytest.mark.parametrize(("who", "more"), [("anna", ALSO), ("lena", LED)])
def test_daily_work_is_in_sight_and_the_rest_is_one_step_away(
    who: str, more: list[str], request: pytest.FixtureRequest
) -> None:
    assert _menu(_client(request, who), "/") == (DAILY, more)


@pytest.mark.parametrize(
    ("who", "home", "sight"),
    [
        ("adam", "/system/", "/hash-lists/ /links/ /approvals/ /people/ /system/"),
        ("li", "/referrals/", "/referrals/ /recipients/ /approvals/"),
        ("wilma", "/welfare/", "/welfare/"),
    ],
)
def test_who_may_open_few_pages_sees_them_all_at_once(
    who: str, home: str, sight: str, request: pytest.FixtureRequest
) -> None:
    assert _menu(_client(request, who), home) == (sight.split(), [])


@pytest.mark.parametrize("who", ["anna", "lena", "adam", "li", "wilma"])
def test_everything_on_the_menu_opens(who: str, request: pytest.FixtureRequest) -> None:
    client = _client(request, who)
    sight, more = _menu(client, client.get("/").headers.get("Location", "/"))
    assert {client.get(address).status_code for address in [*sight, *more]} == {200}


def test_the_closed_part_of_the_menu_says_which_of_its_pages_is_open(request: pytest.FixtureRequest) -> None:
    html = page(_client(request, "lena"), "/figures/")
    assert '<summary data-key="." class="here">Figures</summary>' in html
    assert '<a href="/figures/" aria-current="page">Figures</a>' in html
    assert '<summary data-key=".">More</summary>' in page(_client(request, "anna"), "/")
