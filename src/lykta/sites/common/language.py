"""The language of a page stands in its address (`/sv/…`): nothing about a visitor has to be remembered."""

from collections.abc import Callable
from functools import cache

from babel import Locale
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from lykta.sites.common.headers import GetResponse


def offered() -> list[str]:
    """The languages of this hotline's public pages, its own first; English where none of them is known."""
    return _offered(settings.ENVIRONMENT.languages)


@cache
def _offered(wanted: str) -> list[str]:
    known = dict(settings.LANGUAGES)
    found = [language for language in map(str.strip, wanted.split(",")) if language in known]
    return found or [settings.LANGUAGE_CODE]


def preferred(accept_language: str) -> str:
    """The offered language that a browser likes best, else the hotline's own."""
    for tag, _weight in parse_accept_lang_header(accept_language[:200].lower()):
        for code in _codes_for(tag):
            if code in offered():
                return code
    return offered()[0]


def direction(code: str) -> str:
    """In which direction a language is written, as HTML says it: `ltr` or `rtl` (Unicode CLDR)."""
    return Locale.parse(code.replace("-", "_")).text_direction


_ALSO = {"no": "nb", "nn": "nb", "tl": "fil", "prs": "fa-af", "zh": "zh-hans"}
"""Tags of the same language, or of one that its readers understand."""


def _codes_for(tag: str) -> list[str]:
    """What suits a language tag (BCP 47), best first: itself, its language, or its name among ours."""
    language = tag.partition("-")[0]
    return [tag, _ALSO.get(tag, tag), language, _ALSO.get(language, language)]


def of(request: HttpRequest) -> str:
    """The language in the address, else the one that the browser likes best."""
    first = request.path_info.removeprefix("/").partition("/")[0]
    return first if first in offered() else preferred(request.headers.get("Accept-Language", ""))


def by_path(get_response: GetResponse) -> GetResponse:
    """Middleware: everything below speaks the language of the address."""
    return speaking(of, get_response)


def speaking(language_of: Callable[[HttpRequest], str], get_response: GetResponse) -> GetResponse:
    """Everything below speaks the language that `language_of` names, and says so."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def to_page(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """A view that leads to the page of that name, in the language of `by_path`."""

    def lead(request: HttpRequest) -> HttpResponse:
        del request  # `by_path` has read it
        response = HttpResponseRedirect(reverse(name))
        response.headers["Vary"] = "Accept-Language"
        return response

    return lead
