"""Small servers on loopback that answer what a test tells them to, and write down what they were asked."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Here = TypeVar("Here")
Answer = bytes | Callable[[socket.socket], None]
FAULTS = frozenset({"silent", "SERVFAIL", "REFUSED"})
Records = dict[tuple[str, str], list[str] | str | Callable[[], list[str]]]


def http_answer(
    body: bytes = b"", *, status: int = 200, media_type: str = "text/html", headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} Words", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(address: str, *, status: int = 302) -> bytes:
    return http_answer(status=status, headers={"Location": address})


@dataclass
class Site:
    """An HTTP server: answers by path, 404 for others. `asked` holds the request heads."""

    host: str
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str = "/") -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{path}"


@contextmanager
def site(host: str = "127.10.0.1", *, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket

        def handle(self) -> None:
            try:
                with tls.wrap_socket(self.request, server_side=True) if tls else self.request as connection:
                    self._talk(connection)
            except OSError:
                return  # the client has seen enough

        def _talk(self, connection: socket.socket) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                more = connection.recv(65536)
                if not more:
                    return
                head += more
            here.asked.append(head.decode("latin-1"))
            path = head.split(b" ", 2)[1].decode()
            answer = here.answers.get(path, http_answer(b"nothing", status=404))
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)

    class Server(socketserver.ThreadingTCPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True
        block_on_close = False

    with Server((host, 0), Handler) as server:
        here = Site(host, int(server.server_address[1]), scheme="https" if tls else "http")
        yield from _running(server, here)


@dataclass
class NameServer:
    """A DNS server on UDP. A record set is a list of values, an rcode by name, "silent", or a function.

    What a zone says there is not comes with `negative`, its SOA. Answers about names in `signed` have the AD bit, those
    in `bogus` are held back from who wants them checked; `hands_on` gives the DO bit back, and with it `signature`, an
    RRSIG, where there is one. `truncates` cuts all answers; `ttl` is that of what there is, in seconds.
    """

    host: str
    port: int
    records: Records = field(default_factory=dict)
    ttl: int = 300
    asked: list[tuple[str, str]] = field(default_factory=list)
    negative: tuple[str, int, str] | None = None
    signed: set[str] = field(default_factory=set)
    bogus: set[str] = field(default_factory=set)
    hands_on: bool = False
    signature: str = ""
    truncates: bool = False

    @property
    def resolvers(self) -> tuple[tuple[str, int]]:
        return ((self.host, self.port),)

    def answer(self, query: bytes) -> bytes | None:
        question = dns.message.from_wire(query)
        name, kind = str(question.question[0].name).lower(), dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA | (dns.flags.AD if name in self.signed else 0)
        if self.hands_on:
            reply.use_edns(0, question.ednsflags & dns.flags.DO)
        if self.signature:
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", "RRSIG", self.signature))
        if name in self.bogus and not question.flags & dns.flags.CD:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply.to_wire(max_size=65_535)
        return self._filled(reply, name, kind)

    def _filled(self, reply: dns.message.Message, name: str, kind: str) -> bytes | None:
        if all(known != name for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        while True:
            alias = self.records.get((name, "CNAME"))
            found = alias or self.records.get((name, kind), [])
            found = found() if callable(found) else found
            found = found[0] if found and found[0] in FAULTS else found
            if found == "silent":
                return None
            if isinstance(found, str):
                reply.set_rcode(dns.rcode.from_text(found))
            elif found:
                reply.answer.append(dns.rrset.from_text_list(name, self.ttl, "IN", "CNAME" if alias else kind, found))
            elif self.negative:
                zone, ttl, start = self.negative
                reply.authority.append(dns.rrset.from_text(zone, ttl, "IN", "SOA", start))
            if not alias or not isinstance(found, list):
                return reply.to_wire(max_size=65_535)
            name = found[0]
            if all(known != name for known, _ in self.records):
                reply.set_rcode(dns.rcode.NXDOMAIN)


@contextmanager
def name_server(host: str = "127.0.0.1") -> Iterator[NameServer]:
    class Handler(socketserver.BaseRequestHandler):
        request: tuple[bytes, socket.socket]

        def handle(self) -> None:
            query, connection = self.request
            reply = here.answer(query)
            if reply:
                connection.sendto(_cut(reply) if here.truncates else reply, self.client_address)

    with socketserver.ThreadingUDPServer((host, 0), Handler) as server:
        here = NameServer(host, int(server.server_address[1]))
        yield from _running(server, here)


def _cut(reply: bytes) -> bytes:
    message = dns.message.from_wire(reply)
    message.answer.clear()
    message.flags |= dns.flags.TC
    return message.to_wire()


@contextmanager
def name_server_on_streams(
    host: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[NameServer]:
    """The same over TCP, or over TLS."""

    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket

        def handle(self) -> None:
            try:
                connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                with connection, connection.makefile("rb") as stream:
                    while head := stream.read(2):
                        reply = here.answer(stream.read(int.from_bytes(head)))
                        if reply:
                            connection.sendall(len(reply).to_bytes(2) + reply)
            except OSError:
                return  # the client has seen enough, or does not trust the certificate

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server((host, port), Handler) as server:
        here = NameServer(host, int(server.server_address[1]))
        yield from _running(server, here)


@dataclass
class WhoisServer:
    """A WHOIS server: answers by question, silence where the answer is None. `asked` holds the questions."""

    host: str
    port: int
    answers: dict[str, bytes | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def whois_server(host: str = "127.10.0.1", *, port: int = 0) -> Iterator[WhoisServer]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            question = self.rfile.readline().decode().strip()
            here.asked.append(question)
            answer = here.answers.get(question, b"No match.\r\n")
            if answer is None:
                self.rfile.read()
                return
            try:
                self.wfile.write(answer)
            except OSError:
                return  # the client has seen enough

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server((host, port), Handler) as server:
        here = WhoisServer(host, int(server.server_address[1]))
        yield from _running(server, here)


def _running(server: socketserver.BaseServer, here: Here) -> Iterator[Here]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
