"""A test double of an IMAP server: the handful of commands that Lykta says, over TLS, mailboxes in memory."""

import datetime as dt
import ipaddress
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "secret"
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n\Z")


@dataclass
class Mail:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Imap:
    """Where the server is, and how it behaves."""

    host: str
    port: int
    client_tls: ssl.SSLContext
    server_tls: ssl.SSLContext
    starttls: bool = False
    can_move: bool = True
    breaks_at: str = ""
    refuses: str = ""
    folders: dict[str, dict[str, list[Mail]]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    validity: int = 7
    last_uid: int = 0

    def of(self, user: str) -> dict[str, list[Mail]]:
        return self.folders.setdefault(user, {"INBOX": []})

    def put(self, user: str, folder: str, raw: bytes, flags: set[str]) -> None:
        self.last_uid += 1
        self.of(user).setdefault(folder, []).append(Mail(self.last_uid, raw, flags))


class _Broken(Exception):
    """The line is cut, as the test wants it."""


class _Talk(socketserver.StreamRequestHandler):
    """One connection: words in, answers out."""

    imap: Imap
    disable_nagle_algorithm = True
    user = ""
    folder = "INBOX"

    def handle(self) -> None:
        try:
            if not self.imap.starttls:
                self._secure()
            self._say("* OK double")
            while self._answer(*self._command()):
                pass
        except (_Broken, OSError, EOFError):
            return
        finally:
            for one in (self.rfile, self.wfile, self.connection):
                one.close()

    def _secure(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.connection = self.imap.server_tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def finish(self) -> None:
        """Everything is closed already."""

    def _say(self, *lines: str | bytes) -> None:
        for line in lines:
            self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def _command(self) -> tuple[str, str, str, bytes]:
        """Tag, command in capitals, the rest of the line, and a literal if one comes along."""
        line = self.rfile.readline()
        if not line:
            raise EOFError
        literal = b""
        found = _LITERAL.search(line)
        if found:
            self._say("+ go on")
            literal = self.rfile.read(int(found[1]))
            self.rfile.readline()
        tag, _, rest = line.decode().strip().partition(" ")
        word, _, rest = rest.partition(" ")
        if word.upper() == "UID":
            second, _, rest = rest.partition(" ")
            word = f"UID {second}"
        return tag, word.upper(), rest, literal

    def _answer(self, tag: str, word: str, rest: str, literal: bytes) -> bool:
        self.imap.heard.append(word)
        if word == self.imap.breaks_at:
            raise _Broken
        done = "NO" if word == self.imap.refuses else self._do(word, rest, literal)
        self._say(f"{tag} {done} done")
        if word == "STARTTLS":
            self._secure()
        return word != "LOGOUT"

    def _do(self, word: str, rest: str, literal: bytes) -> str:  # noqa: C901 - one case for each command
        words = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', rest)]
        match word:
            case "CAPABILITY":
                extra = " MOVE" if self.imap.can_move and self.user else ""
                self._say(f"* CAPABILITY IMAP4rev1{' STARTTLS' * self.imap.starttls}{extra}")
            case "LOGIN":
                if words[1] != PASSWORD:
                    return "NO [AUTHENTICATIONFAILED]"
                self.user = words[0]
            case "SELECT" | "EXAMINE":
                if words[0] not in self._folders:
                    return "NO"
                self.folder = words[0]
                self._say(f"* {len(self._here)} EXISTS", f"* OK [UIDVALIDITY {self.imap.validity}] valid")
            case "CREATE":
                if words[0] in self._folders:
                    return "NO [ALREADYEXISTS]"
                self._folders[words[0]] = []
            case "APPEND":
                self.imap.put(self.user, words[0], literal, set(re.findall(r"\\\w+", rest)))
            case "LOGOUT":
                self._say("* BYE")
            case "EXPUNGE":
                self._here[:] = [mail for mail in self._here if "\\Deleted" not in mail.flags]
            case _ if word.startswith("UID "):
                self._uid(word.removeprefix("UID "), words, rest)
        return "OK"

    def _uid(self, word: str, words: list[str], rest: str) -> None:
        if word == "SEARCH":
            unread = [str(mail.uid) for mail in self._here if not {"\\Seen", "\\Deleted"} & mail.flags]
            self._say(f"* SEARCH {' '.join(unread)}")
            return
        uids = {int(uid) for uid in words[0].split(",")}
        mails = [mail for mail in self._here if mail.uid in uids]
        for place, mail in enumerate(mails, 1):
            if word == "FETCH" and "RFC822.SIZE" in rest:
                self._say(f"* {place} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)})")
            elif word == "FETCH":
                head = f"* {place} FETCH (UID {mail.uid} BODY[] {{{len(mail.raw)}}}\r\n"
                self._say(head.encode() + mail.raw + b")")
            elif word == "STORE":
                mail.flags.add("\\Deleted")
            elif word in {"MOVE", "COPY"}:
                self.imap.put(self.user, words[1], mail.raw, set(mail.flags))
        if word == "MOVE":
            self._here[:] = [mail for mail in self._here if mail.uid not in uids]

    @property
    def _folders(self) -> dict[str, list[Mail]]:
        return self.imap.of(self.user)

    @property
    def _here(self) -> list[Mail]:
        return self._folders[self.folder]


@contextmanager
def imap_server(folder: Path, **behaviour: Any) -> Iterator[Imap]:
    """A server on loopback that trusts nobody without the password."""
    client = make_certificate(folder)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    imap = Imap("127.0.0.1", 0, client, server, **behaviour)
    handler = type("Talk", (_Talk,), {"imap": imap})
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer((imap.host, 0), handler) as here:
        here.daemon_threads = True
        imap.port = int(here.server_address[1])
        thread = threading.Thread(target=here.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield imap
        finally:
            here.shutdown()
            thread.join()


def make_certificate(folder: Path) -> ssl.SSLContext:
    """Write `server.pem`, the key and certificate of a server on loopback; what comes back trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.hotline.test")])
    today = dt.datetime.now(dt.UTC)
    hosts = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(secret + shown)
    (folder / "server.pem").chmod(0o600)
    return ssl.create_default_context(cadata=shown.decode())
