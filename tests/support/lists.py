"""Lists of known hashes for tests, written straight into the tables as an import leaves them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lykta.core.vocabulary import ImportState, ListTrust
from lykta.records.matching import store
from lykta.records.matching.models import ROWS_OF_A_LIST, HashList, Known, ListVersion

ILLEGAL, HARMLESS = "1", "2"
CATEGORIES = {ILLEGAL: "illegal", HARMLESS: "harmless"}


def a_list(slug: str, *, at: datetime, trust: ListTrust = ListTrust.POLICE, **fields: Any) -> HashList:
    """A list without rows."""
    given = {"name": slug, "source": slug, "categories": CATEGORIES, **fields}
    made = HashList.objects.create(slug=slug, trust=trust, created_at=at, **given)
    store.prepare(made.pk)
    store.index(made.pk)
    return made


def a_version(of: HashList, rows: Sequence[dict[str, Any]] = (), *, at: datetime, withdraw: Sequence[int] = ()) -> int:
    """A version that is ready, with these rows more and those withdrawn; returns its primary key.

    A row holds digests in hexadecimal, as `contract.Medium` does, and perhaps category and quality.
    """
    number = of.versions.count() + 1
    taken = Known.objects.filter(list=of).count()
    Known.objects.bulk_create(
        _row(of, place, row, number) for place, row in enumerate(rows, of.pk * ROWS_OF_A_LIST + taken + 1)
    )
    Known.objects.filter(list=of, pk__in=withdraw).update(withdrawn_in=number)
    version = ListVersion.objects.create(
        list=of, number=number, digest="", state=ImportState.READY, by="test", started_at=at, finished_at=at
    )
    return version.pk


def numbers(of: HashList) -> list[int]:
    """The numbers of its rows."""
    return list(Known.objects.filter(list=of).order_by("pk").values_list("pk", flat=True))


def _row(of: HashList, number: int, row: dict[str, Any], version: int) -> Known:
    digests = {name: bytes.fromhex(row[name]) for name in ("sha256", "sha1", "md5", "pdq") if name in row}
    mark = hashlib.sha256(str(number).encode()).digest()[:16]
    rest = {"category": row.get("category", ILLEGAL), "quality": row.get("quality"), "mark": mark}
    rest["reference"] = row.get("reference", "")
    return Known(id=number, list=of, added_in=version, **digests, **rest)
