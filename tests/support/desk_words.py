"""What the desk says, beside what the public faces say already, and the catalogues that hold it.

Those are its templates and code, the words of the river with their sentences, Lykta's label sets, and what core,
records and workflow answer an analyst: refusals, reasons of urgency, of routing and of a place. They write English,
since that is stored and sent; `lykta.sites.desk.sentences` says them in the language of whoever reads.

`python -m tests.support.desk_words` brings every catalogue up to date, `python -m tests.support.desk_words LANGUAGE`
begins a new one: as in `tests.support.catalogues`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.catalogues import KEYWORDS, SITES, Saying, keep, languages, messages, said_in

SOURCE = SITES.parent
DESK_LOCALE = SITES / "desk" / "locale"
SPOKEN = (
    "core/*.py",
    "lib/certificates.py",
    "lib/origins.py",
    "lib/hashlists/*.py",
    "connectors/web/view*.py",
    "records/*/*.py",
    "records/*/actions/*.py",
    "workflow/*.py",
    "sites/desk/*.py",
)
UNSPOKEN = {
    "core/counting.py",  # the names of figures are in the public catalogue
    *(f"records/letterbox/{name}.py" for name in ("actions", "feed", "partners", "together")),
    "records/audit/actions.py",
    "records/cases/keyring.py",
    "records/cases/webhooks.py",
    "records/people/holders.py",
    *(f"workflow/{name}.py" for name in ("arriving", "bundling", "exporting", "importing", "indexes", "kits")),
    *(f"workflow/{name}.py" for name in ("matching", "webhooks", "wording")),
}
"""What these say is told to a machine, to reporters and partners, or by a command to whoever looks after it."""
REFUSALS = {"NotAllowed", "NotNow", "NotUnderstood"}
TEXTS = {"text", "because", "title"}
"""In such a file: what an analyst reads."""
GAP = "\0"
"""Stands for a value in a sentence."""

_SENTENCE = re.compile(r"[“0-9A-Z\0].* .*[.?!]|[A-Z][a-z]+\.", re.DOTALL)
_VALUE = re.compile(r"\{\w+\}")


@cache
def said_at_the_desk() -> dict[Saying, None]:
    """Everything that is not in the public catalogue, in the order of the files."""
    pages = sorted(path for path in (SITES / "desk").rglob("*") if path.suffix in {".html", ".py"})
    own = [message for path in pages for message in said_in(path) if message]
    public = {message.id for message in messages("sv") if not message.context}
    found = dict.fromkeys([*own, *said_of_words(), *said_in_files(), *sentences()])
    return {saying: None for saying in found if saying not in public}


def said_of_words() -> list[str]:
    """The sentence of each `Word`: the second of two texts in the body of a class."""
    paths = [*sorted((SOURCE / "core").glob("*.py")), SOURCE / "records" / "audit" / "words.py"]
    classes = [node for path in paths for node in ast.walk(_read(path)) if isinstance(node, ast.ClassDef)]
    values = [node.value for one in classes for node in one.body if isinstance(node, ast.Assign)]
    pairs = [value.elts for value in values if isinstance(value, ast.Tuple) and len(value.elts) == 2]
    return [text for _value, sentence in pairs if (text := _text(sentence))]


def said_in_files() -> list[str]:
    """Questions, answers and reasons of Lykta's own label sets and practice cases, and what text blocks are called."""
    files = [*sorted((SOURCE / "labels").rglob("*.toml")), SOURCE / "workflow" / "blocks.toml"]
    return [text for path in files for text in _texts(tomllib.loads(path.read_text(encoding="utf-8")))]


def sentences() -> list[str]:
    """Whole sentences of other floors that hold no value."""
    return [text for text in _spoken() if GAP not in text]


def sentences_with_values() -> list[str]:
    """Sentences of other floors that hold values."""
    return [text for text in _spoken() if GAP in text]


@cache
def _spoken() -> list[str]:
    paths = sorted({path for pattern in SPOKEN for path in SOURCE.glob(pattern)})
    read = [_read(path) for path in paths if path.relative_to(SOURCE).as_posix() not in UNSPOKEN]
    return [text for tree in read for text in _sentences_of(tree)]


def _sentences_of(tree: ast.Module) -> Iterator[str]:
    """What looks like a sentence, and whatever a refusal says; not docstrings, nor what is read as a page's own."""
    nodes = list(ast.walk(tree))
    refused = {id(said) for one in nodes for said in _said_by(one, REFUSALS)[:1]}
    silent = {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
    silent |= {id(said) for one in nodes for said in _said_by(one, KEYWORDS)}
    silent |= {id(piece) for one in nodes if isinstance(one, ast.JoinedStr) for piece in ast.walk(one) if piece != one}
    for one in nodes:
        text = _text(one)
        if text and id(one) not in silent and (id(one) in refused or _SENTENCE.fullmatch(text)):
            yield text


def _said_by(node: ast.AST, names: Container[str]) -> list[ast.expr]:
    """What a call of one of these names is given."""
    return node.args if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names else []


def _text(node: ast.AST) -> str:
    """A text with its values as gaps; "" for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(piece) or GAP for piece in node.values)
    return _VALUE.sub(GAP, node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, list):
        for one in found:
            yield from _texts(one)
    elif isinstance(found, dict):
        for name, value in found.items():
            if isinstance(value, str) and name in TEXTS:
                yield value
            else:
                yield from _texts(value)


def _read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def main() -> None:
    said = list(said_at_the_desk())
    for language in sys.argv[1:] or languages(DESK_LOCALE):
        sys.stdout.write(keep(language, said, locale=DESK_LOCALE))


if __name__ == "__main__":
    main()
