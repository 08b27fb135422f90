"""In which language the desk speaks: the one that a person has chosen, else the one that the browser likes best."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from lykta.records.people import actions
from lykta.records.people.models import Staff
from lykta.sites.common.headers import GetResponse
from lykta.sites.common.language import speaking
from lykta.sites.desk.verbs import answers


def of(request: HttpRequest) -> str:
    """The language for this person and browser; English where the desk speaks none of theirs."""
    spoken = dict(settings.DESK_LANGUAGES)
    if isinstance(request.user, Staff) and request.user.language in spoken:
        return request.user.language
    tags = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower())
    liked = (tag.partition("-")[0] for tag, _weight in tags)
    return next((code for code in liked if code in spoken), str(settings.LANGUAGE_CODE))


def by_person(get_response: GetResponse) -> GetResponse:
    """Middleware: everything below speaks the language of whoever asks. `gate.staff_only` has to stand before it."""
    return speaking(of, get_response)


@answers("POST")
def choose(request: HttpRequest, by: Staff) -> HttpResponse:
    """Keeps the language that was chosen, and says so in it."""
    chosen = request.POST.get("language", "")
    if chosen and chosen not in dict(settings.DESK_LANGUAGES):
        messages.error(request, gettext("Please choose one of these languages."))
        return redirect("mfa_index")
    actions.choose_language(by=by, language=chosen)
    with translation.override(of(request)):
        messages.success(request, gettext("The desk speaks this language to you from now on."))
    return redirect("mfa_index")
