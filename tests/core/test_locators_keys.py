"""The same thing has one key however it is written, and different things have different keys."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import locators
from lykta.core.locators import ipfs
from lykta.core.locators.platforms import PLATFORMS, called

HASHES = st.binary(min_size=32, max_size=32)
LABELS = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?", fullmatch=True)
HOSTS = st.builds("{}.{}".format, LABELS, st.sampled_from(["test", "example", "shop.example", "se", "com"]))
PATHS = st.lists(st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True), max_size=3).map("/".join)
DIGITS = st.from_regex(r"[1-9][0-9]{8}", fullmatch=True)
BASE_58, BASE_36 = ipfs._BASE58, ipfs._BASE36


def key(text: str) -> str:
    [one] = locators.find(text).locators
    return one.key


def written_in(alphabet: str, raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, place = divmod(number, len(alphabet))
        digits = alphabet[place] + digits
    return digits


def spellings_of_content(digest: bytes) -> list[str]:
    """Every form in which gateways and programs write one hash: bases 58, 32, 36 and 16, alone and behind gateways."""
    multihash = bytes((0x12, 32)) + digest
    raw = b"\x01\x70" + multihash
    base_32 = "b" + base64.b32encode(raw).decode().lower().rstrip("=")
    names = [
        f"Qm{written_in(BASE_58, multihash)[2:]}",
        base_32,
        base_32.upper(),
        f"f{raw.hex()}",
        f"F{raw.hex().upper()}",
    ]
    names += [f"z{written_in(BASE_58, raw)}", f"k{written_in(BASE_36, raw)}"]
    places = [f"ipfs://{name}" for name in names] + [f"https://gateway.example/ipfs/{name}" for name in names]
    return [*places, names[0], base_32, f"http://{base_32}.ipfs.gateway.example/", f"/ipfs/{base_32}"]


@given(HASHES)
def test_content_has_one_key_in_every_base_and_behind_every_gateway(digest: bytes) -> None:
    assert len({key(spelling) for spelling in spellings_of_content(digest)}) == 1


@given(st.lists(HASHES, min_size=2, max_size=5, unique=True))
def test_different_content_has_different_keys(digests: list[bytes]) -> None:
    assert len({key(spellings_of_content(digest)[0]) for digest in digests}) == len(digests)


@given(st.lists(st.binary(min_size=20, max_size=20), min_size=1, max_size=3, unique=True))
def test_a_torrent_has_one_key_in_both_bases_and_with_any_title(digests: list[bytes]) -> None:
    keys = set()
    for digest in digests:
        in_hex, in_base_32 = digest.hex(), base64.b32encode(digest).decode()
        links = [f"xt=urn:btih:{in_hex}", f"dn=title&xt=urn:btih:{in_hex.upper()}", f"xt=urn:btih:{in_base_32}&tr=x"]
        keys |= {key(f"magnet:?{link}") for link in links}
    assert len(keys) == len(digests)


def spellings_of_page(host: str, path: str) -> list[str]:
    dotted = host.replace(".", "[.]")
    wide = host.translate({ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz."})
    return [
        f"http://{host}/{path}",
        f"https://{host.upper()}:443/{path}#part",
        f"hxxp://{dotted}/{path}",
        f"hxxps[:]//{host.replace('.', ' [dot] ')}/{path}?utm_source=a&fbclid=b",
        f"http://somebody:secret@{host}./{path}",
        f"http://{wide}/{path}",
        f"ht\u200btp://{host}/\u2060{path}",
        f"http:\\\\{host}\\{path}",
    ]


@given(HOSTS, PATHS)
def test_a_page_has_one_key_however_it_is_hidden(host: str, path: str) -> None:
    assert len({key(spelling) for spelling in spellings_of_page(host, path)}) == 1


@given(st.lists(st.tuples(HOSTS, PATHS), min_size=2, max_size=5, unique=True))
def test_different_pages_have_different_keys(pages: list[tuple[str, str]]) -> None:
    assert len({key(f"http://{host}/{path}") for host, path in pages}) == len(pages)


@given(st.lists(DIGITS, min_size=1, max_size=3, unique=True))
def test_a_telephone_number_has_one_key_however_it_is_grouped(numbers: list[str]) -> None:
    keys = set()
    for number in numbers:
        grouped = f"{number[:2]} {number[2:5]}-{number[5:]}"
        keys |= {key(f"{front}{number}") for front in ("+46", "0046", "00 46 ", "tel:+46", "+46 (0)")}
        keys |= {key(f"+46 {grouped}"), key(f"0046 (0){grouped}")}
    assert keys == {f"+46{number}" for number in numbers}


@given(st.sampled_from(sorted(PLATFORMS)), st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,12}", fullmatch=True))
def test_what_is_kept_of_an_account_is_read_back_as_the_same(platform: str, value: str) -> None:
    for part in ("", "invite/", "channel/", "group/", "app/", "game/"):
        found = locators.find(f"{platform}:{part}{value}").locators
        for one in found:
            assert key(one.address) == one.key


@pytest.mark.parametrize("platform", sorted(set(PLATFORMS) - {"unknown"}))
def test_every_platform_of_the_table_is_read_by_its_name(platform: str) -> None:
    assert key(f"{platform}:app/com.example.app") == f"{platform}:app/com.example.app"
    assert all(called(word) == PLATFORMS[platform] for word in PLATFORMS[platform].words)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,12}", fullmatch=True))
def test_a_user_a_group_an_invite_and_a_game_of_one_name_are_four_things(name: str) -> None:
    texts = [f"roblox:{part}{name}" for part in ("", "group/", "invite/", "game/")]
    assert len({key(text) for text in texts}) == 4
    assert key(f"roblox:{name.upper()}") == key(f"roblox:{name.lower()}")
