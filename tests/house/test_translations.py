"""Translations can be compiled, and the languages that are offered are complete."""

import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from tests.house.source import SOURCE, name

CATALOGUES = sorted(SOURCE.rglob("locale/*/LC_MESSAGES/django.po"))
COMPLETE = [path for path in CATALOGUES if path.parts[-3] != "en"]
"""English is the language of the source: its catalogue holds only what differs."""


def test_swedish_is_there() -> None:
    assert "sv" in {path.parts[-3] for path in COMPLETE}


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_a_catalogue_can_be_compiled_without_complaint(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], abort_invalid=True)
    assert [error for message, errors in catalogue.check() for error in errors] == []
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.tell() > 0


@pytest.mark.parametrize("path", COMPLETE, ids=name)
def test_no_message_is_left_untranslated_or_doubtful(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    strings = [(message, message.string) for message in catalogue if message.id]
    missing = [message.id for message, string in strings if not (all(string) if isinstance(string, tuple) else string)]
    assert missing == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
