"""By which door a look leaves, with the real processes and with a proxy on loopback."""

from collections.abc import Iterator

import pytest
from tests.connectors.servers import NameServer, Site, http_answer
from tests.lib.proxies import ProxyServer, proxy_server

from lykta.connectors.web.connector import WebLooker
from lykta.core.vocabulary import Outcome
from lykta.lib.exits import Exit, Proxy
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy.read(only="127.10.0.0/16", ports="*")
ONION = "http://" + "a" * 56 + ".onion/"
PAGE = b"<title>Through a door</title><p>A page with enough words on it to be read as it comes.</p>"
SCRIPTED = b"<body><script>document.title = 'Built'; document.body.append('behind the door')</script>"


@pytest.fixture
def socks(host: Site) -> Iterator[ProxyServer]:
    with proxy_server("socks5") as here:
        here.leads_to = (host.host, host.port)
        yield here


@pytest.fixture
def looker(socks: ProxyServer, names: NameServer) -> Iterator[WebLooker]:
    door = Proxy("socks5", socks.host, socks.port)
    looker = WebLooker(
        policy=POLICY,
        resolvers=names.resolvers,
        timeout=5,
        through=Exit(usual=door, onion=door),
        user_agent="Somebody/1.0",
        browser_agent="Somebody/2.0",
    )
    yield looker
    looker.close()


def test_a_look_leaves_by_its_door(looker: WebLooker, socks: ProxyServer, host: Site, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.77"]}
    host.answers["/"] = http_answer(PAGE)
    look = looker.look("http://a.test/")
    assert (look.outcome, look.title, look.hops[0].ip) == (Outcome.PRESENT, "Through a door", "127.10.0.77")
    assert set(socks.told) == {"127.10.0.77:80"}
    assert "User-Agent: Somebody/1.0" in host.asked[0]
    assert looker.look("http://127.0.0.1/").outcome is Outcome.REFUSED
    assert set(socks.told) == {"127.10.0.77:80"}


def test_an_onion_page_is_looked_at_by_name(looker: WebLooker, socks: ProxyServer, host: Site) -> None:
    host.answers["/"] = http_answer(PAGE)
    look = looker.look(ONION)
    assert (look.outcome, look.title, look.hops[0].ip) == (Outcome.PRESENT, "Through a door", "")
    assert set(socks.told) == {"a" * 56 + ".onion:80"}


def test_a_browser_leaves_by_the_same_door(looker: WebLooker, socks: ProxyServer, host: Site) -> None:
    host.answers["/"] = http_answer(SCRIPTED)
    look = looker.render(ONION)
    assert (look.outcome, look.title, look.rendered) == (Outcome.PRESENT, "Built", True)
    assert set(socks.told) == {"a" * 56 + ".onion:80"}
    assert "User-Agent: Somebody/2.0" in host.asked[0]
