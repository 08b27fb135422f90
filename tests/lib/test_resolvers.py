import json

import dns.nameserver
import pytest

from lykta.lib.resolvers import NameServer, nameservers, read_resolvers


def test_name_servers_are_written_with_their_ports_and_those_over_tls_with_their_names() -> None:
    assert read_resolvers("127.0.0.1:53, [::1]:5353,tls://192.0.2.53:853#dns.example") == [
        NameServer("127.0.0.1", 53),
        NameServer("::1", 5353),
        NameServer("192.0.2.53", 853, "dns.example"),
    ]


@pytest.mark.parametrize("word", ["192.0.2.1:53", "[2001:db8::1]:53", "tls://[2001:db8::1]:853#dns.example"])
def test_a_name_server_is_shown_as_it_was_written(word: str) -> None:
    assert [str(server) for server in read_resolvers(word)] == [word]


@pytest.mark.parametrize(
    "word",
    [
        "",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:٥٣",
        "names.example:53",
        "192.0.2.1:53,",
        "tls://192.0.2.1:853",
        "tls://192.0.2.1:853#",
        "192.0.2.1:53#dns.example",
        "https://192.0.2.1:443#dns.example",
    ],
)
def test_what_is_no_name_server_is_refused_by_name(word: str) -> None:
    with pytest.raises(ValueError, match="is not a name server: write it as"):
        read_resolvers(word)


def test_they_survive_the_way_to_another_process() -> None:
    servers = nameservers(json.loads(json.dumps(read_resolvers("127.0.0.1:53,tls://192.0.2.53:853#dns.example"))))
    assert [type(server) for server in servers] == [dns.nameserver.Do53Nameserver, dns.nameserver.DoTNameserver]
    assert isinstance(servers[1], dns.nameserver.DoTNameserver)
    assert (servers[1].address, servers[1].port, servers[1].hostname) == ("192.0.2.53", 853, "dns.example")
