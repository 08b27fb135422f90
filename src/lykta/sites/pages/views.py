"""The public website: what the hotline is, the way to the report form, and what came of it all."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lykta.lib import tables
from lykta.sites.common.problems import only
from lykta.sites.pages import published, wording
from lykta.sites.pages.published import Results


@only("GET")
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "front.html", {"report_url": settings.ENVIRONMENT.url("report")})


@only("GET")
def results(request: HttpRequest) -> HttpResponse:
    found = published.read(settings.PUBLISHED)
    context: dict[str, Any] = {"as_of": None, "report_url": settings.ENVIRONMENT.url("report")}
    if found is not None:
        context = {
            **context,
            "as_of": found.as_of,
            "lines": [wording.line(figure) for figure in found.figures],
            "bars": wording.bars(found.countries),
        }
    return render(request, "results.html", context)


@only("GET")
def results_json(request: HttpRequest) -> HttpResponse:
    del request
    return JsonResponse(_published().plain(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@only("GET")
def results_csv(request: HttpRequest) -> HttpResponse:
    """One row a figure and one a country; names and definitions as published, so that they stay comparable."""
    del request
    found = _published()
    as_of = found.as_of.isoformat()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="results.csv"'
    meaning = "Illegal items by the country of the server."
    rows = [
        ("name", "country", "value", "unit", "definition", "as_of"),
        *((one.name, "", one.value, one.unit, one.definition, as_of) for one in found.figures),
        *(("illegal_by_country", one.country, one.items, "items", meaning, as_of) for one in found.countries),
    ]
    tables.write(response, rows)
    return response


def _published() -> Results:
    found = published.read(settings.PUBLISHED)
    if found is None:
        raise Http404
    return found
