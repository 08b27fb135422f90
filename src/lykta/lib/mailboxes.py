"""E-mail addresses for complaints in what registries publish: found in text, and told from the registries' own."""

import csv
import re
from functools import cache
from importlib.resources import files

_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def emails_in(text: str) -> list[str]:
    """The addresses in a text, their domains in lower case; bound the text first."""
    return [_lower_domain(email) for email in _EMAIL.findall(text)]


def is_of_a_registry(email: str) -> bool:
    """Registries run no hosts: a notice to them is answered that they cannot help, days later.

    Which they are says `registry_mailboxes.csv` beside this file, each with its source: the five regional
    registries, national ones that stand in for their members, and some that run top-level domains.
    """
    labels = email.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[start:]) in _registries() for start in range(len(labels)))


def _lower_domain(email: str) -> str:
    name, _, domain = email.rpartition("@")
    return f"{name}@{domain.lower()}"


@cache
def _registries() -> frozenset[str]:
    text = (files("lykta.lib") / "registry_mailboxes.csv").read_text(encoding="utf-8")
    return frozenset(row["domain"] for row in csv.DictReader(text.splitlines()))
