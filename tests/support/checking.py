"""What a translation must not do, whatever it is a catalogue of."""

import re

from babel.messages.catalog import Message

PLACE = re.compile(r"%\(\w+\)[0-9]*[sd]|%%|%s|</?\w+[^>]*>")
"""A place for a value, or markup."""
_LEFT_IN_ENGLISH = re.compile(r"[a-z]{3,} [a-z]+")
"""Two words in small letters: names and codes are the same in every language."""


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """What a message says: one text, or one for each plural form."""
    return [text] if isinstance(text, str) else list(text or ())


def places_in(text: str) -> list[str]:
    """Places for values and markup; a number in right-to-left text may need to be isolated in addition."""
    return sorted(place for place in PLACE.findall(text) if place not in {"<bdi>", "</bdi>"})


def untranslated(messages: list[Message]) -> list[object]:
    """Those that say nothing, or nothing in one of their forms."""
    return [message.id for message in messages if not all(forms(message.string) or [""])]


def broken(messages: list[Message]) -> list[object]:
    """Those that lost or gained a place. A form for one or two may leave the number out, since the word says it."""
    return [message.id for message in messages if _is_broken(message)]


def plural_counts(messages: list[Message]) -> set[int]:
    """How many forms messages with a plural have."""
    return {len(forms(message.string)) for message in messages if not isinstance(message.id, str)}


def left_in_english(messages: list[Message]) -> list[object]:
    """Sentences that a translation in Latin letters only repeats."""
    repeated = [one.id for one in messages if isinstance(one.id, str) and one.string == one.id]
    return [text for text in repeated if len(text.split()) > 2 and _LEFT_IN_ENGLISH.search(PLACE.sub("", text))]


def _is_broken(message: Message) -> bool:
    source, translated = forms(message.id)[-1], forms(message.string)
    allowed = set(places_in(source))
    same = places_in(translated[-1]) == places_in(source)
    return not same or any(not set(places_in(text)) <= allowed for text in translated)
