"""Run by imports.py in a process of its own, in which Django is set up: reads a list twice and prints how fast."""

import json
import os
import resource
import time
from pathlib import Path

from django.core.management import call_command

from lykta.core.vocabulary import ListTrust
from lykta.records.matching import store
from lykta.records.matching.actions import set_list
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import ROWS_OF_A_LIST, HashList, Known

BULK = 20_000


def main(path: str) -> None:
    for app in ("matching", "audit"):
        call_command("migrate", app, verbosity=0)
    found = set_list(by="bench", slug="bench", name="Bench", trust=ListTrust.POLICE)
    speeds = {verb: _speed(found, Path(path)) for verb in ("import", "reimport")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**speeds, "peak_mb": peak, "bulk_create": _bulk_create()}))


def _speed(found: HashList, path: Path) -> float:
    begun = time.monotonic()
    version = import_file(by="bench", found=found, path=path, mapping={})
    seconds = time.monotonic() - begun
    assert version.rows_added + version.rows_kept == version.rows_read
    return version.rows_read / seconds


def _bulk_create() -> float:
    other = set_list(by="bench", slug="other", name="Other", trust=ListTrust.POLICE)
    store.index(other.pk)
    first = other.pk * ROWS_OF_A_LIST
    rows = [
        Known(
            id=number,
            list=other,
            sha256=os.urandom(32),
            md5=os.urandom(16),
            pdq=os.urandom(32),
            mark=os.urandom(16),
            added_in=1,
        )
        for number in range(first, first + BULK)
    ]
    begun = time.monotonic()
    Known.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return BULK / (time.monotonic() - begun)
