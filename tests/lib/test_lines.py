"""Lines end where readers expect it, also in scripts that put no space between words; nothing is lost or too wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib import lines

KHMER = "កុមារម្នាក់"
BURMESE = "ကျွန်ုပ်တို့"
THAI = "เด็กกำลังถูกดึงเข้าไป"


def wrapped(text: str, width: int) -> list[str]:
    return lines.wrapped(text, width=width, measure=len)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 9, []),
        ("one two three", 20, ["one two three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("two\u200bwords", 5, ["two", "words"]),
        ("two\u200bwords", 8, ["twowords"]),
        ("你看到了吗？告诉我们。", 6, ["你看到了吗？", "告诉我们。"]),
        ("你看到了吗？告诉我们。", 5, ["你看到了", "吗？告诉我", "们。"]),
        ("他说“你好”。", 3, ["他说", "“你", "好”。"]),
        ("see 你好 now", 6, ["see 你好", "now"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
    ],
)
def test_a_line_ends_between_words_at_marks_and_between_characters(text: str, width: int, expected: list[str]) -> None:
    assert wrapped(text, width) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("naïve", ["n", "a", "ï", "v", "e"]),
        ("nai\u0308ve", ["n", "a", "i\u0308", "v", "e"]),
        (KHMER, ["កុ", "មា", "រ", "ម្នា", "ក់"]),
        (BURMESE, ["ကျွန်ုပ်", "တို့"]),
        ("เด็กกำลัง", ["เด็", "ก", "กำ", "ลั", "ง"]),
    ],
)
def test_a_letter_keeps_the_signs_that_belong_to_it(text: str, expected: list[str]) -> None:
    assert lines.clusters(text) == expected


@given(st.text(alphabet="ab \u200b\n你好，。“”กำเ" + KHMER + BURMESE), st.integers(1, 12))
def test_nothing_is_lost_and_no_line_is_too_wide_but_for_one_cluster(text: str, width: int) -> None:
    found = wrapped(text, width)
    plain = "".join(text.replace("\u200b", "").split())
    assert "".join("".join(found).split()) == plain
    assert all(len(line) <= width or len(lines.clusters(line)) == 1 for line in found)


def test_lines_are_of_even_length() -> None:
    text = "Have you seen something that worries you very much?"
    assert wrapped(text, 48) == ["Have you seen something that worries you very", "much?"]
    assert lines.balanced(text, width=48, measure=len) == ["Have you seen something", "that worries you very much?"]


def test_a_stretch_that_fits_on_a_line_is_not_taken_apart_for_evenness() -> None:
    assert lines.balanced(f"{THAI} ab", width=len(THAI), measure=len) == [THAI, "ab"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seen something? Tell us.", ["Seen something?", "Tell us."]),
        ("你看到了吗？告诉我们。", ["你看到了吗？", "告诉我们。"]),
        ("هل رأيت شيئًا؟ أخبرنا.", ["هل رأيت شيئًا؟", "أخبرنا."]),
        ("คุณเห็นอะไร บอกเราได้", ["คุณเห็นอะไร", "บอกเราได้"]),
        ("Without an end", ["Without an end"]),
        ("Version 2.5 is here.", ["Version 2.5 is here."]),
        ("", []),
    ],
)
def test_a_sentence_ends_with_its_sign(text: str, expected: list[str]) -> None:
    assert lines.sentences(text) == expected
