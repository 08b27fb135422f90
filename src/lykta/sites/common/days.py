"""Days as people write them in the language of the page: the words and their order are Unicode CLDR's."""

import re
from datetime import date

from babel.dates import format_date
from django import template
from django.utils.translation import get_language

register = template.Library()

_YEAR = re.compile(r"\s[рг]\.$")
_ENGLISH = {"en": "en_GB"}
"""The day before the month, as nearly everywhere."""


@register.filter
def day(at: date) -> str:
    """A day with its month in full: “22 November 2026”, “22 листопада 2026”."""
    language = (get_language() or "en").replace("-", "_")
    written = format_date(at, "long", locale=_ENGLISH.get(language, language))
    # “Year”, shortened, which Ukrainian and Russian may add: with it, a sentence would end in two full stops.
    return _YEAR.sub("", written)
