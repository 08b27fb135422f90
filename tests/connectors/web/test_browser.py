"""Pages that need a browser, with the real Chromium in its jail, against hosts on loopback."""

import asyncio
import functools
import socket
import time
from pathlib import Path

import pytest
from tests.connectors.servers import Answer, NameServer, Site, http_answer, redirect, site
from tests.connectors.web.certificates import self_signed

from lykta.connectors.web import browser
from lykta.connectors.web.browser import Rendered
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

pytestmark = pytest.mark.journey

POLICY = GuardPolicy.read(only="127.10.0.0/16", ports="*")
SCRIPTED = b"""<title>before</title><link rel=icon href=/icon.png><body><script>
document.title = 'after';
const words = document.createElement('p');
words.textContent = 'built by ' + 'a script';
document.body.append(words);
for (const name of ['/1.png', '/2.jpg']) { const one = new Image(); one.src = name; document.body.append(one); }
</script>"""


def render(address: str, names: NameServer, *, seconds: float = 15, user_agent: str = "") -> Rendered:
    dial = functools.partial(outbound.dial, policy=POLICY, resolver=outbound.Names(names.resolvers, timeout=2))
    return asyncio.run(browser.render(address, dial=dial, seconds=seconds, user_agent=user_agent))


def paths(host: Site) -> list[str]:
    return [head.split(" ")[1] for head in host.asked]


def test_a_page_is_built_by_its_scripts_and_its_pictures_are_not_fetched(host: Site, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"]}
    host.answers = {"/": redirect("/page"), "/page": http_answer(SCRIPTED)}
    address = f"http://a.test:{host.port}/"
    rendered = render(address, names)
    assert "built by a script" in rendered.html
    assert "<title>after</title>" in rendered.html
    assert rendered.address == address + "page"
    assert rendered.hops == (
        outbound.Hop(address, "127.10.0.1", 302),
        outbound.Hop(address + "page", "127.10.0.1", 200),
    )
    assert rendered.media == (address + "1.png", address + "2.jpg")
    assert paths(host) == ["/", "/page"]
    assert rendered.hosts == ("a.test",)


def test_the_browsers_calls_home_are_refused_and_counted(host: Site, names: NameServer) -> None:
    def take_time(connection: socket.socket) -> None:
        time.sleep(2)  # the browser calls soon after it has started, not at once
        connection.sendall(http_answer(b""))

    host.answers = {"/": http_answer(b"<script src=/late.js></script>"), "/late.js": take_time}
    rendered = render(host.url(), names)
    assert rendered.calls_refused > 0
    assert names.asked == []
    assert rendered.hosts == ("127.10.0.1",)


@pytest.mark.parametrize(
    ("answers", "fault", "reason"),
    [
        ({"/": redirect("http://127.0.0.1/")}, outbound.Refused, "loopback"),
        ({"/": redirect("http://169.254.169.254/latest/")}, outbound.Refused, "metadata"),
        ({"/": redirect("http://[fd00:ec2::254]/latest/")}, outbound.Refused, "not public"),
        ({"/": redirect("http://nowhere.test/")}, outbound.NoName, "does not exist"),
        ({"/": redirect("file:///etc/passwd")}, outbound.NoAnswer, "."),
        ({"/": http_answer(b"<script>location = 'http://127.0.0.1/'</script>")}, outbound.Refused, "loopback"),
        (
            {f"/{'x' * n}": http_answer(b"<script>location += 'x'</script>") for n in range(20)},
            outbound.Refused,
            "leads on",
        ),
        ({"/": http_answer(b"\x89PNG", media_type="image/png")}, outbound.Refused, "not a page"),
        ({"/": http_answer(b"x", headers={"Content-Disposition": "attachment"})}, outbound.Refused, "downloaded"),
        ({"/": b""}, outbound.NoAnswer, "."),
    ],
)
def test_a_page_that_leads_astray_ends_as_an_error(
    host: Site, names: NameServer, answers: dict[str, Answer], fault: type[outbound.OutboundError], reason: str
) -> None:
    host.answers = answers
    with pytest.raises(outbound.OutboundError, match=reason) as caught:
        render(host.url(), names)
    assert type(caught.value) is fault


def test_only_what_the_page_asks_for_is_asked(host: Site, names: NameServer) -> None:
    """Other hosts by script and frame, but no fonts, films, web sockets, beacons, prefetches or new windows."""
    with site("127.10.0.2") as other, site("127.10.0.3") as never:
        other.answers = {
            "/data": http_answer(b"data", headers={"Access-Control-Allow-Origin": "*"}),
            "/frame": http_answer(b"<img src=/in-frame.png>"),
        }
        never_ws = never.url("/socket").replace("http", "ws")
        page = f"""<link rel=dns-prefetch href={never.url()}><link rel=preconnect href={never.url()}>
        <link rel=prefetch href={never.url("/early")}><video src={never.url("/film.mp4")} poster={never.url("/p.jpg")}></video>
        <iframe src={other.url("/frame")}></iframe><style>body {{ background: url({never.url("/back.png")}) }}
        @font-face {{ font-family: f; src: url({never.url("/font.woff2")}) }} p {{ font-family: f }}</style><p>text</p><script>
        fetch('{other.url("/data")}').then(a => a.text()).then(text => {{ document.title = text }});
        try {{ new WebSocket('{never_ws}') }} catch (e) {{}}
        navigator.sendBeacon('{never.url("/beacon")}', 'x');
        window.open('{never.url("/window")}');
        alert('stop'); confirm('stop');
        </script>"""
        host.answers["/"] = http_answer(page.encode())
        rendered = render(host.url(), names)
        assert "<title>data</title>" in rendered.html
        assert paths(never) == []
        assert sorted(paths(other)) == ["/data", "/frame"]
        assert rendered.hosts == ("127.10.0.1", "127.10.0.2")
        shown = {never.url("/film.mp4"), never.url("/p.jpg"), never.url("/back.png"), other.url("/in-frame.png")}
        assert shown <= set(rendered.media)


def test_the_page_behind_a_bad_certificate_is_rendered(names: NameServer, tmp_path: Path) -> None:
    with site(tls=self_signed(tmp_path)) as host:
        host.answers["/"] = http_answer(SCRIPTED)
        rendered = render(host.url(), names, user_agent="Somebody/1.0")
        assert "built by a script" in rendered.html
        assert "User-Agent: Somebody/1.0" in host.asked[0]


def test_a_page_that_takes_all_time_is_ended(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"<script>for (;;) {}</script>")
    began = time.monotonic()
    with pytest.raises(outbound.NoAnswer, match="5 seconds"):
        render(host.url(), names, seconds=5)
    assert time.monotonic() - began < 8


def test_a_page_that_takes_all_memory_is_ended(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(
        b"<script>const held = []; for (;;) held.push(new Uint8Array(3e7).fill(7))</script>"
    )
    with pytest.raises(outbound.NoAnswer, match="browser"):
        render(host.url(), names, seconds=30)


def test_a_page_of_more_bytes_than_a_page_may_have_is_cut(
    host: Site, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            connection.sendall(b"<p>more</p>" * 1000)

    monkeypatch.setattr(browser, "MOST_BYTES", 1_000_000)
    host.answers["/"] = flood
    assert 50_000 < render(host.url(), names).html.count("more") < 100_000


@pytest.mark.parametrize("address", ["file:///etc/passwd", "chrome://version", "javascript:1", "data:text/html,x", "x"])
def test_only_web_addresses_are_opened(names: NameServer, address: str) -> None:
    with pytest.raises(outbound.Refused, match="web address"):
        render(address, names)


def test_a_machine_without_chromium_does_not_render(monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser.works()
    monkeypatch.setattr(browser, "PROGRAM", Path("/nowhere/chromium"))
    assert not browser.works()
