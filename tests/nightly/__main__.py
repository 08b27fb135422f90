"""`make nightly`: two scanners of others against a throw-away hotline on loopback, as strangers and as a lead.

A lead sees the most. wapiti looks for what a page gives away or lets in, sqlmap for what reaches a database. Both ask
nobody but 127.0.0.1: the wapiti modules that need a server of its makers are left out. First they are tried on a page that
is broken on purpose. Ends with status 1 for any finding.
"""

import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.nightly.broken import broken
from tests.nightly.door import door
from tests.support.desk_sessions import cookies
from tests.support.installation import Installation, installation

MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,timesql,upload,xss"
"""Without those that ask servers of others (ssrf, xxe, log4shell, wapp, cms), guess names for hours, or guess passwords."""
EXPECTED = {
    # The desk: test_access_matrix sends each form with a wrong token. The public faces know no session to abuse.
    "Cross Site Request Forgery": "wapiti takes a refusal of everything that it sends for a form that checks nothing",
    "HTTP Strict Transport Security (HSTS)": "the proxy that speaks TLS sets it; on loopback there is none",
    "Secure Flag cookie": "set where the desk has an https address; on loopback it has none",
}
LEFT_OUT = ("log-out/", "account/sessions/end/", "account/password/")
"""Of the desk: what would end the session that the scanner works with."""
CRAWL_SECONDS = 120
MODULE_SECONDS = 300
"""The longest for one kind of attack on one face; what was cut off is said, and is no finding."""
SECONDS = CRAWL_SECONDS + MODULE_SECONDS * (MODULES.count(",") + 2)
"""For one face."""
STARTS = {"report": "/en/", "partners": "/en/answer/", "pages": "/en/", "desk": "/"}
QUERIES = {
    "desk": ("/?show=all&page=1", "/hosts/?name=nordhost.test", "/cases/1*/?page=1"),
    "report": ("/en/mailbox/",),
    "partners": ("/en/answer/",),
}
"""Where something typed or counted reaches a database."""


def main(tools: Path, faces: list[str]) -> int:
    """Scan the named faces, or all of them. `tools` is the folder with the two programs."""
    found = 0
    for line in findings(tools, faces or list(STARTS)):
        found += 1
        print(line, flush=True)
    print(f"{found} findings.")
    return 1 if found else 0


def findings(tools: Path, faces: list[str]) -> Iterator[str]:
    """What the scanners find, and what they should have found."""
    settings = {"LYKTA_TRUSTED_PROXY": "127.0.0.1"}  # which each request comes by
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder) / "home", **settings) as hotline:
        yield from blind(tools, Path(folder))
        hotline.report("I saw this at http://pictures.nordhost.test/album/1")
        cookie = f"desk={cookies(hotline, {'lena': 'lead'}, device='wapiti', proved=False)['lena']}"
        for face in faces:
            with door(hotline.port(face)) as address:
                yield from _scan(face, address, tools, Path(folder), cookie if face == "desk" else "")
        if _is_out(hotline, cookie):
            yield "The scan logged itself out: what it did after that was a stranger's."


def blind(tools: Path, folder: Path) -> Iterator[str]:
    """What the scanners do not find on a page that is broken on purpose."""
    with broken() as address:
        injected = list(sqlmap(tools, f"{address}/?name=Lund", folder / "sqlmap"))
        seen = " ".join(wapiti(tools, f"{address}/", folder / "broken.json", cookie=""))
    if not injected:
        yield "sqlmap finds nothing on a page that is broken on purpose."
    for kind in ("SQL Injection", "Cross Site Scripting"):
        if kind not in seen:
            yield f"wapiti finds no {kind} on a page that is broken on purpose."


def _scan(face: str, address: str, tools: Path, folder: Path, cookie: str) -> Iterator[str]:
    given = ["--cookie", cookie] if cookie else ["--forms"]
    for path in QUERIES.get(face, ()):
        yield from sqlmap(tools, address + path, folder / "sqlmap", *given)
    yield from wapiti(tools, address + STARTS[face], folder / f"{face}.json", cookie=cookie)


def _is_out(hotline: Installation, cookie: str) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", hotline.port("desk"), timeout=20)
    line.request("GET", "/", headers={"Cookie": cookie})
    return line.getresponse().status != http.client.OK


def wapiti(tools: Path, address: str, report: Path, *, cookie: str) -> Iterator[str]:
    """What wapiti finds from an address on, within its folder."""
    command = [str(tools / "wapiti"), "-u", address, "--scope", "folder", "-m", MODULES, "--flush-session"]
    command += [
        "--max-scan-time",
        str(CRAWL_SECONDS),
        "--max-attack-time",
        str(MODULE_SECONDS),
        "-f",
        "json",
        "-o",
        str(report),
    ]
    command += ["--store-session", str(report.parent / "wapiti"), "--store-config", str(report.parent / "wapiti")]
    command += (
        ["-H", f"Cookie: {cookie}", *(part for path in LEFT_OUT for part in ("-x", address + path))] if cookie else []
    )
    for line in _run(command).splitlines():
        if "time was reached" in line:
            print(f"wapiti: {address}: {line}", flush=True)
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
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
