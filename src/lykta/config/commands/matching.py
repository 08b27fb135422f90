"""`lykta match FILE`: what the lists of known hashes say of a file, told here and kept nowhere.

The file is decoded in the sandbox, as what comes from a reported address is. Nothing of its content is printed.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from string import hexdigits
from typing import Any

from django.conf import settings

from lykta.connectors.web.local import LONGEST, fingerprint
from lykta.core.matching import VERSION
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ListFinding
from lykta.records.matching.models import HashList
from lykta.sites.desk.reading import short
from lykta.workflow.indexes import Indexes
from lykta.workflow.known import NAMES, Asked, ask

STATUS = {
    ListFinding.UNKNOWN: 0,
    ListFinding.HARMLESS: 0,
    ListFinding.NEAR: 3,
    ListFinding.CHECK: 4,
    ListFinding.ILLEGAL: 5,
}
"""Exit status; 1 is refused, 2 not understood."""
FINGERPRINTS = ("media_type", "length", "sha256", "sha1", "md5", "pdq", "quality", "problem")
LENGTHS = {"sha256": 64, "sha1": 40, "md5": 32, "pdq": 64}
"""Hexadecimal digits of a hash; of 64 it is taken for SHA-256 unless it is called PDQ."""


def match(path: Path | None, hashes: Sequence[str], *, as_json: bool) -> int:
    """Say what a file, or one that has these hashes, is known as. Returns the exit status. Raises Refusal, OSError."""
    if (path is None) is (not hashes):
        raise NotUnderstood("Give one file, or hashes of one file with --hash.")
    medium = medium_of(path) if path else with_hashes(hashes)
    indexes = Indexes(settings.INDEXES)
    if not indexes.follow():
        raise RuntimeError("Another process is bringing the index in step with the lists: ask again in a moment.")
    [asked] = ask(indexes, [medium])
    print(as_data(asked, medium) if as_json else as_text(asked, medium))
    return STATUS[asked.found.finding]


def medium_of(path: Path) -> dict[str, Any]:
    """The fingerprints of a file. Raises NotUnderstood, OSError."""
    if path.stat().st_size > LONGEST:
        raise NotUnderstood(f"The file has more than {LONGEST:,} bytes: give its hashes with --hash.")
    return asdict(fingerprint(path.read_bytes()))


def with_hashes(typed: Sequence[str]) -> dict[str, Any]:
    """Hashes of a file as if it had been fingerprinted. Raises NotUnderstood."""
    medium: dict[str, Any] = {"quality": 100}
    for one in typed:
        name, digits = _read(one.strip().lower())
        if name in medium:
            raise NotUnderstood(f"There are two of {NAMES[name]}: give the hashes of one file.")
        medium[name] = [digits] if name == "pdq" else digits
    return medium


def as_data(asked: Asked, medium: dict[str, Any]) -> str:
    """One JSON object: the finding, the rule, the reasons, the rows, and the fingerprints."""
    found, slugs = asked.found, dict(HashList.objects.values_list("pk", "slug"))
    data = {
        "finding": found.finding,
        "rule": found.rule,
        "policy": VERSION,
        "because": found.because,
        "matches": [
            {
                "list": slugs[one.list_number],
                "version": one.version,
                "by": NAMES[one.algorithm],
                "distance": one.distance,
            }
            for one in asked.matches
        ],
        "fingerprints": {name: medium[name] for name in FINGERPRINTS if medium.get(name)},
    }
    return json.dumps(data, indent=1, ensure_ascii=False)


def as_text(asked: Asked, medium: dict[str, Any]) -> str:
    """The finding and its reasons, a line each."""
    found = asked.found
    lines = [
        f"{short(found.finding, 'finding')} (rule {found.rule} of {VERSION})",
        *(f"  {one}" for one in found.because),
    ]
    if medium.get("problem"):
        lines.append(f"  Not learnt: {medium['problem']}")
    return "\n".join("".join(sign if sign.isprintable() else " " for sign in line) for line in lines)


def _read(typed: str) -> tuple[str, str]:
    prefix, colon, digits = typed.rpartition(":")
    name = prefix if colon else next((one for one, length in LENGTHS.items() if length == len(digits)), "")
    if LENGTHS.get(name) != len(digits) or not set(digits) <= set(hexdigits):
        raise NotUnderstood("A hash is 64, 40 or 32 hexadecimal digits, or pdq: and 64.")
    return name, digits
