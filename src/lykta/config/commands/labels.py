"""`lykta labels check`: whether a label set can be worked with, before it is put into LYKTA_HOME/labels."""

from collections.abc import Iterator
from pathlib import Path

from lykta.lib.labels import read


def check(path: Path) -> Iterator[str]:
    """What the set contains, in two lines. Raises NotUnderstood with line and reason where it is broken."""
    label_set = read(path)
    schemes = ", ".join(scheme.name for scheme in label_set.schemes) or "none"
    yield f"{label_set.name}: {label_set.title}. {len(label_set.questions)} questions; other schemes: {schemes}."
    yield f'Put it into LYKTA_HOME/labels and set labels = "{label_set.name}" to work with it.'
