"""Step-up: what weighs most is done only by somebody who proved a moment ago who they are."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest


def require_fresh(request: HttpRequest) -> None:
    """Goes on where password or code were given in this session a few minutes ago; else the person is asked first.

    Called after the right to do the thing was checked, so that nobody learns of it who has none. What was sent waits
    in the session, and is done once the person has answered.
    """
    reauthentication_required(lambda _request: None)(request)
