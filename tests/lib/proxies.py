"""A SOCKS and an HTTP proxy on loopback that write down what they were told, and then say what a test lets them say."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address


@dataclass
class ProxyServer:
    """`told` holds what was asked for, as “1.2.3.4:80”; `answer` replaces the proxy's last word, and nothing follows.

    Whatever is asked for, `leads_to` is where it connects, so that an onion name leads somewhere, too.
    """

    host: str
    port: int
    leads_to: tuple[str, int] = ("", 0)
    answer: bytes | None = None
    told: list[str] = field(default_factory=list)


@contextmanager
def proxy_server(kind: str) -> Iterator[ProxyServer]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket

        def handle(self) -> None:
            with suppress(OSError, IndexError):
                success = (_socks if kind == "socks5" else _connect)(self.request, here)
                if here.answer is not None:
                    self.request.sendall(here.answer)
                    return
                with socket.create_connection(here.leads_to, timeout=5) as behind:
                    self.request.sendall(success)
                    _relay(self.request, behind)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.3", 0), Handler) as server:
        here = ProxyServer("127.0.0.3", int(server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()


def _socks(client: socket.socket, here: ProxyServer) -> bytes:
    assert client.recv(3) == b"\x05\x01\x00"
    client.sendall(b"\x05\x00")
    head = client.recv(300)
    kind, rest = head[3], head[4:]
    host = rest[1 : 1 + rest[0]].decode() if kind == 3 else str(ip_address(rest[: 4 if kind == 1 else 16]))
    here.told.append(f"{host}:{int.from_bytes(head[-2:])}")
    return b"\x05\x00\x00\x04" + bytes(18)


def _connect(client: socket.socket, here: ProxyServer) -> bytes:
    head = client.recv(2000).decode()
    assert head.startswith("CONNECT ")
    here.told.append(head.split(" ")[1])
    return b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"


def _relay(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_pour, args=(other, one))
    back.start()
    _pour(one, other)
    back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while more := source.recv(65536):
            target.sendall(more)
        target.shutdown(socket.SHUT_WR)
