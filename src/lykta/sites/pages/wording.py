"""Figures in the words of the visitor's language. What has no translation is shown as the file names it."""

from dataclasses import dataclass

from babel import Locale
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from lykta.sites.pages.published import CountryCount, Figure

HOUR = 60
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table of figures."""

    label: str
    value: str
    definition: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One country with its count, and the length of its bar in per cent of the longest."""

    label: str
    items: int
    per_cent: int


def line(figure: Figure) -> Line:
    """A figure with its label, its value with a unit that people use, and its definition."""
    label = pgettext("figure", figure.name) if figure.name else ""
    definition = gettext(figure.definition) if figure.definition else ""
    shown = label if label != figure.name else figure.name.replace("_", " ").capitalize()
    return Line(shown, _value(figure), definition)


def bars(counts: list[CountryCount]) -> list[Bar]:
    """Countries in the order given, each with a bar in proportion; what is not zero is never invisible."""
    most = max((count.items for count in counts), default=0)
    return [
        Bar(country_name(count.country), count.items, max(1, round(100 * count.items / most)) if most else 0)
        for count in counts
    ]


def country_name(code: str) -> str:
    """The country's name in the language of the page (Unicode CLDR), its code where CLDR has none."""
    if not code:
        return gettext("Country not known")
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return str(names.get(code, code))


def _value(figure: Figure) -> str:
    """Minutes become hours from two hours on and days from two days on, since nobody reads 4,320 minutes."""
    if figure.value is None:
        return gettext("nothing measured yet")
    if figure.unit != "minutes":
        return _plain(figure.value)
    if figure.value >= 2 * DAY:
        return _with_unit(figure.value / DAY, "%s day", "%s days")
    if figure.value >= 2 * HOUR:
        return _with_unit(figure.value / HOUR, "%s hour", "%s hours")
    return _with_unit(figure.value, "%s minute", "%s minutes")


def _with_unit(value: float, one: str, several: str) -> str:
    return (ngettext(one, several, _counted(value)) % _plain(value)).replace(" ", "\N{NO-BREAK SPACE}")


def _counted(value: float) -> int:
    """The number whose plural form a value takes, as it is shown.

    A fraction takes that of a hundred: CLDR's "other", in every language that the catalogues speak.
    """
    shown = round(value, 1)
    return int(shown) if float(shown).is_integer() else 100


def _plain(value: float) -> str:
    rounded = round(value, 1)
    decimals = 0 if rounded == int(rounded) else 1
    return number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)
