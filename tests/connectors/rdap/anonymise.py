"""Makes `shapes.json` from captured answers: what is where stays, and nothing of whose it is.

    python -m tests.connectors.rdap.anonymise captured.json > tests/connectors/rdap/shapes.json

Takes `{address: {"response": answer}}`. Kept as they are: all keys and the order of things, roles, kinds, titles,
countries, and the mail domains of registries. Everything else that is text becomes invented text of the same form.
"""

import json
import re
import sys
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from lykta.lib.mailboxes import emails_in, is_of_a_registry

KEPT = frozenset(
    {"objectClassName", "type", "country", "ipVersion", "roles", "status", "title", "lang", "rdapConformance"}
)
DROPPED = frozenset({"links", "notices", "port43", "events", "parentHandle"})
TITLES = frozenset({"description", "remarks", "Remark", "Remarks"})
PROPERTIES = frozenset({"version", "kind", "fn", "org", "email", "adr", "tel"})


class Names:
    """The same name for the same thing, within one set of answers."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(self, kind: str, value: str, make: Callable[[int], str]) -> str:
        number = sum(known == kind for known, _ in self._known) + 1
        return self._known.setdefault((kind, value), make(number))

    def email(self, email: str) -> str:
        """Its domain becomes another, unless it is a registry's; its name a neutral one, unless it is `abuse…`."""
        local, _, domain = email.rpartition("@")
        if is_of_a_registry(email):
            return f"hostmaster@{domain}"
        site = self.of("domain", domain.lower(), lambda number: f"host{number}.example")
        if local.lower().startswith("abuse"):
            return f"{local[:5]}@{site}"
        return self.of("person", local.lower(), lambda number: f"person{number}") + f"@{site}"


def anonymise(answer: Any, names: Names, key: str = "") -> Any:
    """One answer, or a part of it that stands under `key`."""
    if isinstance(answer, dict):
        return {name: anonymise(part, names, name) for name, part in answer.items() if name not in DROPPED}
    if key == "vcardArray" and isinstance(answer, list) and len(answer) > 1:
        return [answer[0], [_property(line, names) for line in answer[1] if line[0] in PROPERTIES]]
    if isinstance(answer, list):
        return [anonymise(part, names, key) for part in answer]
    is_kept = key in KEPT and (key != "title" or answer in TITLES)
    return answer if is_kept or not isinstance(answer, str) else _words(answer, names, key)


def _words(text: str, names: Names, key: str) -> str:
    match key:
        case "startAddress" | "endAddress":
            return _address(text)
        case "handle":
            return names.of("handle", text, lambda number: f"HANDLE-{number}")
        case "name":
            return names.of("name", text, lambda number: f"NETWORK-{number}")
        case _:
            return _line(text, names)


def _line(text: str, names: Names) -> str:
    """A line of words: whether it speaks of abuse, and its mailboxes."""
    emails = " and ".join(names.email(email) for email in emails_in(text))
    topic = "abuse" if "abuse" in text.lower() else "other things"
    return f"For {topic} write to {emails}" if emails else f"Words about {topic}"


def _property(line: list[Any], names: Names) -> list[Any]:
    name, parameters, kind, value = line[:4]
    if name in {"version", "kind"}:
        return line
    parameters = {key: part for key, part in parameters.items() if key in {"type", "pref"}}
    if name == "email":
        return [name, parameters, kind, " ".join(map(names.email, emails_in(value)))]
    if name == "adr":
        country = value[6] if isinstance(value, list) and re.fullmatch("[A-Z]{2}", str(value[6])) else ""
        return [name, parameters, kind, ["", "", "", "", "", "", country]]
    if name == "tel":
        return [name, parameters, kind, "+1 555 0100"]
    return [name, parameters, kind, names.of("holder", str(value), lambda number: f"Holder {number}")]


def _address(text: str) -> str:
    """In a documentation range, with the zeros, the capitals and the prefix length that the registry wrote."""
    address, slash, length = text.partition("/")
    if ":" not in address:
        last = int(address.rpartition(".")[2])
        padded = re.fullmatch(r"(\d{3}\.){3}\d{3}", address)
        return f"192.000.002.{last:03}" if padded and last < 100 else f"192.0.2.{last}{slash}{length}"
    groups = [group if group in {"0000", "ffff"} else "1" for group in IPv6Address(address).exploded.split(":")[2:]]
    moved = IPv6Address(":".join(["2001", "db8", *groups]))
    written = moved.exploded if "0000" in address or address.isupper() else str(moved)
    return (written.upper() if any(letter.isupper() for letter in address) else written) + slash + length


def _subject(text: str) -> str:
    """The documentation address that stands for the one that was asked for."""
    return _address(str(ip_address(text)))


def main() -> None:
    captured = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    names = Names()
    shapes = [
        {
            "registry": found["asn_data"]["asn_registry"],
            "asked": _subject(asked),
            "answer": anonymise(found["response"], names),
        }
        for asked, found in captured.items()
    ]
    sys.stdout.write(json.dumps(shapes, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
