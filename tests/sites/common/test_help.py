"""Help, the way out and the landmarks are on every page, in the same place, and no number is an unchecked one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.browsing import get

from lykta.config.environment import Environment
from lykta.lib import countries

PAGES = [
    ("report", "/sv/"),
    ("report", "/sv/tell/"),
    ("report", "/sv/mailbox/"),
    ("report", "/sv/nothing/"),
    ("partners", "/sv/answer/"),
    ("pages", "/sv/"),
    ("pages", "/sv/results/"),
]
pytestmark = pytest.mark.usefixtures("pages")


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_the_way_to_the_content_out_and_to_help_come_first(face: Callable[[str], Client], name: str, path: str) -> None:
    assert get(face(name), path).links[:4] == ["#main", "/sv/", "/leave/", "tel:112"]


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_page_has_its_landmarks_once(face: Callable[[str], Client], name: str, path: str) -> None:
    page = get(face(name), path)
    assert [page.tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1", "title")] == [1] * 6
    assert len(page.ids) == len({*page.ids})


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_field_has_a_label_and_is_not_remembered(face: Callable[[str], Client], name: str, path: str) -> None:
    page = get(face(name), path)
    typed = [identity for identity in page.ids if f'id="{identity}" name=' in page.source]
    for identity in typed:
        assert f'<label for="{identity}">' in page.source
    assert page.source.count('autocomplete="off"') == len(typed) + page.tags.count("form")


def test_a_number_that_nobody_has_checked_is_not_shown(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sweden = countries.country("se")
    doubtful = {name: replace(contact, verified=False) for name, contact in sweden.contacts.items()}
    monkeypatch.setattr(countries, "country", lambda _name: replace(sweden, contacts=doubtful))
    page = get(report, "/en/")
    assert "Call the emergency number where you are." in page.text
    assert [link for link in page.links if link.startswith("tel:")] == []
    assert "112" not in page.source
    assert "114" not in page.text


def test_practice_is_never_mistaken_for_the_real_thing(report: Client, settings: Settings) -> None:
    warning = "nothing that is sent here reaches a real hotline"
    settings.ENVIRONMENT = Environment(mode="practice")
    assert warning in get(report, "/en/").text
    settings.ENVIRONMENT = Environment(mode="production")
    assert warning not in get(report, "/en/").text


def test_the_hotlines_name_cannot_bring_markup(report: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(name="<b>Us</b>")
    page = get(report, "/en/")
    assert "<b>" not in page.source
    assert "<b>Us</b>" in page.text
