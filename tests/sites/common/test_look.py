"""What can be measured of the look: contrast, weight, target size, direction, and that nothing comes from elsewhere."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lykta.sites import common

STATIC = Path(common.__file__).parent / "static"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
SHEET = (STATIC / "public.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")

TEXT_ON_GROUND = [
    *(
        (ink, ground)
        for ink in ("ink", "quiet", "accent", "accent-strong", "wrong", "good")
        for ground in ("paper", "card")
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "glow"),
    ("quiet", "glow"),
    ("wrong", "wrong-tint"),
    ("ink", "wrong-tint"),
    ("ink", "good-tint"),
]
EDGES_ON_GROUND = [(edge, ground) for edge in ("edge", "focus") for ground in ("paper", "card")]


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6});", scheme))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    full = colour if len(colour) == 6 else "".join(sign * 2 for sign in colour)
    parts = [int(full[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_rightly() -> None:
    assert contrast("fff", "000000") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_every_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[ink], found[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES_ON_GROUND)
def test_every_edge_that_means_something_can_be_seen(scheme: str, edge: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[edge], found[ground]) >= 3


def test_dark_gives_every_colour_that_light_gives() -> None:
    assert colours(LIGHT).keys() == colours(DARK).keys()


@pytest.mark.parametrize("sheet", [TOKENS, SHEET], ids=["tokens", "public"])
def test_a_style_sheet_names_neither_left_nor_right_nor_another_site(sheet: str) -> None:
    assert re.findall(r"\b(?:left|right|margin-top|margin-bottom|padding-top|padding-bottom)\b", sheet) == []
    assert re.findall(r"url\(|@import|https?:", sheet) == []


def test_only_tokens_name_colours() -> None:
    screen = SHEET.partition("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,6}\b", screen) == []


def test_what_is_pressed_is_large_enough_for_a_thumb() -> None:
    assert "--target: 2.75rem" in TOKENS, "44 px"
    for pressed in (".leave, .tongue", ".brand", ".choice", ".danger a"):
        assert re.search(rf"\n{re.escape(pressed)} {{[^}}]*min-block-size: var\(--target\)", SHEET), pressed


@pytest.mark.parametrize(
    "mode", ["prefers-color-scheme: dark", "prefers-reduced-motion", "forced-colors: active", "print"]
)
def test_the_look_follows_what_the_visitor_has_set(mode: str) -> None:
    assert f"@media {mode}" in TOKENS + SHEET or f"@media ({mode}" in TOKENS + SHEET


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("report", "/sv/"),
        ("report", "/sv/tell/"),
        ("report", "/en/mailbox/"),
        ("report", "/ar/tell/"),
        ("report", "/my/tell/"),
        ("partners", "/sv/answer/"),
        ("pages", "/sv/"),
    ],
)
def test_a_page_with_its_style_is_at_most_14_kilobytes(face: Callable[[str], Client], name: str, path: str) -> None:
    whole = [face(name).get(path).content, TOKENS.encode(), SHEET.encode()]
    assert sum(len(gzip.compress(part)) for part in whole) <= 14_000
