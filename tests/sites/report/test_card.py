"""The travel card: verified numbers in every language, and a keeper that may keep this page and nothing else."""

import gzip
import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.browsing import get

from lykta.lib import countries

CARD = "/en/card/"


def test_the_card_shows_every_verified_number_by_country(report: Client) -> None:
    page = get(report, CARD)
    verified = [one for one in countries.emergency_numbers().values() if one.verified]
    assert len(verified) > 30
    for contact in verified:
        assert f"tel:{contact.dial}" in page.links
        assert contact.number in page.text
        assert f"Police: {contact.police}" in page.text or not contact.police
    assert "Thailand" in page.text
    assert "Sweden 112" in page.text


def test_a_number_that_nobody_verified_is_not_shown(report: Client) -> None:
    assert countries.emergency_of("AM") is None
    assert "Armenia" not in get(report, CARD).text


@pytest.mark.parametrize(("language", "name"), [("sv", "Tyskland"), ("ar", "ألمانيا"), ("en", "Germany")])
def test_countries_are_named_in_the_language_of_the_card(report: Client, language: str, name: str) -> None:
    assert name in get(report, f"/{language}/card/").text


def test_the_card_leads_to_the_form(report: Client, settings: Settings) -> None:
    page = get(report, CARD)
    assert "/en/tell/" in page.links
    assert settings.ENVIRONMENT.url("report") + "/en/" in page.text


@pytest.mark.parametrize("path", [CARD, "/my/card/", "/en/button/", "/my/button/"])
def test_the_new_pages_weigh_no_more_than_others(report: Client, path: str) -> None:
    page = get(report, path)
    loaded = re.findall(r'(?:rel="stylesheet" href|type="module" src)="([^"]+)"', page.source)
    parts = [page.source.encode(), *(report.get(one).getvalue() for one in loaded)]
    assert len(parts) > 3
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= 14 * 1024


def test_the_card_alone_may_start_a_keeper(report: Client) -> None:
    response = report.get(CARD)
    elsewhere = report.get("/en/")["Content-Security-Policy"]
    assert "; trusted-types 'none'" in elsewhere
    allowed = elsewhere.replace("trusted-types 'none'", "trusted-types travel-card")
    assert response["Content-Security-Policy"] == f"{allowed}; worker-src 'self'"


def test_the_keeper_comes_from_the_top_and_may_ask_this_site_only(report: Client) -> None:
    response = report.get("/travel-card.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"


def test_all_that_the_keeper_keeps_is_there(report: Client) -> None:
    source = report.get("/travel-card.js").content.decode()
    names = re.findall(r'"([\w.]+\.(?:css|js))"', source)
    assert len(names) == 4
    assert all(report.get(f"/static/{name}").getvalue() for name in names)
    page = get(report, CARD)
    loaded = re.findall(r'(?:rel="stylesheet" href|type="module" src)="/static/([^"]+)"', page.source)
    assert {*loaded} == {*names}


def test_the_scripts_are_short(report: Client) -> None:
    scripts = [report.get("/travel-card.js").content, report.get("/static/card.js").getvalue()]
    lines = [line for script in scripts for line in script.decode().splitlines() if line and not line.startswith("//")]
    assert len(lines) < 40
