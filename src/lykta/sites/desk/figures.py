"""Figures: what was counted, with the definition of each, and where the servers stand."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from lykta.core.counting import CountryCount, Figure
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff
from lykta.records.results import queries
from lykta.sites.desk.reading import country
from lykta.sites.desk.verbs import answers


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in words."""

    name: str
    value: str
    definition: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A country's count and the length of its bar, in per cent of the longest."""

    country: str
    items: int
    length: float


@answers("GET")
def figures(request: HttpRequest, by: Staff) -> HttpResponse:
    """Every figure that is published, counted now."""
    may_lead(by)
    counted, countries = queries.all_figures()
    return render(request, "figures.html", {"lines": [_line(one) for one in counted], "bars": _bars(countries)})


def _line(figure: Figure) -> Line:
    names = {
        "reports": gettext("Reports"),
        "items": gettext("Items"),
        "illegal": gettext("Illegal items"),
        "gone": gettext("Illegal items that are gone"),
        "to_police": gettext("Median time to the police"),
        "to_host": gettext("Median time to the host"),
        "to_removal": gettext("Median time to removal"),
    }
    return Line(names.get(figure.name, figure.name), _value(figure), gettext(figure.definition))


def _value(figure: Figure) -> str:
    if figure.value is None:
        return gettext("not measured yet")
    if figure.unit != "minutes":
        return number_format(figure.value, decimal_pos=0)
    hours, minutes = divmod(round(figure.value), 60)
    if hours < 2:
        return ngettext("%(count)d minute", "%(count)d minutes", hours * 60 + minutes) % {"count": hours * 60 + minutes}
    return gettext("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}


def _bars(counts: tuple[CountryCount, ...]) -> list[Bar]:
    longest = max((one.items for one in counts), default=1)
    return [Bar(country(one.country), one.items, round(100 * one.items / longest, 1)) for one in counts]
