"""The chain: every fact with who says it, every doubt in plain words, and nothing that can be clicked or seen."""

from typing import Any

import pytest
from tests.sites.desk.scenes import ADDRESS, DEFANGED, WHOLE

from lykta.core.vocabulary import ItemKind
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Trace
from lykta.sites.desk.chain import SHOWN, Link, chain, fingerprinted, server

ITEM = Item(kind=ItemKind.WEB, address=ADDRESS, host="pictures.nordhost.test")


def links(**changes: Any) -> list[Link]:
    return chain(ITEM, Trace(item=ITEM, **{**WHOLE, **changes}))


def link(what: str, **changes: Any) -> Link:
    """The only link of that name."""
    [found] = [one for one in links(**changes) if one.what == what]
    return found


def test_the_chain_leads_from_the_address_to_the_country_of_the_host() -> None:
    assert [one.what for one in links()] == [
        "Asked for",
        "Also named",
        "Answers from",
        "Name sold by",
        "Network",
        "Announced by",
        "Placed in",
        "Placed in",
        "Host in",
    ]


def test_each_fact_stands_with_who_says_it() -> None:
    assert {(one.what, one.fact, one.said_by) for one in links()} >= {
        ("Also named", "edge[.]nordhost[.]test", "192.0.2.53"),
        ("Answers from", "192.0.2.10", "192.0.2.53"),
        ("Name sold by", "A registrar", "rdap.names.test"),
        ("Network", "Nordhost AB 192.0.2.0–192.0.2.255", "rdap.registry.test"),
        ("Announced by", "Nordhost Backbone AS64500", "rdap.registry.test"),
        ("Placed in", "Sweden (SE)", "first ranges, 2026-01-01"),
        ("Placed in", "Sweden (SE)", "second ranges, 2026-02-01"),
    }


def test_what_a_registration_says_is_not_where_the_server_stands() -> None:
    network = {**WHOLE["network"], "country": "NL"}
    assert link("Network", network=network).remarks == ("registered to: Netherlands (NL)",)
    assert link("Host in", network=network).fact == "Sweden (SE)"
    assert "registered by somebody in Norway (NO)" in link("Name sold by").remarks
    assert "the registry holds back who it is" in link("Name sold by").remarks


def test_redirects_are_drawn_one_after_another_without_a_live_address() -> None:
    hops = [
        {"address": ADDRESS, "ip": "192.0.2.10", "status": 302},
        {"address": "https://end.example/1", "ip": "192.0.2.11", "status": 404},
    ]
    first, second = links(hops=hops)[:2]
    assert (first.what, first.fact, first.code) == ("Asked for", DEFANGED, True)
    assert (second.what, second.fact) == ("Leads to", "hxxps://end[.]example/1")
    assert second.remarks == ("answered with status 404 from 192.0.2.11",)


def test_what_nobody_answered_says_why() -> None:
    asked = link("Asked for", hops=[], reason="The server did not answer in time.")
    assert (asked.fact, asked.remarks) == (DEFANGED, ("The server did not answer in time.",))


def test_the_name_service_says_more_than_addresses() -> None:
    assert link("Answers from").remarks == (
        "name servers: ns1[.]nordhost[.]test, ns2[.]nordhost[.]test",
        "signed, says the name server (DNSSEC)",
        "may change after 300 seconds",
    )
    assert link("Answers from", name_service={}).remarks == ()


@pytest.mark.parametrize("dnssec", ["unsigned", "not known"])
def test_an_unsigned_name_is_nothing_to_speak_of(dnssec: str) -> None:
    remarks = link("Answers from", name_service={"dnssec": dnssec}).remarks
    assert not any("DNSSEC" in one for one in remarks)


def test_anycast_is_said_at_the_addresses() -> None:
    assert link("Answers from", anycast=True).chip == "in many places at once (anycast)"
    assert link("Answers from").chip == ""


def test_what_stands_in_front_of_the_host_is_drawn_as_that_with_ways_to_ask() -> None:
    front = {"name": "Veil CDN", "how": "range", "because": "Its range says so.", "ways": ["Write to it."]}
    found = link("In front", cdn=True, in_front=front, host_country="", host_confidence="unknown")
    assert (found.fact, found.drawn) == ("Veil CDN", "front")
    assert found.remarks[0].startswith("A delivery network in front of the host")
    assert found.remarks[1:] == ("Its range says so.", "Write to it.")
    assert not [one for one in links() if one.what == "In front"]


def test_what_stands_in_front_is_drawn_after_its_own_place_and_before_the_host() -> None:
    because = "Its range says so."
    front = {"name": "Veil CDN", "how": "range", "because": because, "ways": []}
    found = links(cdn=True, in_front=front, host_because=[because, "Only Veil CDN knows."])
    assert [one.drawn for one in found[-4:]] == ["place", "place", "front", "host"]
    assert found[-1].remarks == ("Only Veil CDN knows.",)


def test_the_country_of_what_stands_in_front_is_not_given_as_the_hosts() -> None:
    front = {"name": "Veil CDN", "how": "range", "because": "", "ways": []}
    found = link("Host in", cdn=True, in_front=front, country="US", host_country="", host_confidence="unknown")
    assert (found.fact, found.chip, found.drawn) == ("country not known", "not known", "host doubted")


@pytest.mark.parametrize(
    ("confidence", "chip", "drawn"),
    [
        ("certain", "certain", "host"),
        ("likely", "likely", "host"),
        ("unsure", "unsure: judge for yourself", "host doubted"),
        ("unknown", "not known", "host doubted"),
    ],
)
def test_how_sure_the_country_is_stands_beside_it_with_the_reasons(confidence: str, chip: str, drawn: str) -> None:
    found = link("Host in", host_confidence=confidence)
    assert (found.chip, found.drawn) == (chip, drawn)
    assert found.remarks == ("first ranges, second ranges: 192.0.2.10 is in SE.",)


def test_a_trace_from_before_countries_were_judged_gives_its_country_and_source() -> None:
    found = link(
        "Host in", host_because=[], host_country="", host_confidence="unknown", country_from="old (2025-01-01)"
    )
    assert (found.fact, found.said_by, found.chip) == ("Sweden (SE)", "old (2025-01-01)", "")


def test_sources_that_disagree_are_both_shown_and_marked() -> None:
    places = [
        {"address": "192.0.2.10", "country": "SE", "source": "first", "dated": "2026-01-01"},
        {"address": "192.0.2.10", "country": "NL", "source": "second", "dated": "2026-01-01"},
        {"address": "192.0.2.10", "country": "", "source": "silent", "dated": "2026-01-01"},
    ]
    found = [one for one in links(places=places, disagree=True) if one.what == "Placed in"]
    assert [(one.fact, one.chip) for one in found] == [
        ("Sweden (SE)", "sources disagree"),
        ("Netherlands (NL)", "sources disagree"),
    ]


def test_a_source_that_places_addresses_apart_says_which_is_where() -> None:
    places = [
        {"address": "192.0.2.10", "country": "SE", "source": "one", "dated": "2026-01-01"},
        {"address": "192.0.2.11", "country": "NL", "source": "one", "dated": "2026-01-01"},
    ]
    assert link("Placed in", places=places).fact == "Sweden (SE): 192.0.2.10; Netherlands (NL): 192.0.2.11"


def test_a_crowd_of_addresses_is_cut_and_counted() -> None:
    addresses = [f"192.0.2.{number}" for number in range(60)]
    fact = link("Answers from", addresses=addresses).fact
    assert fact.endswith(f"192.0.2.{SHOWN - 1}, and {60 - SHOWN} more")


def test_a_rendered_page_names_whom_it_asked() -> None:
    found = link("A browser ran its scripts, which asked", rendered=True, hosts=["cdn.example"])
    assert found.fact == "cdn[.]example"
    assert link("A browser ran its scripts, which asked", rendered=True).fact == "nobody else"


def test_without_a_trace_or_a_server_there_is_no_chain() -> None:
    assert chain(ITEM, None) == []
    account = Item(kind=ItemKind.ACCOUNT, address="telegram:somebody", host="telegram")
    assert chain(account, Trace(item=account, **WHOLE)) == []


def test_a_trace_that_learnt_nothing_still_ends_at_a_host_that_is_not_known() -> None:
    bare = chain(ITEM, Trace(item=ITEM))
    assert [(one.what, one.fact) for one in bare] == [("Asked for", DEFANGED), ("Host in", "country not known")]


def test_pictures_are_numbers_and_a_defanged_address() -> None:
    medium = {
        "address": "http://pictures.nordhost.test/1.png",
        "media_type": "image/png",
        "length": 12345,
        "width": 800,
        "height": 600,
        "sha256": "a" * 64,
        "md5": "b" * 32,
        "pdq": ["c" * 64, "d" * 64],
        "quality": 93,
        "frames": [],
        "problem": "",
    }
    [found] = fingerprinted(Trace(item=ITEM, fingerprints=[medium]))
    assert found.address == "hxxp://pictures[.]nordhost[.]test/1[.]png"
    assert found.facts == [
        ("Kind", "image/png, 800 × 600, 12,345 bytes"),
        ("SHA-256", "a" * 64),
        ("MD5", "b" * 32),
        ("PDQ, quality 93", "c" * 64),
    ]
    assert fingerprinted(None) == []


def test_what_could_not_be_fingerprinted_says_why() -> None:
    [found] = fingerprinted(Trace(item=ITEM, fingerprints=[{"address": "http://a.example/1", "problem": "Too large."}]))
    assert (found.facts, found.problem) == ([], "Too large.")


@pytest.mark.parametrize(
    ("source", "said"),
    [("https://rdap.test/ip/192.0.2.1", "rdap.test"), ("whois.registry.test", "whois.registry.test"), ("", "")],
)
def test_a_source_is_named_by_its_server(source: str, said: str) -> None:
    assert server(source) == said
