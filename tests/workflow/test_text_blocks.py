"""Text blocks: in the reporter's language where there is one, the hotline's own wording first."""

import pytest
from django.conf import settings

from lykta.workflow.text_blocks import Block, blocks, names


def block(name: str, language: str, **own: str) -> Block:
    return next(one for one in blocks(language, own) if one.name == name)


def test_what_the_catalogues_have_is_offered_in_every_language() -> None:
    for language, _ in settings.LANGUAGES:
        assert block("illegal", language).language == language, language
    assert len({block("illegal", language).text for language, _ in settings.LANGUAGES}) > 20


@pytest.mark.parametrize("name", sorted(names()))
def test_every_block_is_there_in_english_and_swedish(name: str) -> None:
    english, swedish = block(name, "en"), block(name, "sv")
    assert (english.language, swedish.language) == ("en", "sv")
    assert english.text != swedish.text
    assert english.title == swedish.title


def test_a_language_that_has_none_gets_the_english_text_and_says_so() -> None:
    found = block("danger", "pl")
    assert (found.text, found.language) == (block("danger", "en").text, "en")


def test_the_hotlines_own_wording_goes_first() -> None:
    found = block("danger", "pl", danger="Nasze słowa")
    assert (found.text, found.language, found.is_own) == ("Nasze słowa", "pl", True)
