"""What goes wrong, as machines and the people behind them read it: problem details (RFC 9457), always with advice."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from lykta.sites.common import problems as pages


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at one place of what was sent. `pointer` names the place as RFC 6901 does, in a URI fragment."""

    pointer: str
    detail: str


@dataclass(slots=True)
class Problem(Exception):
    """An answer that refuses. `detail` says what to do."""

    status: HTTPStatus
    detail: str
    mistakes: list[Mistake] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """The members of the problem document. Its type is `about:blank`: the status says which sort it is."""
        found: dict[str, Any] = {"title": self.status.phrase, "status": int(self.status), "detail": self.detail}
        if self.mistakes:
            found["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in self.mistakes]
        return found

    def response(self) -> JsonResponse:
        options = {"ensure_ascii": False}
        kind = "application/problem+json"
        return JsonResponse(
            self.members(), status=self.status, content_type=kind, headers=self.headers, json_dumps_params=options
        )


def not_found(request: HttpRequest) -> JsonResponse:
    """Every other address of the interface."""
    del request
    detail = "There is nothing at this address. The description at /api/v1/openapi.json names all that there is."
    return Problem(HTTPStatus.NOT_FOUND, detail).response()


def fault(request: HttpRequest) -> HttpResponse:
    """Something of ours broke: for a machine a problem document, for people a page."""
    if not request.path_info.startswith("/api/"):
        return pages.fault(request)
    detail = "Something went wrong on our side. Send it again in a few minutes, with the same Idempotency-Key."
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail).response()
