"""The part of a country file that decisions need."""

from datetime import timedelta
from pathlib import Path

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib.laws import law

FILE = """
[country]
code = "XX"
[[law.offences]]
law = "§ 1"
findings = ["csam"]
natures = ["real"]
because = "An example."
[notice]
police_hold_hours = 24
[retention]
rule = "an-example"
unfounded = { days = 1 }
contact = { days = 2 }
words = { days = 3 }
"""


def known(*, allowed: bool, verified: bool) -> str:
    words = {True: "true", False: "false"}
    return f"{FILE}[matching]\ndecide_without_look = {words[allowed]}\nverified = {words[verified]}\n"


def written(folder: Path, text: str) -> Path:
    (folder / "xx.toml").write_text(text)
    return folder


def test_a_law_says_what_is_illegal_and_how_long_a_host_waits(tmp_path: Path) -> None:
    found = law("xx", written(tmp_path, FILE))
    assert (found.country, found.hold) == ("XX", timedelta(hours=24))
    assert found.offences[0].law == "§ 1"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (FILE, False),
        (known(allowed=True, verified=True), True),
        (known(allowed=True, verified=False), False),
        (known(allowed=False, verified=True), False),
    ],
)
def test_deciding_without_a_look_is_allowed_only_where_somebody_has_read_that_it_is(
    tmp_path: Path, text: str, *, allowed: bool
) -> None:
    assert law("xx", written(tmp_path, text)).decides_known is allowed


def test_no_country_file_that_comes_with_lykta_allows_it() -> None:
    assert not law("se").decides_known


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match="police_hold_hours"):
        law("xx", written(tmp_path, FILE.replace("police_hold_hours", "other")))
    with pytest.raises(NotUnderstood, match=r"no country file .*\. Set country to one of"):
        law("yy", tmp_path)


@pytest.mark.parametrize(("table", "people"), [("", 2), ("[offering]\n", 2), ("[offering]\nquorum = 3\n", 3)])
def test_two_people_must_agree_on_an_offer_where_the_country_does_not_ask_for_more(
    tmp_path: Path, table: str, people: int
) -> None:
    assert law("xx", written(tmp_path, FILE + table)).quorum == people


@pytest.mark.parametrize("value", ["1", "0", '"two"', "2.5"])
def test_no_country_lets_one_person_decide_alone_what_is_offered(tmp_path: Path, value: str) -> None:
    with pytest.raises(NotUnderstood, match="at least 2"):
        law("xx", written(tmp_path, f"{FILE}[offering]\nquorum = {value}\n"))


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ("", False),
        ("[people_search]\n", False),
        ("[people_search]\nallowed = false\n", False),
        ('[people_search]\nallowed = "yes"\n', False),
        ("[people_search]\nallowed = true\n", True),
    ],
)
def test_persons_are_searched_for_only_where_the_file_plainly_says_so(
    tmp_path: Path, said: str, *, allowed: bool
) -> None:
    (tmp_path / "xx.toml").write_text(FILE + said)
    assert law("xx", tmp_path).people_search is allowed


def test_sweden_does_not_let_persons_be_searched_for_unasked() -> None:
    assert not law("se").people_search
