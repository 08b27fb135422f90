"""A page that is broken on purpose: a scanner that finds nothing here would find nothing anywhere."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class _Broken(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """What was asked for is written into a statement and into the page as it is."""
        asked = parse_qs(urlsplit(self.path).query).get("name", [""])[0]
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE TABLE cities AS SELECT 'Lund' AS name")
            try:
                found = database.execute(f"SELECT name FROM cities WHERE name = '{asked}'").fetchall()  # noqa: S608
            except sqlite3.Error as error:
                found = [f"SQLite3::SQLException: {error}"]  # as a driver that scanners know says it
        page = f"<html><body><a href='/?name=Lund'>Lund</a><p>{asked}</p><p>{found}</p></body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing is said of what is asked."""


@contextmanager
def broken() -> Iterator[str]:
    """The address of the page, on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
