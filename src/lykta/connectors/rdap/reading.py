"""From an RDAP answer (RFC 9083) to a `Registration`. Pure, and forgiving, since registries differ.

Measured on captured answers of all five regional registries: abuse contacts stand in nested entities, in the second
e-mail of a vCard, or only in a remark; ARIN pads addresses with zeros; RIPE has written `/32` behind them.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from lykta.connectors.contract import AbuseContact, Registration
from lykta.lib.mailboxes import emails_in, is_of_a_registry

DEEPEST = 6
MOST_CONTACTS = 20
LONGEST_REMARK = 20_000
MOST_REDACTED = 50

_TECHNICAL = frozenset({"technical", "noc"})
_COUNTRY_IN_ADDRESS = 6
"""The place of the country among the parts of a vCard address (RFC 6350 6.3.1)."""
_HIDDEN = re.compile(r"\s*(redacted|data protected|not disclosed|withheld for privacy)\b", re.IGNORECASE)
"""What registries write where the law lets them hold back a name."""


def read_network(subject: str, answer: Mapping[str, Any], *, source: str) -> Registration:
    """A network; its first and last address are "" where the answer does not name them readably."""
    return Registration(
        subject=subject,
        handle=_text(answer.get("handle")),
        name=_text(answer.get("name")),
        holder=_named(answer, "registrant") or _described(answer),
        country=_country(answer.get("country")),
        contacts=contacts(answer),
        first_address=_address(answer.get("startAddress")),
        last_address=_address(answer.get("endAddress")),
        source=source,
        redacted=_redacted(answer),
    )


def read_domain(subject: str, answer: Mapping[str, Any], *, source: str) -> Registration:
    return Registration(
        subject=subject,
        handle=_text(answer.get("handle")),
        name=_text(answer.get("ldhName")),
        holder=_named(answer, "registrant"),
        country=_registrant_country(answer),
        registrar=_named(answer, "registrar"),
        contacts=contacts(answer),
        source=source,
        redacted=_redacted(answer),
    )


def read_autnum(number: int, answer: Mapping[str, Any], *, source: str) -> Registration:
    """An AS number, or the range that it was registered in."""
    return Registration(
        subject=f"AS{number}",
        handle=_text(answer.get("handle")),
        name=_text(answer.get("name")),
        holder=_named(answer, "registrant") or _described(answer),
        country=_country(answer.get("country")),
        contacts=contacts(answer),
        first_number=_number(answer.get("startAutnum")),
        last_number=_number(answer.get("endAutnum")),
        source=source,
        redacted=_redacted(answer),
    )


def contacts(answer: Mapping[str, Any]) -> tuple[AbuseContact, ...]:
    """The addresses for complaints, best first, each once; ranks as `AbuseContact` says."""
    best: dict[str, AbuseContact] = {}
    for contact in _found(answer):
        if is_of_a_registry(contact.email):
            continue
        key = contact.email.lower()
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
                for email in emails_in(line):
                    yield AbuseContact(email=email, rank=3, found_in=f"remark of {who}")


def _entities(thing: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    for entity in _mappings(thing.get("entities")):
        yield entity
        if depth < DEEPEST:
            yield from _entities(entity, depth + 1)


def _emails(entity: Mapping[str, Any]) -> list[str]:
    return [found[0] for value in _card(entity, "email") for found in [emails_in(value[:320])] if found]


def _named(answer: Mapping[str, Any], role: str) -> str:
    """The name of whoever has the role, else the organisation's; "" where the registry holds it back."""
    for entity in _with_role(answer, role):
        for name in (*_card(entity, "fn"), *_card(entity, "org")):
            if name and not _HIDDEN.match(name):
                return name
    return ""


def _described(answer: Mapping[str, Any]) -> str:
    """APNIC names no registrant, but begins the description with the holder."""
    for remark in _mappings(answer.get("remarks")):
        lines = _list(remark.get("description"))
        if _text(remark.get("title")).lower() == "description" and lines:
            return _text(lines[0])
    return ""


def _registrant_country(answer: Mapping[str, Any]) -> str:
    """As code beside the address (RFC 8605 3.1), else where its last part is one."""
    for entity in _with_role(answer, "registrant"):
        for line in _lines(entity, "adr"):
            parts = _list(line[3])
            beside = line[1].get("cc") if isinstance(line[1], dict) else None
            within = parts[_COUNTRY_IN_ADDRESS] if len(parts) > _COUNTRY_IN_ADDRESS else None
            country = _country(beside) or _country(within)
            if country:
                return country
    return ""


def _redacted(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """What the registry says that it holds back (RFC 9537 4.2): a registered name, else a description."""
    names: list[str] = []
    for entry in _mappings(answer.get("redacted"))[:MOST_REDACTED]:
        named = entry.get("name")
        name = _text(named.get("type")) or _text(named.get("description")) if isinstance(named, dict) else ""
        names += [name] if name else []
    return tuple(dict.fromkeys(names))


def _with_role(answer: Mapping[str, Any], role: str) -> Iterator[Mapping[str, Any]]:
    return (entity for entity in _entities(answer) if role in _list(entity.get("roles")))


def _card(entity: Mapping[str, Any], wanted: str) -> list[str]:
    """The text values of one property of the entity's vCard (RFC 7095)."""
    return [_text(line[3]) for line in _lines(entity, wanted)]


def _lines(entity: Mapping[str, Any], wanted: str) -> list[list[Any]]:
    """Name, parameters, type, value: all lines of one property."""
    card = _list(entity.get("vcardArray"))
    properties = _list(card[1]) if len(card) > 1 else []
    return [line for line in properties if isinstance(line, list) and len(line) > 3 and line[0] == wanted]


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


def _number(value: Any) -> int | None:
    """Some servers write numbers as text."""
    text = str(value)
    return int(text) if re.fullmatch("[0-9]{1,10}", text) else None


def _text(value: Any) -> str:
    """One printable line of at most 300 characters; "" for anything that is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[:300]).split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
