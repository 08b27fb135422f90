"""Pages for what goes wrong: plain words, what to do next, and never a bare status."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.translation import gettext

View = Callable[..., HttpResponse]
"""Takes the request, and by name what stands in its address."""


def only(*methods: str) -> Callable[[View], View]:
    """A view for these methods (GET brings HEAD with it); a readable 405 page for all others."""
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **named: str) -> HttpResponse:
            if request.method in allowed:
                return view(request, **named)
            response = _show(
                request,
                405,
                gettext("This page cannot be used in that way"),
                gettext("Go to the start page and follow the links from there."),
            )
            response.headers["Allow"] = ", ".join(allowed)
            return response

        return guarded

    return decorate


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Too much at once (413), or something that no browser sends (400)."""
    if isinstance(exception, RequestDataTooBig):
        return _show(
            request,
            413,
            gettext("That was too much text at once"),
            gettext("Nothing was received. Go back, shorten the text and send it in several parts."),
        )
    return _show(
        request,
        400,
        gettext("We could not read what was sent"),
        gettext("Nothing was received. Go back and try again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever left out the last slash, as people do who type an address from a poster, is led to the page."""
    del exception
    if request.method in {"GET", "HEAD"} and is_valid_path(f"{request.path_info}/"):
        return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
    return _show(
        request,
        404,
        gettext("There is no such page"),
        gettext("The address may be misspelt or old. Go to the start page and follow the links from there."),
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Something of ours broke."""
    return _show(
        request,
        500,
        gettext("Something went wrong on our side"),
        gettext("We cannot say that anything was received. Go back and try again in a few minutes."),
    )


def _show(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "problem.html", {"title": title, "advice": advice}, status=status)
