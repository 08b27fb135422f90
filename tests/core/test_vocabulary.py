"""Words are stored values with a sentence each."""

import inspect

import pytest

from lykta.core import lifecycle, permissions, vocabulary
from lykta.core.vocabulary import Word
from lykta.records.audit.words import AuditWord

WORDS = [
    kind
    for module in (vocabulary, lifecycle, permissions)
    for kind in vars(module).values()
    if inspect.isclass(kind) and issubclass(kind, Word) and kind is not Word
] + [AuditWord]


LABELS = {vocabulary.Asked, vocabulary.Choice}
"""What stands beside an answer, or is one: no sentences."""


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_word_has_a_sentence(kind: type[Word]) -> None:
    for word in kind:
        assert word.sentence.endswith(".") is (kind not in LABELS)
        assert word.sentence[0].isupper() or word.sentence[0].isdigit()


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_a_word_is_its_stored_value(kind: type[Word]) -> None:
    for word in kind:
        assert kind(str(word)) is word
        assert f"{word}" == word.value


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_word_is_explained(kind: type[Word]) -> None:
    assert kind.__doc__


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="purple"):
        vocabulary.ItemState("purple")


@pytest.mark.parametrize("word", list(AuditWord))
def test_audit_words_are_subject_dot_verb(word: AuditWord) -> None:
    subject, _, verb = str(word).partition(".")
    assert subject.isidentifier()
    assert verb.isidentifier()
