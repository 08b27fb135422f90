"""Keyed tags of what stands in sealed words, so that equal things are found without opening anything.

A tag is HMAC-SHA256(`index.key`, kind ‖ value), the first 16 bytes. Without the key nobody can tell what it stands for
or try out values; with it one can, so the key lies where the other keys of the staff side do. See decision 20.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from lykta.core import correlation
from lykta.core.correlation import Identifier
from lykta.core.vocabulary import IdentifierKind
from lykta.records.cases import models
from lykta.records.cases.models import Report

TAG_BYTES = 16
_APART = "\x00"


def tag(identifier: Identifier) -> bytes:
    """The same for the same thing, and nothing else to anybody without the key."""
    data = f"{identifier.kind}{_APART}{identifier.value}".encode()
    return hmac.new(settings.INDEX_KEY, data, hashlib.sha256).digest()[:TAG_BYTES]


def note(report: Report, content: Mapping[str, object]) -> None:
    """Keep the tags of what a report, or a further message, says. Safe to do twice."""
    answers = content.get("answers")
    said = answers if isinstance(answers, Mapping) else {"text": content.get("text", "")}
    _keep([report.pk], correlation.identify({name: str(text) for name, text in said.items()}))


def note_fingerprints(item_number: int, media: Iterable[Mapping[str, Any]]) -> None:
    """Keep the tags of what was found at an item, for every report that names it. Safe to do twice.

    `media` are `contract.Medium` as dictionaries; what was not fetched whole has no SHA-256, and gets no tag.
    """
    digests = [str(one["sha256"]) for one in media if one.get("sha256")]
    found = [Identifier(IdentifierKind.FINGERPRINT, one) for one in digests[: correlation.MOST_IDENTIFIERS]]
    # A forgotten case gets no new tags.
    naming = Report.objects.filter(mentions__item=item_number, case__forgotten_at=None)
    _keep(naming.values_list("pk", flat=True), found)


def _keep(reports: Iterable[int], found: Iterable[Identifier]) -> None:
    tags = [(one.kind, tag(one)) for one in found]
    rows = [models.Identifier(report_id=report, kind=kind, tag=value) for report in reports for kind, value in tags]
    models.Identifier.objects.bulk_create(rows, ignore_conflicts=True)
