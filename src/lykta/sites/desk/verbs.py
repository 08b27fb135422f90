"""What every view of the desk shares: its methods, the person who asks, and refusals said in words."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lykta.core.refusals import NotAllowed, NotForYou, NotNow, NotUnderstood
from lykta.records.people.models import Staff
from lykta.sites.desk import problems
from lykta.sites.desk.sentences import in_words
from lykta.workflow.house import House

P = ParamSpec("P")
DeskView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def answers(*methods: str) -> Callable[[DeskView[P]], View[P]]:
    """A view for these methods that is given the person who asks; what is refused becomes a page."""

    def decorate(view: DeskView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return problems.wrong_method(request, *methods)
            try:
                return view(request, staff_of(request), *args, **kwargs)
            except NotForYou as refusal:
                return problems.not_for_you(request, refusal)
            except NotAllowed as refusal:
                return problems.not_found(request, refusal)

        return guarded

    return decorate


class SayRefusals:
    """What is refused inside is told to the person, and what follows the block is done as usual."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, NotNow | NotUnderstood):
            return False
        messages.error(self.request, in_words(str(error)))
        return True


def staff_of(request: HttpRequest) -> Staff:
    """Who asks. Raises NotAllowed for a stranger."""
    if not isinstance(request.user, Staff):
        raise NotAllowed("There is nothing here for you.")
    return request.user


def house() -> House:
    """The hotline that this desk belongs to."""
    found: House = settings.HOUSE
    return found
