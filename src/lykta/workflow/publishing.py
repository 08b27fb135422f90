"""The public figures: counted by the worker, published as one file that the website shows."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER, write
from lykta.records.audit.words import AuditWord
from lykta.records.results.queries import all_figures


def publish(folder: Path) -> bool:
    """Count, and write `figures.json` where something has changed. Readers see the old file or the new one."""
    figures, countries = all_figures()
    content = {"figures": [asdict(one) for one in figures], "countries": [asdict(one) for one in countries]}
    path = folder / "figures.json"
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if {**before, "as_of": None} == {**content, "as_of": None}:
            return False
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    text = json.dumps({"as_of": now().isoformat(timespec="seconds"), **content}, ensure_ascii=False, indent=1)
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    with transaction.atomic():
        write(by=WORKER, word=AuditWord.FIGURES_PUBLISHED, subject="figures", facts={"count": len(figures)})
    return True
