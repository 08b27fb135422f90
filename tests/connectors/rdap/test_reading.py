import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.rdap.reading import MOST_CONTACTS, contacts, read_domain, read_network

CAPTURED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "captured.json").read_text())["answers"]
NONE_PUBLISHED = {"2001:240:10c:1::ca20:9d1d", "2001:43f8:7b0::"}
"""One answer names only the national registry, the other persons without any role."""


def entity(*emails: str, roles: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    card = [["fn", {}, "text", "Somebody"], *(["email", {}, "text", email] for email in emails)]
    return {"handle": "E1", "roles": list(roles), "vcardArray": ["vcard", card], **more}


@pytest.mark.parametrize("address", sorted(set(CAPTURED) - NONE_PUBLISHED))
def test_every_captured_answer_with_an_abuse_contact_gives_it(address: str) -> None:
    best = contacts(CAPTURED[address])[0]
    assert best.rank <= 3
    assert best.email.endswith(".example")


@pytest.mark.parametrize("address", sorted(NONE_PUBLISHED))
def test_neither_registries_nor_persons_without_a_role_are_taken_for_an_abuse_contact(address: str) -> None:
    assert contacts(CAPTURED[address]) == ()


@pytest.mark.parametrize(
    ("address", "first", "last"),
    [
        ("74.125.225.229", "74.125.0.0", "74.125.255.255"),
        ("62.239.237.1", "62.239.237.0", "62.239.237.255"),
        ("2001:4860:4860::8888", "2001:4860::", "2001:4860:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2801:10:c000::", "2801:10:c000::", "2801:10:c000::"),
    ],
)
def test_padded_and_decorated_addresses_are_read(address: str, first: str, last: str) -> None:
    network = read_network(address, CAPTURED[address], source="")
    assert (network.first_address, network.last_address) == (first, last)


def test_a_network_says_who_holds_it() -> None:
    network = read_network("200.57.141.161", CAPTURED["200.57.141.161"], source="https://registry.test/ip/x")
    assert (network.subject, network.country, network.source) == ("200.57.141.161", "MX", "https://registry.test/ip/x")
    assert network.holder == network.name


def test_contacts_are_ranked_with_the_way_they_were_found() -> None:
    answer = {
        "entities": [
            entity("noc@a.example", "abuse-desk@a.example", roles=("technical",)),
            entity("boss@a.example", roles=("administrative",)),
            entity(
                roles=("registrant",),
                entities=[entity("first@a.example", "second@a.example", roles=("Abuse", "technical"))],
            ),
        ],
        "remarks": [
            {"description": ["For abuse write to remark@a.example", "For peering write to peering@a.example"]},
            {"title": "Abuse contact", "description": ["titled@a.example"]},
        ],
    }
    assert [(contact.rank, contact.email) for contact in contacts(answer)] == [
        (1, "first@a.example"),
        (1, "second@a.example"),
        (2, "abuse-desk@a.example"),
        (3, "remark@a.example"),
        (3, "titled@a.example"),
        (4, "noc@a.example"),
    ]
    assert all(contact.found_in for contact in contacts(answer))


def test_one_mailbox_is_named_once_with_its_best_rank() -> None:
    answer = {"entities": [entity("Abuse@A.example", roles=("noc",)), entity("abuse@a.EXAMPLE", roles=("abuse",))]}
    assert [(contact.rank, contact.email) for contact in contacts(answer)] == [(1, "abuse@a.example")]


@pytest.mark.parametrize("mailbox", ["abuse@ripe.net", "search-apnic-not-arin@apnic.net", "hostmaster@whois.nic.or.kr"])
def test_mailboxes_of_registries_are_left_out(mailbox: str) -> None:
    assert contacts({"entities": [entity(mailbox, "abuse@notripe.net.example", roles=("abuse",))]})[0].email == (
        "abuse@notripe.net.example"
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("no address", []),
        ("a@b", []),
        ("@a.example", []),
        ("mailto:", []),
        ("", []),
        ("a@a.example\r\nBcc: b@b.example", ["a@a.example"]),
        ("mailto:a@a.example?subject=x", ["a@a.example"]),
    ],
)
def test_of_what_stands_for_an_address_only_the_address_is_taken(value: str, found: list[str]) -> None:
    assert [contact.email for contact in contacts({"entities": [entity(value, roles=("abuse",))]})] == found


def test_the_registrar_of_a_domain_stands_in_its_own_field() -> None:
    registrar = entity(roles=("registrar",), entities=[entity("abuse@registrar.example", roles=("abuse",))])
    registrar["vcardArray"][1][0][3] = "Registrar One"
    domain = read_domain("shop.test", {"ldhName": "shop.test", "handle": "D1", "entities": [registrar]}, source="s")
    assert (domain.registrar, domain.name, domain.handle, domain.holder) == ("Registrar One", "shop.test", "D1", "")
    assert [contact.email for contact in domain.contacts] == ["abuse@registrar.example"]


def test_a_flood_of_contacts_and_depth_is_bounded() -> None:
    deep: dict[str, Any] = entity("deep@a.example", roles=("abuse",))
    for _ in range(500):
        deep = {"entities": [deep]}
    many = [entity(*(f"a{number}@a.example" for number in range(200)), roles=("abuse",))]
    assert len(contacts({"entities": [deep, *many]})) == MOST_CONTACTS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "entities",
                    "roles",
                    "vcardArray",
                    "remarks",
                    "description",
                    "title",
                    "startAddress",
                    "country",
                    "name",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["entities", "remarks", "startAddress", "handle", "country"]), JSON))
def test_no_answer_makes_reading_fail(answer: dict[str, Any]) -> None:
    assert read_network("192.0.2.1", answer, source="").subject == "192.0.2.1"
    assert read_domain("a.test", answer, source="").subject == "a.test"
