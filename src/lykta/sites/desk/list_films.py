"""A film of a list is withdrawn by hand: named, shown with what the list holds of it, and then confirmed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from lykta.core.refusals import NotUnderstood
from lykta.records.matching import actions, queries
from lykta.records.matching.access import access_list
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers


@answers("GET", "POST")
def withdraw(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Name a film; by POST see what there is of it, and, with a reason, withdraw it."""
    found = access_list(by, number)
    typed, reason = (clean_line(request.POST.get(name, "")) for name in ("film", "reason"))
    film, confirmed = None, request.POST.get("deed") == "withdraw"
    with SayRefusals(request):
        if request.method == "POST":
            film = queries.film_in(found, typed)
        if confirmed and film is not None:
            if not reason:
                raise NotUnderstood("Please say why: it stands beside the list’s new version.")
            return prove_first(request, by) or _withdraw(request, by, film, reason)
    refused = request.method == "POST" and (confirmed or film is None)
    context = {"list": found, "film": film, "typed": typed, "reason": reason}
    return render(request, "list_film.html", context, status=422 if refused else 200)


def _withdraw(request: HttpRequest, by: Staff, film: queries.Film, reason: str) -> HttpResponse:
    """Raises NotNow where somebody else was faster."""
    count = actions.withdraw_film(by=by.actor, found=film.list, name=film.name, reason=reason).rows_withdrawn
    told = ngettext("%(count)s row was withdrawn.", "%(count)s rows were withdrawn.", count)
    messages.success(request, told % {"count": f"{count:,}"})
    return redirect("hash-list", film.list.pk)
