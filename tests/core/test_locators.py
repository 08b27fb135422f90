"""Strangers type anything; what they name is found, once, and reading it again changes nothing."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import locators
from lykta.core.locators import Locator, page
from lykta.core.vocabulary import ItemKind

EXAMPLES = [
    tuple(row)
    for rows in tomllib.loads(Path(__file__).with_name("locators_examples.toml").read_text(encoding="utf-8")).values()
    for row in rows
]
ONION = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion"
CONTENT = "bafybeiaaaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4"
TORRENT = "000102030405060708090a0b0c0d0e0f10111213"

ANYTHING = st.text(st.characters(exclude_categories=()))
FRAGMENTS = st.sampled_from(
    "http:// https:// hxxp:// h**p[:]// ftp:// http: \\ / // . .. /../ [.] (.) {.} [dot] ( ) [ ] { } （ ） ' \" < > | ` ^ "
    "a b.test www. .example .com com hus.se a.zip exa mple @ [at] (at) @ab @name @a@ t.me/ t.me/+ discord.gg/ x.com/ "
    "instagram.com/ kik: telegram: unknown: fediverse: invite/ tg://resolve?domain= snap: +46701740605 name1 -a _a "
    "ipfs:// ipns:// /ipfs/ /ipns/ magnet:?xt=urn:btih: +46 0046 (0) line: game/1 id/1 roblox.com/games/ "
    f"QmNLfbof5rLekrACjeuLk9JmGZD2HDBHCU4z16iYKmx5SE {CONTENT} {TORRENT} .ipfs.a.test "
    "? # #! & = utm_source=1 %7e %2F %00 %zz %5B.%5D : :80 :443 :8080 ; , 1 1.2.3.4 0x7f.1 [2001:db8::1] räk å ß 。 ．"
    f" \u200b \u202e \u00ad \ufeff \x00 \ud800 ｈ ／ … * ~ $ + - _ {ONION}".split(" ")
) | st.sampled_from([" ", "\n", "\t", " dot ", " . ", "\xa0"])
ADDRESS_LIKE = st.lists(FRAGMENTS, max_size=14).map("".join)
PATHS = st.lists(FRAGMENTS, max_size=10).map(lambda parts: "http://exa.example/" + "".join(parts))


def keys(text: str) -> list[str]:
    return [locator.key for locator in locators.find(text).locators]


@pytest.mark.parametrize(("text", "kind", "address", "key"), EXAMPLES)
def test_each_example_names_what_a_person_says_it_names(text: str, kind: str, address: str, key: str) -> None:
    found = locators.find(text).locators
    assert [(one.kind, one.address, one.key) for one in found] == ([(kind, address, key)] if kind else [])


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) >= 300
    assert len({text for text, *_ in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "http://a.test,http://b.test;http://c.test/x,https://d.test/y",
            ["a.test/", "b.test/", "c.test/x", "d.test/y"],
        ),
        ("a.test, b.test;c.test\nd.test", ["a.test/", "b.test/", "c.test/", "d.test/"]),
        ("[http://a.test/x](http://b.test/x)", ["a.test/x", "b.test/x"]),
        ("['http://a.test/x','http://b.test/x']", ["a.test/x", "b.test/x"]),
        ("@one and @two99 on kik: three", ["unknown:one", "unknown:two99", "kik:three"]),
        ("anna@a.test wrote on b.test", ["anna@a.test", "b.test/"]),
        ("http://localhost/x then a.test", ["a.test/"]),
        ("foo dot a.test dot xyzzy", ["a.test/"]),
        (
            "ftp://a.test ftp://a.test http://t.me/somename a.test t.me/somename",
            ["ftp://a.test/", "telegram:somename", "a.test/"],
        ),
    ],
)
def test_a_text_may_name_several_things(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "same",
    [
        [
            "http://exa.example/a",
            "https://EXA.example:443/a#x",
            "hxxp://exa[.]example/a?utm_campaign=1",
            "http://u@exa.example/a",
        ],
        ["https://t.me/SomeName", "t.me/s/somename", "telegram: @somename", "tg://resolve?domain=somename"],
        ["Anna@mail.example", "anna [at] mail [dot] example"],
    ],
)
def test_the_same_thing_has_one_key_and_its_first_mention_stays(same: list[str]) -> None:
    [one] = locators.find("\n".join(same)).locators
    assert one.written == same[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://exa.example/a", "http://exa.example/A"),
        ("http://exa.example/a", "http://exa.example/a/"),
        ("http://exa.example/?a=1", "http://exa.example/?a=2"),
        ("http://exa.example/a%2Fb", "http://exa.example/a/b"),
        ("http://exa.example/#!a", "http://exa.example/#!b"),
        ("http://exa.example/", "http://www.exa.example/"),
        ("http://exa.example/", "ftp://exa.example/"),
        ("http://exa.example/", "http://exa.example:8080/"),
        ("https://discord.gg/somename", "discord: somename"),
        ("https://t.me/joinchat/AbCdEfGh", "https://t.me/joinchat/abcdefgh"),
        ("@somename", "kik: somename"),
    ],
)
def test_different_things_have_different_keys(one: str, other: str) -> None:
    assert len(set(keys(one) + keys(other))) == 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Se (hxxp://exa[.]example/a).", "hxxp://exa[.]example/a"),
        ("x\u200b \u202e exa\u200b.exam\u200bple/\u200bx, y", "exa\u200b.exam\u200bple/\u200bx"),
        ("på ｅｘａ．ｅｘａｍｐｌｅ／ａ！", "ｅｘａ．ｅｘａｍｐｌｅ／ａ"),
        ("anna  [at] mail [dot] example.", "anna  [at] mail [dot] example"),
        ("…\u200bkik: name1.", "kik: name1"),
        ("ask @some.name.", "@some.name"),
        ("-anna@mail.example", "anna@mail.example"),
    ],
)
def test_written_is_exactly_what_stood_in_the_text(text: str, written: str) -> None:
    assert locators.find(text).locators[0].written == written


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("  http://exa.example/a \n", "http://exa.example/a"),
        ("Example.Com", "http://example.com/"),
        ("192.0.2.7", "http://192.0.2.7/"),
        ("film.mov", "http://film.mov/"),
        ("(exa.example)", "http://exa.example/"),
        ("hxxps://exa[.]example", "https://exa.example/"),
        ("@somename", "unknown:somename"),
        ("anna@mail.example", "anna@mail.example"),
        (ONION, f"http://{ONION}/"),
    ],
)
def test_a_field_holds_one_address_with_or_without_a_scheme(typed: str, address: str) -> None:
    one = locators.read(typed)
    assert one is not None
    assert one.address == address
    assert one.written in typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "12.30",
        "2130706433",
        "readme.txt",
        "exa.example is bad",
        "a.test b.test",
        "http://exa.example/my file",
    ],
)
def test_a_field_that_holds_more_or_less_than_one_address_is_not_read(typed: str) -> None:
    assert locators.read(typed) is None


@pytest.mark.parametrize(
    ("address", "defanged"),
    [
        ("http://exa.mple/a", "hxxp://exa[.]mple/a"),
        ("https://exa.mple/a.html", "hxxps://exa[.]mple/a[.]html"),
        ("ftp://exa.mple/", "fxp://exa[.]mple/"),
        ("anna.b@mail.example", "anna.b[@]mail[.]example"),
        ("telegram:somename", "telegram:somename"),
        ("ipfs://bafy/a.b", "ipfs[:]//bafy/a[.]b"),
        ("ipns://exa.example", "ipns[:]//exa[.]example"),
        ("magnet:?xt=urn:btih:00", "magnet[:]?xt=urn:btih:00"),
        ("+46701740605", "+46701740605"),
    ],
)
def test_a_defanged_address_is_no_link(address: str, defanged: str) -> None:
    assert locators.defang(address) == defanged


def test_kind_and_host_say_where_it_is() -> None:
    text = f"http://EXA.example./ {ONION} anna@Mail.example @somename kik: name1 {CONTENT} +46 70 174 06 05"
    found = locators.find(f"{text} roblox:game/1 magnet:?xt=urn:btih:{TORRENT}").locators
    assert [(one.kind, one.host) for one in found] == [
        (ItemKind.WEB, "exa.example"),
        (ItemKind.ONION, ONION),
        (ItemKind.EMAIL, "mail.example"),
        (ItemKind.ACCOUNT, "unknown"),
        (ItemKind.ACCOUNT, "kik"),
        (ItemKind.IPFS, "ipfs"),
        (ItemKind.PHONE, "+46"),
        (ItemKind.APP, "roblox"),
        (ItemKind.MAGNET, "bittorrent"),
    ]


def test_every_character_that_is_replaced_or_removed_is_noticed() -> None:
    """A text without odd characters is read as it stands, so each one that changes must count as odd."""
    for number in range(0x110000):
        text = f"a{chr(number)}b"
        if not page._ODD.search(text):
            assert not page._INVISIBLE.search(text)
            assert page._plain(chr(number)) == chr(number)


def assert_stable(one: Locator) -> None:
    for form in (one.address, locators.defang(one.address)):
        assert keys(form) == [one.key], form
    again = locators.read(one.address)
    assert again is not None
    assert (again.key, again.address) == (one.key, one.address)


@given(ADDRESS_LIKE | PATHS | ANYTHING)
def test_reading_an_address_again_or_defanged_gives_the_same_key(text: str) -> None:
    for one in locators.find(text).locators:
        assert one.written in text
        assert_stable(one)


@given(ADDRESS_LIKE | ANYTHING)
def test_whatever_is_typed_in_a_field_is_read_or_not_but_never_raises(text: str) -> None:
    one = locators.read(text)
    if one is not None:
        assert one.written in text
        assert_stable(one)


@given(st.lists(ADDRESS_LIKE, max_size=4), st.integers(0, 3))
def test_the_limit_keeps_the_first_and_says_so(texts: list[str], limit: int) -> None:
    text = "\n".join(texts)
    everything = locators.find(text)
    some = locators.find(text, limit=limit)
    assert some.locators == everything.locators[:limit]
    assert some.cut == (len(everything.locators) > limit)


def test_ten_thousand_addresses_are_all_found() -> None:
    found = locators.find("\n".join(f"a{number}.test" for number in range(10_000)))
    assert (len(found.locators), found.cut) == (10_000, False)


def test_what_is_beyond_the_limit_of_text_is_not_read_and_half_an_address_is_dropped() -> None:
    found = locators.find("whole.test " + "x" * 199_980 + " half.test/path")
    assert ([one.key for one in found.locators], found.cut) == (["whole.test/"], True)


def test_an_address_too_long_for_any_browser_is_passed_over_and_said_to_be() -> None:
    found = locators.find("http://long.test/" + "x" * 8000 + " a.test")
    assert ([one.key for one in found.locators], found.cut) == (["a.test/"], True)
