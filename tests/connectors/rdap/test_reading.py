import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.rdap.reading import MOST_CONTACTS, contacts, read_autnum, read_domain, read_network

SHAPES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "shapes.json").read_text())
"""Answers of all five regional registries as `anonymise` left them."""


def shape(asked: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one["answer"] for one in SHAPES if one["asked"] == asked)
    return found


def carries_one(answer: dict[str, Any]) -> bool:
    """Whether anybody who reads the whole text would find a mailbox for abuse: by its name, or beside that role."""
    text = json.dumps(answer)
    roles = re.findall(r'"roles": \[([^]]*)\]', text)
    mailboxes = [email for email in re.findall(r"[\w.+-]+@[\w.-]+", text) if email.endswith(".example")]
    return any(email.startswith("abuse") for email in mailboxes) or bool(mailboxes and any("abuse" in r for r in roles))


def entity(*emails: str, roles: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    card = [["fn", {}, "text", "Somebody"], *(["email", {}, "text", email] for email in emails)]
    return {"handle": "E1", "roles": list(roles), "vcardArray": ["vcard", card], **more}


def test_the_shapes_are_of_all_regional_registries_and_name_nobody() -> None:
    assert {one["registry"] for one in SHAPES} == {"afrinic", "apnic", "arin", "lacnic", "ripencc"}
    domains = {email.rpartition("@")[2] for email in re.findall(r"[\w.+-]+@[\w.-]+", json.dumps(SHAPES))}
    assert {domain for domain in domains if not domain.endswith(".example")} == {"nic.ad.jp", "nic.or.kr"}


@pytest.mark.parametrize("one", SHAPES, ids=lambda one: f"{one['registry']} {one['asked']}")
def test_every_answer_that_carries_an_abuse_contact_gives_it_and_no_other_does(one: dict[str, Any]) -> None:
    found = contacts(one["answer"])
    assert carries_one(one["answer"]) == bool([contact for contact in found if contact.rank <= 3])
    assert all(contact.email.endswith(".example") for contact in found)


def test_most_shapes_carry_one() -> None:
    """Of the others, one names only the national registry, and one persons without any role."""
    assert [carries_one(one["answer"]) for one in SHAPES].count(True) == 8


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("192.0.2.229", "192.0.2.0", "192.0.2.255"),
        ("192.0.2.1", "192.0.2.0", "192.0.2.255"),
        ("2001:db8:1::1", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8:1::", "2001:db8:1::", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_padded_and_decorated_addresses_are_read(asked: str, first: str, last: str) -> None:
    network = read_network(asked, shape(asked), source="")
    assert (network.first_address, network.last_address) == (first, last)


def test_a_network_says_who_holds_it() -> None:
    network = read_network("192.0.2.161", shape("192.0.2.161"), source="https://registry.test/ip/x")
    assert (network.subject, network.country, network.source) == ("192.0.2.161", "MX", "https://registry.test/ip/x")
    assert re.fullmatch(r"Holder \d+", network.holder)


def test_a_network_without_a_registrant_is_held_by_whom_its_description_begins_with() -> None:
    remarks = [
        {"title": "remarks", "description": ["Words"]},
        {"title": "description", "description": ["Host One", "x"]},
    ]
    assert read_network("192.0.2.1", {"remarks": remarks}, source="").holder == "Host One"


def test_an_as_number_says_who_holds_it() -> None:
    answer = {
        "handle": "AS64500",
        "name": "HOST-ONE",
        "country": "se",
        "startAutnum": 64500,
        "endAutnum": "64510",
        "entities": [entity("abuse@a.example", roles=("registrant", "abuse"))],
    }
    found = read_autnum(64501, answer, source="s")
    assert (found.subject, found.name, found.holder, found.country) == ("AS64501", "HOST-ONE", "Somebody", "SE")
    assert (found.first_number, found.last_number) == (64500, 64510)
    assert [contact.email for contact in found.contacts] == ["abuse@a.example"]


@pytest.mark.parametrize("value", [None, "", "AS64500", -1, 1.5, True, "٣"])
def test_what_is_no_as_number_is_none(value: object) -> None:
    assert read_autnum(1, {"startAutnum": value}, source="").first_number is None


def registrant(adr: list[Any] | None = None, *, name: str = "Somebody") -> dict[str, Any]:
    found = entity(roles=("registrant",))
    found["vcardArray"][1][0][3] = name
    found["vcardArray"][1] += [adr] if adr else []
    return {"ldhName": "shop.test", "entities": [entity(roles=("registrar",)), found]}


@pytest.mark.parametrize(
    ("adr", "country"),
    [
        (["adr", {"cc": "se"}, "text", ["", "", "", "", "", "", "Sweden"]], "SE"),
        (["adr", {}, "text", ["", "", "", "Lund", "", "", "SE"]], "SE"),
        (["adr", {}, "text", ["", "", "", "Lund", "", "", "Sweden"]], ""),
        (["adr", {"cc": 5}, "text", ["", "", "SE"]], ""),
        (["adr", [], "text", None], ""),
        (None, ""),
    ],
)
def test_the_country_of_a_registrant_is_a_code_or_nothing(adr: list[Any] | None, country: str) -> None:
    assert read_domain("shop.test", registrant(adr), source="").country == country


@pytest.mark.parametrize("name", ["REDACTED FOR PRIVACY", "Data Protected", "Withheld for Privacy ehf", "redacted"])
def test_a_name_that_is_held_back_is_not_a_holder(name: str) -> None:
    assert read_domain("shop.test", registrant(name=name), source="").holder == ""


def test_what_a_registry_says_that_it_holds_back_is_kept() -> None:
    answer = registrant(name="") | {
        "redacted": [
            {"name": {"type": "Registrant Name"}, "method": "emptyValue", "reason": {"description": "Server policy"}},
            {"name": {"description": "Registrant email"}, "method": "replacementValue"},
            {"name": {"type": "Registrant Name"}, "method": "removal"},
            {"name": "not an object"},
            "not an object either",
        ]
    }
    found = read_domain("shop.test", answer, source="")
    assert (found.holder, found.redacted) == ("", ("Registrant Name", "Registrant email"))


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


@pytest.mark.parametrize("mailbox", ["abuse@ripe.net", "help@apnic.net", "hostmaster@whois.nic.or.kr"])
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


@given(
    st.dictionaries(st.sampled_from(["entities", "remarks", "startAddress", "startAutnum", "handle", "redacted"]), JSON)
)
def test_no_answer_makes_reading_fail(answer: dict[str, Any]) -> None:
    assert read_network("192.0.2.1", answer, source="").subject == "192.0.2.1"
    assert read_domain("a.test", answer, source="").subject == "a.test"
    assert read_autnum(64500, answer, source="").subject == "AS64500"
