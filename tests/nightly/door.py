"""A door before a face: each request comes from a network of its own, so that a scanner meets the pages behind the limits
against floods. Without it a scanner spends its hours on the page that asks for patience, and takes that for an answer.
"""

import http.client
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.installation import new_network


def _handler(port: int) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THIS_LINE}
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request(self.command, self.path, body, {**given, "X-Forwarded-For": new_network()})
            answer = line.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_THIS_LINE:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)
            line.close()

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_TRACE = do_PATCH = _pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing is said of what passes."""

    return Door


_OF_THIS_LINE = {"connection", "transfer-encoding", "content-length", "keep-alive", "x-forwarded-for"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A scanner hangs up when it has seen enough; everything else is said."""
        if not isinstance(sys.exception(), BrokenPipeError):
            super().handle_error(request, client_address)


@contextmanager
def door(port: int) -> Iterator[str]:
    """The address of a door before the face at this port of loopback."""
    with _Server(("127.0.0.1", 0), _handler(port)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
