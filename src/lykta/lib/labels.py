"""Label sets from files: those that come with Lykta (`lykta/labels/*.toml`) and a hotline's own.

The form of a file is explained in docs/operations/labels.md. A file that is broken is refused with line and reason.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lykta.core.label_faults import faults
from lykta.core.labels import Conditions, LabelSet, Option, Question, Rule, Scheme
from lykta.core.refusals import NotUnderstood

FOLDER = Path(__file__).resolve().parents[1] / "labels"
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_When = dict[str, list[str]]


class _Option(BaseModel):
    model_config = _STRICT
    value: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    text: str = Field(min_length=1, max_length=200)
    key: str = ""


class _Question(BaseModel):
    model_config = _STRICT
    name: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    text: str = Field(min_length=1, max_length=200)
    options: list[_Option]
    default: str = ""
    when: _When = {}
    worst_first: list[str] = []
    mixed: str = ""


class _Rule(BaseModel):
    model_config = _STRICT
    code: str = ""
    because: str
    when: _When = {}


class _Mapping(BaseModel):
    model_config = _STRICT
    scheme: str = Field(pattern=r"^[a-z0-9_.]{1,60}$")
    title: str
    source: str = Field(min_length=1)
    rules: list[_Rule]


class _File(BaseModel):
    model_config = _STRICT
    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str
    source: str = Field(min_length=1)
    questions: list[_Question]
    mappings: list[_Mapping] = []


def read(path: Path) -> LabelSet:
    """The label set in a file. Raises NotUnderstood with line and reason."""
    try:
        text = path.read_text(encoding="utf-8")
        label_set = _label_set(_File.model_validate(tomllib.loads(text)))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise NotUnderstood(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        table, index = (*first["loc"], "", "")[:2]
        where = ".".join(str(part) for part in first["loc"])
        line = _line(text, str(table), index if isinstance(index, int) else 0)
        raise NotUnderstood(f"{path}, line {line}: {where}: {first['msg']}") from error
    if label_set.name != path.stem:
        raise NotUnderstood(f"{path}, line 1: the set is called {label_set.name}: the file has to be too.")
    for fault in faults(label_set):
        raise NotUnderstood(f"{path}, line {_line(text, fault.table, fault.index)}: {fault.reason}")
    return label_set


def label_sets(own: Path | None = None) -> Mapping[str, LabelSet]:
    """Every set by name: Lykta's and those in the hotline's own folder, if there is one. Raises NotUnderstood.

    A hotline's file never takes the place of one of Lykta's: old assessments would be read wrongly.
    """
    found = dict(_lyktas())
    for path in sorted(own.glob("*.toml")) if own else []:
        if path.stem in found:
            raise NotUnderstood(f"{path}, line 1: a set of Lykta is called {path.stem} already; choose another name.")
        found[path.stem] = read(path)
    return found


def label_set(name: str, own: Path | None = None) -> LabelSet:
    """The set of that name. Raises NotUnderstood where there is none."""
    sets = label_sets(own)
    if name not in sets:
        raise NotUnderstood(f"There is no label set named {name}; there are {', '.join(sets)}.")
    return sets[name]


@cache
def _lyktas() -> dict[str, LabelSet]:
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _label_set(file: _File) -> LabelSet:
    return LabelSet(
        name=file.name,
        title=file.title,
        source=file.source,
        questions=tuple(
            Question(
                name=one.name,
                text=one.text,
                options=tuple(Option(option.value, option.text, option.key) for option in one.options),
                default=one.default,
                when=_when(one.when),
                worst_first=tuple(one.worst_first),
                mixed=one.mixed,
            )
            for one in file.questions
        ),
        schemes=tuple(
            Scheme(
                one.scheme,
                one.title,
                one.source,
                tuple(Rule(rule.code, rule.because, _when(rule.when)) for rule in one.rules),
            )
            for one in file.mappings
        ),
    )


def _when(written: _When) -> Conditions:
    return {name: frozenset(values) for name, values in written.items()}


def _line(text: str, table: str, index: int) -> int:
    """The line on which the table of that number begins; 1 where it is not written as a table of its own."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{table}]]"]
    return lines[index] if index < len(lines) else 1
