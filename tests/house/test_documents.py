"""Documents that are made from the code say what the code says; what people write names what there is."""

import re
from collections import Counter

import pytest
from tests.house.source import ROOT, SOURCE

from lykta.config.commands.words import permissions_page, settings_page, vocabulary_page
from lykta.config.environment import Environment
from lykta.config.settings import base

DOCS = ROOT / "docs"
TESTS = ROOT / "tests"
CONNECTORS = sorted(path.parent.name for path in (SOURCE / "connectors").glob("*/connector.py"))


def test_every_setting_is_documented() -> None:
    """Run `lykta words --settings > docs/operations/settings.md` when this fails."""
    assert (DOCS / "operations" / "settings.md").read_text(encoding="utf-8") == settings_page()


def test_every_word_is_documented() -> None:
    """Run `lykta words > docs/vocabulary.md` when this fails."""
    assert (DOCS / "vocabulary.md").read_text(encoding="utf-8") == vocabulary_page()


def test_every_right_is_documented() -> None:
    """Run `lykta words --permissions > docs/permissions.md` when this fails."""
    assert (DOCS / "permissions.md").read_text(encoding="utf-8") == permissions_page()


def test_every_setting_has_a_default_and_a_sentence() -> None:
    fields = Environment.model_fields
    assert [name for name, field in fields.items() if field.is_required()] == []
    assert [name for name, field in fields.items() if not (field.description or "").endswith(".")] == []


def test_the_server_in_front_knows_the_form_in_every_language() -> None:
    guide = (DOCS / "operations" / "floods.md").read_text(encoding="utf-8")
    [place] = re.findall(r"location ~ (\S+) \{", guide)
    assert [code for code, _name in base.LANGUAGES if not re.search(place, f"/{code}/tell/")] == []


@pytest.mark.parametrize("connector", CONNECTORS)
def test_every_connector_has_a_section(connector: str) -> None:
    assert f"\n## {connector}\n" in (DOCS / "connectors.md").read_text(encoding="utf-8")


def test_every_finding_of_the_check_has_one_meaning() -> None:
    text = "".join(path.read_text() for path in (SOURCE / "config").glob("checks*.py"))
    numbers = set(re.findall(r'"([EW]\d{3})"', text))
    documented = set(re.findall(r"LYKTA-([EW]\d{3})", (DOCS / "operations" / "monitoring.md").read_text()))
    assert documented == numbers


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in sorted(DOCS.rglob("*.md"))
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_table_of_asvs_is_whole_and_names_tests_that_exist() -> None:
    """ASVS 5.0.0 has 70 requirements of level 1 and 183 of level 2. A test is a file, or one test of it."""
    text = (DOCS / "asvs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\d.]+) \| ([12]) \| (\w+) \| (.+?) \| (?:`([^`]+)`)? ?\|$", text, re.MULTILINE)
    assert len({row[0] for row in rows}) == len(rows) == 253
    assert sum(row[1] == "1" for row in rows) == 70
    words = dict(re.findall(r"^\| (\w+) \| .+ \| (\d+) \|$", text, re.MULTILINE))
    assert {word: str(count) for word, count in Counter(row[2] for row in rows).items()} == words
    assert set(words) == {"met", "partly", "operator", "not", "none"}
    assert [row[4] for row in rows if row[4] and not _is_a_test(row[4])] == []
    named = {path for row in rows for path in re.findall(r"[\w/.-]+/[\w.-]+\.(?:py|md|toml)", row[3])}
    assert len(named) > 20
    assert sorted(path for path in named if not any((root / path).exists() for root in (ROOT, SOURCE, TESTS))) == []


def _is_a_test(named: str) -> bool:
    file, _, test = named.partition("::")
    path = TESTS / file
    return path.exists() and (not test or f"\ndef {test}(" in path.read_text(encoding="utf-8"))
