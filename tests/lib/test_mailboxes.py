import csv
import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib.mailboxes import emails_in, is_of_a_registry


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to Abuse@Host.EXAMPLE, please.", ["Abuse@host.example"]),
        ("mailto:a@a.example?subject=x", ["a@a.example"]),
        ("a@a.example b@b.example", ["a@a.example", "b@b.example"]),
        ("a@a.example\r\nBcc: b@b.example", ["a@a.example", "b@b.example"]),
        ("no address, a@b, @a.example", []),
        ("", []),
    ],
)
def test_mailboxes_are_found_in_text(text: str, found: list[str]) -> None:
    assert emails_in(text) == found


@pytest.mark.parametrize("text", ["a" * 20_000 + "@", "a@" * 10_000, "a@" + "b." * 10_000, "a.a@" + "-" * 20_000])
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    emails_in(text)
    assert time.process_time() - began < 0.5


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert all(email.lower() in text.lower() for email in emails_in(text))


@pytest.mark.parametrize(
    ("email", "registry"),
    [
        ("abuse@ripe.net", True),
        ("hostmaster@whois.nic.or.kr", True),
        ("abuse@RIPE.net", True),
        ("abuse@notripe.net", False),
        ("abuse@ripe.net.example", False),
        ("ripe.net@host.example", False),
    ],
)
def test_mailboxes_of_registries_are_told_from_others(email: str, *, registry: bool) -> None:
    assert is_of_a_registry(email) is registry


def test_the_list_of_registries_names_who_and_from_where_and_each_domain_once() -> None:
    rows = list(csv.DictReader((files("lykta.lib") / "registry_mailboxes.csv").read_text().splitlines()))
    domains = [row["domain"] for row in rows]
    assert {"afrinic.net", "apnic.net", "arin.net", "lacnic.net", "ripe.net"} <= set(domains)
    assert len(domains) == len(set(domains))
    assert all(row["who"] and row["source"] and row["domain"] == row["domain"].lower() for row in rows)
