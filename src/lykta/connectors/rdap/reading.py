"""From an RDAP answer (RFC 9083) to a `Registration`. Pure, and forgiving, since registries differ.

Measured on captured answers of all five regional registries: abuse contacts stand in nested entities, in the second
e-mail of a vCard, or only in a remark; ARIN pads addresses with zeros; RIPE has written `/32` behind them.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from lykta.connectors.contract import AbuseContact, Registration

REGISTRY_MAILBOXES = frozenset(
    {
        "afrinic.net",
        "apnic.net",
        "arin.net",
        "cnnic.cn",
        "iana.org",
        "lacnic.net",
        "nic.ad.jp",
        "nic.or.kr",
        "ripe.net",
        "twnic.net.tw",
        "twnic.tw",
    }
)
"""Domains of registries, which run no hosts and answer that they cannot help: the five regional ones, IANA, and the
national ones that stand in for their members (JPNIC, KRNIC, CNNIC, TWNIC)."""

DEEPEST = 6
MOST_CONTACTS = 20
LONGEST_REMARK = 20_000

_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_TECHNICAL = frozenset({"technical", "noc"})


def read_network(subject: str, answer: Mapping[str, Any], *, source: str) -> Registration:
    """A network; its first and last address are "" where the answer does not name them readably."""
    return Registration(
        subject=subject,
        handle=_text(answer.get("handle")),
        name=_text(answer.get("name")),
        holder=_named(answer, "registrant"),
        country=_country(answer.get("country")),
        contacts=contacts(answer),
        first_address=_address(answer.get("startAddress")),
        last_address=_address(answer.get("endAddress")),
        source=source,
    )


def read_domain(subject: str, answer: Mapping[str, Any], *, source: str) -> Registration:
    return Registration(
        subject=subject,
        handle=_text(answer.get("handle")),
        name=_text(answer.get("ldhName")),
        holder=_named(answer, "registrant"),
        registrar=_named(answer, "registrar"),
        contacts=contacts(answer),
        source=source,
    )


def contacts(answer: Mapping[str, Any]) -> tuple[AbuseContact, ...]:
    """The addresses for complaints, best first, each once; ranks as `AbuseContact` says."""
    best: dict[str, AbuseContact] = {}
    for contact in _found(answer):
        # Registries run no hosts: a notice to them would be lost for days.
        name, _, domain = contact.email.rpartition("@")
        if any(domain == registry or domain.endswith("." + registry) for registry in REGISTRY_MAILBOXES):
            continue
        key = f"{name.lower()}@{domain}"
        if key not in best or contact.rank < best[key].rank:
            best[key] = contact
    return tuple(sorted(best.values(), key=lambda contact: contact.rank)[:MOST_CONTACTS])


def _found(answer: Mapping[str, Any]) -> Iterator[AbuseContact]:
    yield from _in_remarks(answer, "the object")
    for entity in _entities(answer):
        who = _text(entity.get("handle")) or "an entity"
        roles = {role.lower() for role in _list(entity.get("roles")) if isinstance(role, str)}
        for email in _emails(entity):
            if "abuse" in roles:
                yield AbuseContact(email=email, rank=1, found_in=f"role abuse of {who}")
            elif email.lower().startswith("abuse"):
                yield AbuseContact(email=email, rank=2, found_in=f"mailbox named abuse of {who}")
            elif roles & _TECHNICAL:
                yield AbuseContact(email=email, rank=4, found_in=f"technical contact {who}")
        yield from _in_remarks(entity, who)


def _in_remarks(thing: Mapping[str, Any], who: str) -> Iterator[AbuseContact]:
    """Line by line: a remark may name one mailbox for abuse and others for other things."""
    for remark in _mappings(thing.get("remarks")):
        lines = [line for line in _list(remark.get("description")) if isinstance(line, str)]
        titled = "abuse" in _text(remark.get("title")).lower()
        for line in "\n".join(lines)[:LONGEST_REMARK].splitlines():
            if titled or "abuse" in line.lower():
                for email in _EMAIL.findall(line):
                    yield AbuseContact(email=_lower_domain(email), rank=3, found_in=f"remark of {who}")


def _entities(thing: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    for entity in _mappings(thing.get("entities")):
        yield entity
        if depth < DEEPEST:
            yield from _entities(entity, depth + 1)


def _emails(entity: Mapping[str, Any]) -> list[str]:
    return [
        _lower_domain(found[0]) for value in _card(entity, "email") for found in [_EMAIL.findall(value[:320])] if found
    ]


def _named(answer: Mapping[str, Any], role: str) -> str:
    for entity in _entities(answer):
        if role in _list(entity.get("roles")):
            for name in _card(entity, "fn"):
                if name:
                    return name
    return ""


def _card(entity: Mapping[str, Any], wanted: str) -> list[str]:
    """The text values of one property of the entity's vCard (RFC 7095)."""
    card = _list(entity.get("vcardArray"))
    properties = _list(card[1]) if len(card) > 1 else []
    return [_text(line[3]) for line in properties if isinstance(line, list) and len(line) > 3 and line[0] == wanted]


def _address(value: Any) -> str:
    """An address without the zeros that ARIN pads it with and the prefix length that RIPE once added."""
    text = _text(value).partition("/")[0]
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", text):
        text = ".".join(str(int(part)) for part in text.split("."))
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _country(value: Any) -> str:
    text = _text(value).upper()
    return text if re.fullmatch("[A-Z]{2}", text) else ""


def _lower_domain(email: str) -> str:
    name, _, domain = email.rpartition("@")
    return f"{name}@{domain.lower()}"


def _text(value: Any) -> str:
    """One printable line of at most 300 characters; "" for anything that is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[:300]).split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
