"""Label sets from files: what a hotline brings is taken in, or refused with line and reason."""

from pathlib import Path

import pytest

from lykta.core.label_faults import faults
from lykta.core.refusals import NotUnderstood
from lykta.lib.labels import FOLDER, label_set, label_sets, read

OWN = """\
name = "own-1"
title = "Our own"
source = "a test"

[[questions]]
name = "finding"
text = "What is it?"
options = [{ value = "csam", text = "It", key = "1" }, { value = "grey", text = "Grey" }]

[[questions]]
name = "age"
text = "How old?"
default = "unknown"
when = { finding = ["csam"] }
options = [{ value = "0-2", text = "0 to 2" }, { value = "unknown", text = "Not known" }]

[[mappings]]
scheme = "other"
title = "Other"
source = "a test"
rules = [{ code = "1", when = { age = ["0-2"] }, because = "So." }, { because = "Not said." }]
"""


def write(folder: Path, text: str, name: str = "own-1") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_the_sets_of_lykta_are_sound(path: Path) -> None:
    assert list(faults(read(path))) == []


def test_a_hotline_brings_a_set_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    found = label_set("own-1", tmp_path)
    assert [question.name for question in found.questions] == ["finding", "age"]
    assert found.questions[1].when == {"finding": frozenset({"csam"})}
    assert found.schemes[0].rules[1].because == "Not said."
    assert set(label_sets(tmp_path)) == {"lykta-1", "lykta-2", "own-1"}


def test_without_a_folder_there_are_lyktas_sets(tmp_path: Path) -> None:
    assert set(label_sets(tmp_path / "nothing")) == set(label_sets()) == {"lykta-1", "lykta-2"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('text = "How old?"\n', "", "line 10: questions.1.text: Field required"),
        ('default = "unknown"', 'default = "young"', "line 10: age: “young” is none of its options"),
        ('default = "unknown"', "default = 5", "line 10: questions.1.default: Input should be a valid string"),
        ('default = "unknown"', 'colour = "red"', "line 10: questions.1.colour: Extra inputs are not permitted"),
        ('scheme = "other"', 'scheme = "Other!"', "line 17: mappings.0.scheme: String should match pattern"),
        (', { because = "Not said." }', "", "line 17: other: the last rule must have no condition"),
        ('name = "own-1"', 'name = "own-2"', "line 1: the set is called own-2: the file has to be too."),
        ('title = "Our own"', "title = ", "at line 2, column 9"),
        ('value = "grey"', 'value = "odd"', "line 1: “finding” has other answers"),
        ('source = "a test"\n\n[[q', 'source = ""\n\n[[q', "line 1: source: String should have at least 1 character"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in OWN
    path = write(tmp_path, OWN.replace(before, after, 1))
    with pytest.raises(NotUnderstood) as refused:
        read(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own-1.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "own-1.toml", tmp_path / "absent.toml"):
        with pytest.raises(NotUnderstood, match=path.name):
            read(path)


def test_a_set_of_lykta_cannot_be_replaced(tmp_path: Path) -> None:
    write(tmp_path, OWN.replace("own-1", "lykta-1"), "lykta-1")
    with pytest.raises(NotUnderstood, match="choose another name"):
        label_sets(tmp_path)


def test_a_set_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotUnderstood, match=r"no label set named nonsense; there are lykta-1, lykta-2\."):
        label_set("nonsense")
