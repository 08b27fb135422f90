"""What everybody who is asked says, and what it comes to."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.workflow.conftest import BEHIND_CDN, DUTCH, HOLD, SWEDISH, Hotline, outside_of

from lykta.connectors.console.connector import ConsoleGeography, ConsoleNames, ConsoleRegistry
from lykta.connectors.contract import (
    AbuseContact,
    Dnssec,
    Look,
    Medium,
    NameAnswer,
    Place,
    PlaceKind,
    Registration,
    Transient,
    Zone,
)
from lykta.core.lifecycle import StepWord
from lykta.core.urgency import MOVED
from lykta.core.vocabulary import Outcome, ReferralState
from lykta.lib import clock
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.models import Referral
from lykta.records.steps import actions as steps
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Change, Trace
from lykta.workflow import judging

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

NETWORK = Registration(
    subject="192.0.2.1",
    handle="NET-1",
    holder="Nordhost AB",
    country="SE",
    first_address="192.0.2.0",
    last_address="192.0.2.255",
    contacts=(AbuseContact(email="abuse@nordhost.test", rank=1, found_in="role abuse"),),
    source="https://rdap.test/ip/192.0.2.1",
)
SILENT = replace(NETWORK, contacts=())
AUTNUM = replace(NETWORK, subject="AS64500", country="NL", first_address="", last_address="", handle="AS64500")


def place(country: str, source: str = "first", **more: Any) -> Place:
    given = {"asn": None, "holder": "", "cdn": False, "dated": date(2026, 1, 1), **more}
    return Place(country=country, source=source, **given)


def traced(hotline: Hotline, *places: Place, address: str = SWEDISH, **outside: Any) -> Trace:
    """The trace of an address whose server the data files put at these places."""
    if places:
        outside["geography"] = ConsoleGeography({"192.0.2.1": places})
    with outside_of(hotline, **outside):
        if not Item.objects.filter(address=address).exists():
            hotline.receive(address)
        else:
            again = Item.objects.get(address=address).pk
            steps.plan(word=StepWord.TRACE, subject=again, occasion=clock.now().isoformat(), now=clock.now())
        hotline.work()
    found = tracing.trace_of(Item.objects.get(address=address))
    assert found
    return found


NAMED = ConsoleNames(
    {
        "bilder.nordhost.test": NameAnswer(
            name="bilder.nordhost.test",
            exists=True,
            addresses=("192.0.2.1",),
            nameservers=("ns1.nordhost.test",),
            mail_servers=("mx.nordhost.test",),
            zone=Zone(name="nordhost.test", primary="ns1.nordhost.test", mailbox="x@nordhost.test", serial=7),
            ttl=300,
            ttls={"A": 300},
            absent={"AAAA": 60},
            dnssec=Dnssec.SIGNED,
            resolver="192.0.2.53:53",
        )
    }
)


def test_what_two_sources_agree_on_is_certain_and_every_source_is_kept(hotline: Hotline) -> None:
    found = traced(
        hotline,
        place("SE", asn=64500, holder="Nordhost AB", licence="CC BY 4.0"),
        place("SE", "second", kind=PlaceKind.COUNTRY, dated=date(2026, 2, 1)),
        names=NAMED,
        registry=ConsoleRegistry(networks={"192.0.2.1": NETWORK}),
    )
    assert (found.host_country, found.host_confidence, found.disagree) == ("SE", "certain", False)
    assert (found.country, found.asn, found.holder) == ("SE", 64500, "Nordhost AB")
    assert found.country_from == "first (2026-01-01), second (2026-02-01)"
    assert found.places == [
        {
            "address": "192.0.2.1",
            "country": "SE",
            "asn": 64500,
            "holder": "Nordhost AB",
            "cdn": False,
            "source": "first",
            "dated": "2026-01-01",
            "anycast": False,
            "licence": "CC BY 4.0",
            "kind": "ranges",
        },
        {
            "address": "192.0.2.1",
            "country": "SE",
            "asn": None,
            "holder": "",
            "cdn": False,
            "source": "second",
            "dated": "2026-02-01",
            "anycast": False,
            "licence": "",
            "kind": "country",
        },
    ]
    assert found.host_because == ["first, second: 192.0.2.1 is in SE.", "Its network is registered to SE."]


def test_what_the_name_service_said_is_kept_as_it_said_it(hotline: Hotline) -> None:
    found = traced(hotline, place("SE"), names=NAMED)
    assert found.name_service == {
        "resolver": "192.0.2.53:53",
        "nameservers": ["ns1.nordhost.test"],
        "mail_servers": ["mx.nordhost.test"],
        "zone": {"name": "nordhost.test", "primary": "ns1.nordhost.test", "mailbox": "x@nordhost.test", "serial": 7},
        "ttl": 300,
        "ttls": {"A": 300},
        "absent": {"AAAA": 60},
        "unanswered": [],
        "dnssec": "signed",
    }


def test_what_registries_said_is_kept_without_repeating_the_contacts(hotline: Hotline) -> None:
    registry = ConsoleRegistry(
        networks={"192.0.2.1": NETWORK},
        domains={"nordhost.test": Registration(subject="nordhost.test", registrar="A registrar", country="NO")},
    )
    found = traced(hotline, place("SE", asn=64500), registry=registry)
    assert (found.network["holder"], found.network["first_address"]) == ("Nordhost AB", "192.0.2.0")
    assert "contacts" not in found.network
    assert (found.registrar, found.registrant_country, found.autnum) == ("A registrar", "NO", {})
    assert [one["email"] for one in found.contacts] == ["abuse@nordhost.test"]


def test_who_announces_a_network_is_asked_where_its_holder_names_nobody(hotline: Hotline) -> None:
    registry = ConsoleRegistry(networks={"192.0.2.1": SILENT}, numbers={64500: AUTNUM})
    found = traced(hotline, place("SE", asn=64500), registry=registry)
    assert found.autnum["handle"] == "AS64500"
    assert [one["email"] for one in found.contacts] == ["abuse@nordhost.test"]
    assert "Its AS number is registered to NL." in found.host_because


def test_what_the_look_found_is_kept_with_its_fingerprints(hotline: Hotline) -> None:
    medium = Medium(address=f"{SWEDISH}/1.png", media_type="image/png", sha256="a" * 64, pdq=("b" * 64,), quality=80)
    hotline.looks[SWEDISH] = Look(
        outcome=Outcome.PRESENT, language="sv", media=3, pictures=2, films=1, fingerprints=(medium,), rendered=True
    )
    found = traced(hotline)
    assert (found.language, found.media, found.pictures, found.films, found.rendered) == ("sv", 3, 2, 1, True)
    assert found.fingerprints[0]["sha256"] == "a" * 64
    assert found.fingerprints[0]["pdq"] == ["b" * 64]


@pytest.mark.parametrize(
    ("places", "confidence", "said"),
    [
        ((place("SE"), place("NO", "second")), "unsure", "It is not clear in which country it is: NO, SE."),
        ((place("SE"), place("SE", "second", anycast=True)), "unknown", None),
        ((place("SE", cdn=True, holder="Veil CDN"), place("SE", "second")), "unknown", None),
        ((place("", asn=64500),), "unsure", "The country of the server is not known."),
    ],
)
def test_where_sources_disagree_or_cannot_know_a_person_is_asked(
    hotline: Hotline, places: tuple[Place, ...], confidence: str, said: str | None
) -> None:
    found = traced(hotline, *places, registry=ConsoleRegistry(networks={"192.0.2.1": NETWORK}))
    assert found.host_confidence == confidence
    assert said is None or said in found.missing
    shown = judging.preview(item=found.item, given={"finding": "csam"}, house=hotline.world.house)
    assert [one.duty.rule for one in shown.told] == ["unsure"]
    assert "In which country is it?" in shown.question


@pytest.mark.parametrize(
    ("country", "rules"), [("nl", ["abroad"]), ("SE", ["server", "host"]), ("US", ["abroad-fallback"])]
)
def test_an_analyst_says_where_a_hidden_host_is(hotline: Hotline, country: str, rules: list[str]) -> None:
    found = traced(hotline, address=BEHIND_CDN)
    given = {"finding": "csam", "host_country": country}
    shown = judging.preview(item=found.item, given=given, house=hotline.world.house)
    assert [one.duty.rule for one in shown.told] == rules
    assert shown.question == ""
    if "host" in rules:
        assert shown.told[1].to.email == ""
        assert "please give the host's contact" in shown.told[1].to.problem


def test_a_front_is_named_with_ways_to_ask_for_the_origin(hotline: Hotline) -> None:
    found = traced(hotline, address=BEHIND_CDN)
    assert (found.cdn, found.host_country) == (True, "")
    assert (found.in_front["name"], found.in_front["how"]) == ("Host in US", "range")
    assert all("Host in US" in way for way in found.in_front["ways"])
    assert found.host_because[0] == found.in_front["because"]


def test_a_front_shows_in_the_headers_of_the_answer(hotline: Hotline) -> None:
    hotline.looks[SWEDISH] = replace(hotline.looks[SWEDISH], headers={"cf-ray": "8f-ARN"})
    found = traced(hotline)
    assert (found.in_front["name"], found.in_front["how"]) == ("Cloudflare", "header")


def test_an_address_without_a_name_asks_no_name_service(hotline: Hotline) -> None:
    address = "http://192.0.2.1/page"
    hotline.looks[address] = Look(outcome=Outcome.PRESENT)
    found = traced(hotline, place("SE"), address=address, names=ConsoleNames())
    assert (found.addresses, found.name_service, found.domain) == (["192.0.2.1"], {}, {})


def elsewhere(hotline: Hotline) -> dict[str, Any]:
    """The outside after the Swedish item has moved to a Dutch host."""
    names = {"bilder.nordhost.test": NameAnswer(name="x", exists=True, addresses=("198.51.100.1",))}
    network = replace(
        NETWORK, subject="198.51.100.1", country="NL", first_address="198.51.100.0", last_address="198.51.100.255"
    )
    places = (place("NL", asn=64501, holder="Polderhost BV"), place("NL", "second"))
    return {
        "names": ConsoleNames(names),
        "registry": ConsoleRegistry(networks={"198.51.100.1": network}),
        "geography": ConsoleGeography({"198.51.100.1": places}),
    }


@pytest.fixture
def told(hotline: Hotline, anna: Staff) -> Item:
    """A Swedish item that the police know of; the notice to its host waits."""
    traced(
        hotline,
        place("SE", asn=64500, holder="Nordhost AB"),
        names=NAMED,
        registry=ConsoleRegistry(networks={"192.0.2.1": NETWORK}),
    )
    hotline.wait(timedelta(minutes=1))
    hotline.assess(anna, SWEDISH)
    hotline.work()
    return Item.objects.get(address=SWEDISH)


def changes_of(item: Item) -> list[Change]:
    """What changed about it, newest first."""
    return tracing.changes_of_all([item]).get(item.pk, [])


def test_a_move_is_kept_shown_first_and_stops_the_notice_to_the_old_host(hotline: Hotline, told: Item) -> None:
    hotline.wait(timedelta(hours=1))
    traced(hotline, **elsewhere(hotline))
    assert [(str(one.what), one.before, one.after) for one in changes_of(told)][::-1] == [
        ("host", "Nordhost AB AS64500", "Polderhost BV AS64501"),
        ("network", "192.0.2.0 to 192.0.2.255", "198.51.100.0 to 198.51.100.255"),
        ("country", "SE", "NL"),
    ]
    assert Case.objects.get().rank_reason == MOVED.reason
    hotline.wait(HOLD)
    hotline.work()
    assert hotline.sent_to("abuse@nordhost.test") == []
    notice = Referral.objects.get(kind="host")
    assert notice.state == ReferralState.FAILED
    assert "country: SE → NL" in notice.problem


def test_after_a_person_has_looked_the_notice_goes_where_they_say(hotline: Hotline, told: Item) -> None:
    hotline.wait(timedelta(hours=1))
    traced(hotline, **elsewhere(hotline))
    hotline.wait(HOLD)
    hotline.work()
    notice = Referral.objects.get(kind="host")
    referrals.readdress(by="anna", number=notice.pk, email="abuse@polderhost.test", now=clock.now())
    hotline.work()
    assert len(hotline.sent_to("abuse@polderhost.test")) == 1


def test_a_host_that_has_not_moved_gets_its_notice(hotline: Hotline, told: Item) -> None:
    hotline.wait(HOLD)
    hotline.work()
    assert changes_of(told) == []
    assert len(hotline.sent_to("abuse@nordhost.test")) == 1


def test_a_silent_outside_is_no_move_and_hides_none(hotline: Hotline, told: Item) -> None:
    class Silent:
        def resolve(self, name: str) -> NameAnswer:
            raise Transient(f"no answer about {name}")

    hotline.wait(timedelta(hours=1))
    traced(hotline, names=Silent())
    assert changes_of(told) == []
    hotline.wait(timedelta(hours=1))
    traced(hotline, **elsewhere(hotline))
    assert len(changes_of(told)) == 3


def test_a_partner_hotline_reads_what_is_known_and_how_sure(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(DUTCH)
    hotline.work()
    hotline.assess(anna, DUTCH)
    hotline.work()
    (text,) = hotline.sent_to("hotline@polder-hotline.test")
    assert "Country of the server: NL (certain)" in text
    assert "test, second: 198.51.100.1 is in NL." in text
