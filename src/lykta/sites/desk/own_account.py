"""One's own account: keys, recovery codes, where one is logged in, and what one does not want to be shown."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.vocabulary import Topic
from lykta.records.people import actions, queries, sessions
from lykta.records.people.models import Staff
from lykta.sites.desk.factors import SESSION, may_use_app
from lykta.sites.desk.verbs import answers


@answers("GET")
def account(request: HttpRequest, by: Staff) -> HttpResponse:
    """Everything about oneself on one page."""
    own = list(Authenticator.objects.filter(user=by).order_by("pk"))
    context = {
        "keys": [one.wrap() for one in own if one.type == Authenticator.Type.WEBAUTHN],
        "app": any(one.type == Authenticator.Type.TOTP for one in own),
        "may_use_app": may_use_app(by),
        "sessions": queries.sessions_of(by),
        "here": request.session[SESSION],
        "topics": [(topic, topic in by.never_show) for topic in Topic],
    }
    return render(request, "account.html", context)


@answers("POST")
def spare(request: HttpRequest, by: Staff) -> HttpResponse:
    """What the queue leaves out for this person; no reason is asked."""
    chosen = set(request.POST.getlist("topic"))
    actions.spare(by=by, topics=[topic for topic in Topic if topic in chosen])
    messages.success(request, gettext("Your queue leaves these out from now on."))
    return redirect("mfa_index")


@answers("POST")
def end_session(request: HttpRequest, by: Staff) -> HttpResponse:
    """One browser is logged out, or all others are."""
    typed = request.POST.get("session", "")
    if typed == "others":
        sessions.end_all(by=by.actor, staff=by, but=request.session[SESSION])
    else:
        try:
            sessions.end(by=by.actor, staff=by, number=UUID(typed))
        except ValueError:
            messages.error(request, gettext("We could not read which browser you meant. Please choose one."))
            return redirect("mfa_index")
    messages.success(request, gettext("Logged out there."))
    return redirect("mfa_index")
