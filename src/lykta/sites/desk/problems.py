"""Pages for what goes wrong at the desk: plain words and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lykta.core.refusals import NotForYou, NotNow
from lykta.sites.desk.sentences import in_words


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the log-in, or came from elsewhere."""
    del reason
    return _show(
        request,
        403,
        gettext("This form is out of date"),
        gettext("Nothing was changed. Go back, load the page again and repeat what you did."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _show(
        request,
        400,
        gettext("We could not read what was sent"),
        gettext("Nothing was changed. Go back and try again with less text."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not there, or not yours: nobody can tell which."""
    del exception
    return _show(
        request,
        404,
        gettext("There is nothing here for you"),
        gettext("The address may be misspelt or old, or the page is for somebody with another task."),
    )


def not_for_you(request: HttpRequest, refusal: NotForYou) -> HttpResponse:
    """It is there, and somebody else works on it."""
    return _show(request, 403, gettext("This is not for you to work on"), in_words(str(refusal)))


def gone(request: HttpRequest, refusal: NotNow) -> HttpResponse:
    """A link that let somebody in once."""
    return _show(request, 410, gettext("This link does not work any more"), in_words(str(refusal)))


def wrong_method(request: HttpRequest, *allowed: str) -> HttpResponse:
    """A deed was asked for as a page, or the other way round."""
    title = gettext("This page cannot be used in that way")
    response = _show(request, 405, title, gettext("Nothing was changed. Follow the links from the queue."))
    response.headers["Allow"] = ", ".join(allowed)
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody guesses codes or passwords, or is in a great hurry."""
    return _show(
        request,
        429,
        gettext("That was too often"),
        gettext("Wait a minute, then try again. Nobody else is held up by this."),
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Something of ours broke."""
    return _show(
        request,
        500,
        gettext("Something went wrong on our side"),
        gettext("We cannot say that it was done. Look at the page again before you repeat it, or ask your lead."),
    )


def _show(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "problem.html", {"title": title, "advice": advice}, status=status)
