"""A partner's system, as the tests of its interface need it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.test import Client

from lykta.lib import clock
from lykta.records.letterbox import partners

REPORTS = "/api/v1/reports"
STATUS = "/api/v1/reports/status"
DESCRIPTION = "/api/v1/openapi.json"
ITEM = {"url": "https://pictures.example/album/1", "reference": "4711"}


@dataclass(frozen=True)
class System:
    """A client that holds a token, or says that it does."""

    client: Client
    token: str

    def post(self, path: str, content: Any, **headers: str) -> Any:
        """Send JSON; bytes go as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        every = {"authorization": f"Bearer {self.token}", **headers}
        return self.client.post(path, body, content_type="application/json", headers=every)

    def stream(self, body: object) -> Any:
        """Report with a body that is read as it comes."""
        headers = {"authorization": f"Bearer {self.token}"}
        return self.client.post(REPORTS, b"-", content_type="application/json", headers=headers, **in_chunks(body))

    def report(self, content: Any, **headers: str) -> Any:
        return self.post(REPORTS, content, **headers)

    def status(self, receipt: str) -> Any:
        return self.post(STATUS, {"receipt": receipt})


class BrokenLine(BytesIO):
    """The body of a client that went away."""

    def read(self, size: int | None = -1) -> bytes:
        del size
        raise ConnectionResetError


def in_chunks(body: object) -> dict[str, Any]:
    """What the server hands on of a request that comes in chunks, without a length."""
    return {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}


def new_partner(slug: str = "example-social", scopes: str = "reports") -> str:
    """A partner of this hotline; returns its token."""
    return partners.add_partner(slug=slug, name="Example Social", scopes=set(scopes.split(",")), now=clock.now())


def problem(response: Any) -> Mapping[str, Any]:
    """The problem document of a refusal, which always says what to do."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:300]
    found: dict[str, Any] = response.json()
    assert found["status"] == response.status_code
    assert found["title"]
    assert found["detail"]
    return found
