"""`make nightly`: two scanners of others against a throw-away hotline on loopback, as strangers and as an analyst.

wapiti looks for what a page gives away or lets in, sqlmap for what reaches a database. Both ask nobody but
127.0.0.1: the wapiti modules that need a server of its makers are left out. Ends with status 1 for any finding.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.installation import Installation, installation

MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,timesql,upload,xss"
"""Without those that ask servers of others (ssrf, xxe, log4shell, wapp, cms), guess names for hours, or guess passwords."""
EXPECTED = {
    "Cross Site Request Forgery": "every POST of wapiti is refused alike, which it takes for unchecked: see test_access_matrix",
    "HTTP Strict Transport Security (HSTS)": "the proxy that speaks TLS sets it; on loopback there is none",
    "Secure Flag cookie": "set where the desk has an https address; on loopback it has none",
}
SECONDS = 300
"""For one face."""
STARTS = {"report": "/en/", "partners": "/en/answer/", "pages": "/en/", "desk": "/"}
QUERIES = {
    "desk": ("/?show=all&page=1", "/hosts/?name=nordhost.test", "/cases/1*/?page=1"),
    "report": ("/en/mailbox/",),
    "partners": ("/en/answer/",),
}
"""Where something typed or counted reaches a database."""
LOG_IN = """
from lykta.config.loading import load
load("desk")
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from lykta.records.people.models import Staff
from lykta.sites.desk.session_store import SessionStore
anna = Staff.objects.get(username="anna")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(anna.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = anna.get_session_auth_hash()
session[FACTOR] = Authenticator.objects.get(user=anna, type="totp").pk
session.save()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


def main(tools: Path, faces: list[str]) -> int:
    """Scan the named faces, or all of them. `tools` is the folder with the two programs."""
    found = 0
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder) / "home") as hotline:
        hotline.report("I saw this at http://pictures.nordhost.test/album/1")
        cookie = _cookie(hotline)
        for line in _all(hotline, tools, Path(folder), cookie, faces or list(STARTS)):
            found += 1
            print(line, flush=True)
    print(f"{found} findings.")
    return 1 if found else 0


def _all(hotline: Installation, tools: Path, folder: Path, cookie: str, faces: list[str]) -> Iterator[str]:
    for face in faces:
        address = hotline.url(face)
        given = ["--cookie", cookie] if face == "desk" else ["--forms"]
        for path in QUERIES.get(face, ()):
            yield from sqlmap(tools, address + path, folder / "sqlmap", *given)
        start, cookie_of_face = address + STARTS[face], cookie if face == "desk" else ""
        yield from wapiti(tools, start, folder / f"{face}.json", cookie=cookie_of_face)


def wapiti(tools: Path, address: str, report: Path, *, cookie: str) -> Iterator[str]:
    """What wapiti finds from an address on, within its folder."""
    command = [str(tools / "wapiti"), "-u", address, "--scope", "domain", "-m", MODULES, "--flush-session"]
    command += ["--max-scan-time", str(SECONDS), "--max-attack-time", "60", "-f", "json", "-o", str(report)]
    command += ["--store-session", str(report.parent / "wapiti"), "--store-config", str(report.parent / "wapiti")]
    command += ["-H", f"Cookie: {cookie}", "-x", f"{address}log-out/"] if cookie else []
    _run(command)
    for kind, found in json.loads(report.read_text())["vulnerabilities"].items():
        for one in found if kind not in EXPECTED else []:
            yield f"wapiti: {kind}: {one['method']} {one['path']} {one.get('parameter') or ''}: {one['info']}"


def sqlmap(tools: Path, address: str, folder: Path, *more: str) -> Iterator[str]:
    """The parameters of an address, or of its forms, that sqlmap finds open to injection."""
    command = [str(tools / "sqlmap"), "-u", address, "--batch", "--level", "2", "--risk", "1", "--disable-coloring"]
    said = _run([*command, "--flush-session", "--output-dir", str(folder), *more])
    for line in said.splitlines():
        if line.startswith("Parameter: ") or "is vulnerable" in line:
            yield f"sqlmap: {address}: {line}"


def _run(command: list[str]) -> str:
    print(" ".join(command), flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS * 3)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _cookie(hotline: Installation) -> str:
    command = [sys.executable, "-c", LOG_IN]
    done = subprocess.run(
        command, env={**os.environ, **hotline.environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
