"""What every public page shows: the hotline's name, help, the way out, the other languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lykta.lib import countries
from lykta.sites.common import language


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template `public.html`."""
    chosen = language.of(request)
    names = dict(settings.LANGUAGES)
    country = countries.country(settings.ENVIRONMENT.country)
    return {
        "hotline": settings.ENVIRONMENT.name,
        "practice": settings.ENVIRONMENT.mode == "practice",
        "language": chosen,
        "direction": language.direction(chosen),
        "unreviewed": chosen not in settings.REVIEWED_LANGUAGES,
        "home": f"/{chosen}/",
        "emergency": country.verified("emergency"),
        "not_urgent": country.verified("not_urgent"),
        "child_helpline": country.verified("child_helpline"),
        "other_languages": [
            {"code": other, "name": names[other], "url": _twin(request, chosen, other)}
            for other in language.offered()
            if other != chosen
        ],
    }


def _twin(request: HttpRequest, chosen: str, other: str) -> str:
    """The same page in another language; its front page where the address has no language.

    Nothing of a query: pages are kept for the next visitor, too (`sites/report/drawn.py`).
    """
    prefix = f"/{chosen}/"
    rest = request.path.removeprefix(prefix) if request.path.startswith(prefix) else ""
    return f"/{other}/{rest}"
