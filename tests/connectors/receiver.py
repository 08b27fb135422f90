"""A partner's system on loopback: it takes webhooks, checks their signatures, and answers what a test tells it to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """`statuses` are answered in turn, then 204; None breaks the connection off. `taken` holds headers and bodies."""

    address: str = ""
    statuses: list[int | None] = field(default_factory=list)
    location: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    slow: threading.Event | None = None

    def verified(self, secret: str, which: int = -1) -> Any:
        """The content of a call, as the partner's library reads it. Raises WebhookVerificationError."""
        headers, body = self.taken[which]
        return Webhook(secret).verify(body, headers)

    def numbers(self) -> list[str]:
        """The webhook-id of each call."""
        return [headers["webhook-id"] for headers, _ in self.taken]


@contextmanager
def receiver(host: str = "127.10.0.3") -> Iterator[Receiver]:
    """Runs while it is held."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if here.slow:
                here.slow.wait(10)
            status = here.statuses.pop(0) if here.statuses else 204
            if status is None:
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if here.location:
                self.send_header("Location", here.location)
            if status == 503:
                self.send_header("Retry-After", "120")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    with ThreadingHTTPServer((host, 0), Handler) as server:
        here = Receiver(f"http://{host}:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
