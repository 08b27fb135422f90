"""A time-stamping service on loopback: openssl's own, behind the smallest web server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[service]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = tsa_one
[tsa_one]
serial = {folder}/serial
signer_cert = {folder}/service.pem
signer_key = {folder}/service.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class TimeStampingService:
    """`status` is answered instead of 200; `answer` instead of a stamp. `asked` counts the questions."""

    folder: Path
    address: str = ""
    status: int = 200
    answer: bytes | None = None
    asked: int = 0

    @property
    def authority(self) -> Path:
        """The certificate that `openssl ts -verify -CAfile` is given."""
        return self.folder / "authority.pem"

    def stamp(self, question: bytes) -> bytes:
        (self.folder / "question.tsq").write_bytes(question)
        _openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "question.tsq", "-out", "a.tsr", cwd=self.folder)
        return (self.folder / "a.tsr").read_bytes()


def make_service(folder: Path) -> TimeStampingService:
    """An authority of its own and a service that it vouches for; valid for a day."""
    folder.mkdir(exist_ok=True)
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    rsa = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-config", "tsa.cnf")
    _openssl(
        *rsa,
        "-subj",
        "/CN=Test authority",
        "-extensions",
        "authority",
        "-keyout",
        "authority.key",
        "-out",
        "authority.pem",
        cwd=folder,
    )
    _openssl(
        *rsa,
        "-subj",
        "/CN=Test service",
        "-extensions",
        "service",
        "-CA",
        "authority.pem",
        "-CAkey",
        "authority.key",
        "-keyout",
        "service.key",
        "-out",
        "service.pem",
        cwd=folder,
    )
    return TimeStampingService(folder)


@contextmanager
def service_at(service: TimeStampingService, host: str = "127.10.0.7") -> Iterator[TimeStampingService]:
    """Answers questions while it is held."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.asked += 1
            question = self.rfile.read(int(self.headers["Content-Length"]))
            body = service.stamp(question) if service.answer is None else service.answer
            self.send_response(service.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    with ThreadingHTTPServer((host, 0), Handler) as server:
        service.address = f"http://{host}:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def verified(data: Path, stamp: Path, authority: Path) -> str:
    """What openssl says about a stamp."""
    command = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(stamp), "-CAfile", str(authority)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def _openssl(*words: str, cwd: Path) -> None:
    subprocess.run(["openssl", *words], cwd=cwd, check=True, capture_output=True)
