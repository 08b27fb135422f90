"""Posters and cards: one sheet of A4 with what must stand on it, letters joined and placed as their script needs it."""

import re
import zlib
from dataclasses import replace
from importlib import resources

import pytest
import uharfbuzz

from lykta.lib import posters, qr
from lykta.lib.poster_words import Poster
from lykta.lib.posters import HEIGHT, WIDTH

WORDS = Poster(
    language="en",
    direction="ltr",
    title="Seen something? Tell us.",
    lead="You do not have to be sure. " * 3,
    note="It takes three minutes.",
    hotline="Example hotline",
    address="https://report.hotline.example/r/ARN-T5",
)
SCRIPTS = {
    "ar": ("rtl", "هل رأيت شيئًا؟"),
    "km": ("ltr", "អ្នកបានឃើញ"),
    "my": ("ltr", "မြင်ခဲ့သလား။"),
    "ti": ("ltr", "ዝረኣኹምዎ ነገር"),
    "th": ("ltr", "คุณเห็นอะไร"),
    "zh-hans": ("ltr", "告诉我们。"),
}
POINTS = 72 / 25.4


def in_script(language: str) -> Poster:
    direction, text = SCRIPTS[language]
    return replace(WORDS, language=language, direction=direction, title=text, lead=text, note=text)


def content(made: bytes) -> str:
    """What is drawn on the one page."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", made, re.DOTALL)
    readable = (zlib.decompress(stream) for stream in streams if stream.startswith(b"\x78"))
    return next(stream for stream in readable if stream.startswith(b"2 J")).decode("latin-1")


def shaped(language: str) -> list[tuple[int, int]]:
    """Glyph and cluster of each sign of the script's example, as HarfBuzz gives them for the font of the language."""
    direction, text = SCRIPTS[language]
    path = posters.font_file(posters.FONTS[language], "Regular")
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = direction
    uharfbuzz.shape(font, buffer)
    return [(info.codepoint, info.cluster) for info in buffer.glyph_infos]


@pytest.mark.parametrize("make", [posters.poster, posters.cards])
@pytest.mark.parametrize("language", ["en", *SCRIPTS])
def test_it_is_one_sheet_of_a4_that_names_its_language(make: posters.Make, language: str) -> None:
    made = make(in_script(language) if language in SCRIPTS else WORDS)
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", made)) == 1
    size = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert size is not None
    assert [float(number) for number in size.groups()] == pytest.approx([WIDTH * POINTS, HEIGHT * POINTS], abs=0.1)
    assert b"/Lang (" + language.encode() + b")" in made


@pytest.mark.parametrize(("make", "times"), [(posters.poster, 1), (posters.cards, 8)])
def test_the_code_is_drawn_whole_as_often_as_it_is_needed(make: posters.Make, times: int) -> None:
    rectangles = re.findall(r" re f\b", content(make(WORDS)))
    assert len(rectangles) == times * len([*qr.of(WORDS.address).runs()])


@pytest.mark.parametrize("factor", [1, 4, 9])
def test_much_text_makes_the_letters_smaller_and_nothing_falls_off_the_sheet(factor: int) -> None:
    made = posters.poster(replace(WORDS, lead=WORDS.lead * factor, note=WORDS.note * factor))
    heights = [float(found) for found in re.findall(r"[\d.]+ ([\d.-]+) Td\b", content(made))]
    assert len(heights) > 4
    assert min(heights) > posters.MARGIN * POINTS * 0.9
    assert len(re.findall(rb"/Type /Page\b", made)) == 1


def test_a_long_address_is_never_broken() -> None:
    with posters._Sheet(WORDS) as sheet:
        long = sheet.one_line("report.hotline.example/r/" + "A" * 32, 24, 100)
        short = sheet.one_line("short.example/r/A", 24, 100)
    assert (len(long.lines), len(short.lines)) == (1, 1)
    assert long.size < short.size == 24


def test_the_address_is_shown_as_one_types_it_and_in_the_code_as_it_is() -> None:
    assert WORDS.short == "report.hotline.example/r/ARN-T5"
    assert replace(WORDS, address="http://127.0.0.1:8001/r/A").short == "http://127.0.0.1:8001/r/A"


def test_a_mark_for_the_end_of_a_line_is_never_drawn() -> None:
    with_marks = replace(WORDS, title="Seen\u200bsomething? Tell\u200bus.")
    without = replace(WORDS, title="Seensomething? Tellus.")
    assert content(posters.poster(with_marks)) == content(posters.poster(without))


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_has_a_glyph_for_each_of_its_signs(language: str) -> None:
    assert posters.missing(in_script(language)) == set()
    assert [glyph for glyph, _ in shaped(language) if glyph == 0] == []


def test_a_sign_that_no_font_has_is_named() -> None:
    assert posters.missing(replace(WORDS, hotline="Hotline あ")) == {"あ"}


def test_from_right_to_left_the_last_letter_stands_first() -> None:
    clusters = [cluster for _, cluster in shaped("ar")]
    assert clusters == sorted(clusters, reverse=True)
    assert [cluster for _, cluster in shaped("ti")] == sorted(cluster for _, cluster in shaped("ti"))


@pytest.mark.parametrize("language", ["km", "my"])
def test_letters_are_stacked_and_moved_as_the_script_needs_it(language: str) -> None:
    path = posters.font_file(posters.FONTS[language], "Regular")
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)))
    one_by_one = [font.get_nominal_glyph(ord(sign)) for sign in SCRIPTS[language][1]]
    assert [glyph for glyph, _ in shaped(language)] != one_by_one


@pytest.mark.parametrize(
    "text", ["شيئًا", "تقريباً", "همهٔ", "مدرَّبون", "می‌کنند"], ids=["tanwin", "at the end", "hamza", "two", "joiner"]
)
def test_an_arabic_sign_does_not_part_the_letters_around_it(text: str) -> None:
    """fpdf2 would shape the parts alone, so that they were not joined."""
    with posters._Sheet(in_script("ar")) as sheet:
        sheet.block(text, 20, 100)
        assert [part.string for part in sheet.page._parse_chars(text, markdown=False)] == [text]


def test_the_letters_of_another_script_come_from_the_latin_font() -> None:
    with posters._Sheet(in_script("km")) as sheet:
        sheet.block("x", 20, 100)
        parts = [(part.string, part.font.fontkey) for part in sheet.page._parse_chars("អ្នក ok", markdown=False)]
    assert parts[0][1] == "notosanskhmer"
    assert parts[-1] == ("ok", "notosans")


def test_all_fonts_are_there_in_both_weights_small_and_with_their_licence() -> None:
    folder = resources.files("lykta") / "fonts"
    files = {one.name: len(one.read_bytes()) for one in folder.iterdir()}
    assert sum(files.values()) < 2_500_000
    for name in {posters.LATIN, *posters.FONTS.values()}:
        for weight in ("Regular", "Bold"):
            assert f"{name}-{weight}" in {file.rpartition(".")[0] for file in files}
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert posters.LATIN in (folder / "README.md").read_text(encoding="utf-8")
