"""From the text of a WHOIS answer, which no standard orders, to a `Registration`. Pure, and forgiving."""

import re
from collections.abc import Iterator, Sequence

from lykta.connectors.contract import AbuseContact, Registration
from lykta.lib.mailboxes import emails_in, is_of_a_registry

LONGEST_LINE = 500
MOST_LINES = 2_000
MOST_CONTACTS = 20
REGISTRAR = ("registrar", "registrar name", "sponsoring registrar", "registrar organization")
HOLDER = ("registrant organization", "registrant organisation", "registrant name", "registrant", "holder", "owner")
COUNTRY = ("registrant country", "registrant country/economy", "registrant country code", "country")

_FIELD = re.compile(r"[\s%#>\[]*([A-Za-z][A-Za-z /_-]{0,59})\]?(?::|\.{2,60}:?)(.*)")
_NONE = re.compile(
    r"\s*[%#>]*\s*(no match|not found|no entries found|no data found|no object found|object does not exist"
    r"|domain not found|the queried object does not exist|status:\s*(free|available))",
    re.IGNORECASE,
)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?){1,8}")
_HIDDEN = re.compile(r"(redacted|data protected|not disclosed|withheld)\b", re.IGNORECASE)


def is_none(text: str) -> bool:
    """The server says that there is no such domain; only the beginning counts, since terms of use follow."""
    return any(_NONE.match(line) for line in _lines(text)[:30])


def field(text: str, names: Sequence[str]) -> str:
    """The first filled field with one of the names, in the order of the names; "" for none."""
    found = list(_fields(text))
    for name in names:
        for key, value in found:
            if key == name and value and not _HIDDEN.match(value):
                return value
    return ""


def server(text: str, *names: str) -> str:
    """A field that names another WHOIS server; "" where it holds no host name."""
    value = field(text, names).lower().removeprefix("whois://").rstrip("/.")
    return value if _HOST.fullmatch(value) else ""


def read(subject: str, texts: Sequence[str], *, source: str) -> Registration:
    """Of several answers, the first that says something counts, and the contacts of all."""
    country = _first(texts, COUNTRY).upper()
    return Registration(
        subject=subject,
        name=subject,
        holder=_first(texts, HOLDER),
        country=country if re.fullmatch("[A-Z]{2}", country) else "",
        registrar=_first(texts, REGISTRAR),
        contacts=contacts("\n".join(texts)),
        source=source,
    )


def contacts(text: str) -> tuple[AbuseContact, ...]:
    """The addresses for complaints, best first, each once; ranks as `AbuseContact` says."""
    best: dict[str, AbuseContact] = {}
    for contact in _found(text):
        key = contact.email.lower()
        if not is_of_a_registry(key) and (key not in best or contact.rank < best[key].rank):
            best[key] = contact
    return tuple(sorted(best.values(), key=lambda contact: contact.rank)[:MOST_CONTACTS])


def _found(text: str) -> Iterator[AbuseContact]:
    for line in _lines(text):
        match = _FIELD.match(line)
        key = " ".join(match[1].lower().split()) if match else ""
        for email in emails_in(line):
            if "abuse" in key:
                yield AbuseContact(email=email, rank=1, found_in=f"WHOIS field {key}")
            elif email.lower().startswith("abuse"):
                yield AbuseContact(email=email, rank=2, found_in="mailbox named abuse in WHOIS")
            elif "abuse" in line.lower():
                yield AbuseContact(email=email, rank=3, found_in="WHOIS line that speaks of abuse")
            elif key.startswith("tech"):
                yield AbuseContact(email=email, rank=4, found_in=f"WHOIS field {key}")


def _first(texts: Sequence[str], names: Sequence[str]) -> str:
    return next(filter(None, (field(text, names) for text in texts)), "")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in _lines(text):
        match = _FIELD.match(line)
        if match:
            yield " ".join(match[1].lower().split()), match[2].strip()[:300]


def _lines(text: str) -> list[str]:
    """Printable, and bounded in length and number."""
    lines = text.splitlines()[:MOST_LINES]
    return ["".join(c if c.isprintable() else " " for c in line[:LONGEST_LINE]) for line in lines]
