"""The description of the interface is whole, says what the interface does, and its examples work."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from tests.sites.partners.sending import DESCRIPTION, System

from lykta.connectors.contract import Call
from lykta.connectors.webhooks.connector import signed
from lykta.core.vocabulary import ReporterStatus
from lykta.lib import clock
from lykta.sites.partners.api.description import ITEM, MOST_ITEMS, description
from lykta.sites.partners.api.items import mistakes_in

GUIDE = Path(__file__).parents[3] / "docs" / "partners-api.md"
WHOLE: dict[str, Any] = description("https://partners.hotline.example")
OPERATIONS = [operation for path in WHOLE["paths"].values() for operation in path.values()]
SCHEMAS: dict[str, Any] = WHOLE["components"]["schemas"]


def every(node: Any, name: str) -> Iterator[Any]:
    """The values of every member of this name, however deep."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            yield from every(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from every(value, name)


def test_the_description_can_be_read_without_a_token(partners: Client) -> None:
    answer = partners.get(DESCRIPTION)
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.json()
    assert found["openapi"] == "3.1.0"
    assert found["paths"] == WHOLE["paths"]


def test_every_reference_leads_somewhere_and_no_schema_is_left_over() -> None:
    named = {reference.removeprefix("#/components/schemas/") for reference in every(WHOLE, "$ref")}
    assert named == set(SCHEMAS)


def test_every_operation_has_a_name_of_its_own_a_summary_and_described_answers() -> None:
    assert len({operation["operationId"] for operation in OPERATIONS}) == len(OPERATIONS) == 3
    for operation in OPERATIONS:
        assert operation["summary"]
        assert all(answer["description"] for answer in operation["responses"].values())
        assert all(re.fullmatch("[1-5][0-9]{2}", status) for status in operation["responses"])
        assert all(name in WHOLE["components"]["securitySchemes"] for one in operation["security"] for name in one)


def test_every_refusal_is_a_problem_document() -> None:
    for operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            assert ("application/problem+json" in answer["content"]) == (int(status) >= 400)


def test_every_described_address_is_there(partners: Client) -> None:
    for path in WHOLE["paths"]:
        assert resolve(path, "lykta.sites.partners.urls").func.__module__ == "lykta.sites.partners.api.views"


def test_what_is_required_is_described() -> None:
    for schema in [one for one in (SCHEMAS, *every(SCHEMAS, "items")) if isinstance(one, dict)]:
        for name, one in schema.items():
            if isinstance(one, dict) and "required" in one:
                assert set(one["required"]) <= set(one["properties"]), name


def test_every_pattern_stands_for_the_whole_and_every_example_fits_it() -> None:
    for field in ITEM["properties"].values():
        assert field["pattern"].startswith("^")
        assert field["pattern"].endswith("$")
        assert all(re.search(field["pattern"], example) for example in field.get("examples", []))


def test_what_a_webhook_sends_is_described() -> None:
    described = WHOLE["webhooks"]["report.status"]["post"]
    headers = signed(Call(address="", number="msg_1", body=b"{}", secrets=(b"s" * 32,)), now=clock.now())
    assert {one["name"] for one in described["parameters"]} == {name for name in headers if name.startswith("webhook")}
    changed = SCHEMAS["StatusChanged"]["properties"]
    assert (set(changed), set(changed["data"]["properties"])) == ({"type", "timestamp", "data"}, {"id", "status"})
    assert changed["data"]["properties"]["status"]["enum"] == [str(word) for word in ReporterStatus]


def test_the_statuses_are_those_of_the_vocabulary() -> None:
    assert SCHEMAS["Standing"]["properties"]["status"]["enum"] == [str(word) for word in ReporterStatus]
    assert SCHEMAS["Batch"]["properties"]["items"]["maxItems"] == MOST_ITEMS


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        ("2026-01-31T12:00:00Z", True),
        ("2026-01-31T12:00:00.123456789+05:30", True),
        ("2024-02-29T23:59:59-00:00", True),
        ("2026-02-29T12:00:00Z", False),
        ("2026-01-31T24:00:01Z", False),
        ("2026-01-31T12:00:00+25:00", False),
        ("2026-01-31 12:00:00Z", False),
        ("2026-01-31T12:00:00Z\n", False),
        ("٢٠٢٦-01-31T12:00:00Z", False),
    ],
)
def test_a_moment_is_one_of_the_calendar_with_a_time_zone(moment: str, *, taken: bool) -> None:
    assert (mistakes_in({"text": "x", "seen_at": moment}) == []) is taken
    if taken:
        assert datetime.fromisoformat(moment).tzinfo is not None


def test_the_guide_names_every_field_and_no_other() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("| field | what it is |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(ITEM["properties"])


@pytest.mark.django_db(databases=["letterbox"], transaction=True)
def test_the_guides_example_is_taken(system: System) -> None:
    example = re.search(r"-d '(\{\"url.*?\})'", GUIDE.read_text(encoding="utf-8"))
    assert example
    answer = system.report(json.loads(example[1]))
    assert answer.status_code == 201
    assert answer.json()["reference"] == "4711"
