"""A list, and files that are read into it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lykta.core.vocabulary import ListTrust
from lykta.records.matching.actions import set_list
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import HashList, Known, ListVersion

Read = Callable[..., ListVersion]


def md5(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def a_list(db: None) -> HashList:
    return set_list(by="test", slug="police", name="Police", trust=ListTrust.POLICE, categories={"1": "illegal"})


@pytest.fixture
def read(a_list: HashList, tmp_path: Path) -> Read:
    """Read lines of md5,category into the list; the other words are those of `import_file`."""

    def _read(rows: Sequence[str], head: str = "md5,category", **words: Any) -> ListVersion:
        path = tmp_path / "list.csv"
        path.write_text("\n".join([head, *rows, ""]))
        return import_file(by="test", found=a_list, path=path, mapping={}, **words)

    return _read


def held(a_list: HashList) -> dict[str, str]:
    """Category by hash, of what is not withdrawn."""
    rows = Known.objects.filter(list=a_list, withdrawn_in=None)
    return {bytes(row.md5 or b"").hex(): row.category for row in rows}
