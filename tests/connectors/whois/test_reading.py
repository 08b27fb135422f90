from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.whois.reading import MOST_CONTACTS, contacts, field, is_none, read, server

THICK = """\
% Terms of use: abuse of this service is answered by terms@registry.example
Domain Name: SHOP.INVALID
Registrar: Registrar One
Registrar Abuse Contact Email: Abuse@Registrar.EXAMPLE
Registrant Organization: REDACTED FOR PRIVACY
Registrant Name: Kim Shop
Registrant Country: se
Tech Email: tech@shop.example
Admin Email: admin@shop.example
"""
DOTTED = """\
domain.............: shop.invalid
registrar..........: Registrar Two
holder.............: Shop AB
abuse-mailbox......: complaints@registrar.example
"""
BRACKETS = "[Domain Name]   SHOP.INVALID\n[Registrant]  Shop AB\n"


def test_a_registration_is_read_from_its_fields() -> None:
    found = read("shop.invalid", [THICK], source="whois://whois.example/shop.invalid")
    assert (found.subject, found.registrar, found.holder, found.country) == (
        "shop.invalid",
        "Registrar One",
        "Kim Shop",
        "SE",
    )
    assert found.source == "whois://whois.example/shop.invalid"
    assert [(contact.rank, contact.email) for contact in found.contacts] == [
        (1, "Abuse@registrar.example"),
        (3, "terms@registry.example"),
        (4, "tech@shop.example"),
    ]


def test_other_registries_write_dots() -> None:
    found = read("shop.invalid", [DOTTED], source="")
    assert (found.registrar, found.holder) == ("Registrar Two", "Shop AB")
    assert [(contact.rank, contact.email) for contact in found.contacts] == [(1, "complaints@registrar.example")]


def test_what_one_answer_does_not_say_the_next_does() -> None:
    found = read("shop.invalid", ["Registrar: Registrar One\n", DOTTED], source="")
    assert (found.registrar, found.holder, len(found.contacts)) == ("Registrar One", "Shop AB", 1)


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        ("e-mail: abuse@a.example", 2),
        ("remarks: send reports of abuse to desk@a.example", 3),
        ("tech-c email: tech@a.example", 4),
        ("OrgAbuseEmail: desk@a.example", 1),
        ("e-mail: person@a.example", None),
        ("abuse: hostmaster@ripe.net", None),
    ],
)
def test_contacts_are_ranked_by_where_they_stand(line: str, rank: int | None) -> None:
    found = contacts(line)
    assert [contact.rank for contact in found] == ([] if rank is None else [rank])
    assert all(contact.found_in for contact in found)


@pytest.mark.parametrize(
    "text",
    [
        "No match for domain",
        "%% NOT FOUND\n",
        "% No entries found.",
        "\n\nDomain not found.",
        "Status: free",
        "status:  AVAILABLE",
    ],
)
def test_a_domain_that_is_not_there_is_told_in_many_words(text: str) -> None:
    assert is_none(text)


@pytest.mark.parametrize("text", [THICK, DOTTED, BRACKETS, "", "\n" * 50 + "no match"])
def test_a_registration_is_not_taken_for_nothing(text: str) -> None:
    assert not is_none(text)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("whois: whois.nic.example", "whois.nic.example"),
        ("whois:        WHOIS.nic.example.", "whois.nic.example"),
        ("refer: whois://whois.nic.example/", "whois.nic.example"),
        ("whois: 127.0.0.1", "127.0.0.1"),
        ("whois: whois.nic.example:4343", ""),
        ("whois: whois", ""),
        ("whois: a b.example", ""),
        ("whois:", ""),
        ("other: whois.nic.example", ""),
    ],
)
def test_another_server_is_a_host_name_or_nothing(line: str, found: str) -> None:
    assert server(line, "whois", "refer") == found


def test_a_flood_of_text_is_bounded() -> None:
    text = "".join(f"abuse: a{number}@a.example\n" for number in range(5_000))
    assert len(contacts(text)) == MOST_CONTACTS
    assert len(field("registrar: " + "x" * 60_000, ("registrar",))) == 300


@given(st.text(max_size=300))
def test_no_text_makes_reading_fail(text: str) -> None:
    found: Any = read("a.invalid", [text], source="")
    assert found.subject == "a.invalid"
    assert found.country == "" or len(found.country) == 2
