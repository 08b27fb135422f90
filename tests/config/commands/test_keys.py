"""`lykta key` and `lykta unlock`: wrapped for two, printed in three parts, lost, brought back."""

import argparse
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from lykta.config import unlocking
from lykta.config.commands.keys import do, unlock
from lykta.config.commands.people import add_staff
from lykta.config.environment import key_file
from lykta.config.keys import make_keys
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Role
from lykta.lib import sheets
from lykta.records.audit.models import Entry
from lykta.records.people import holders
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db


def typed(*words: str) -> Callable[[str], str]:
    """Somebody at the keyboard, who types these one after another."""
    said = iter(words)
    return lambda _asked: next(said)


def told(what: str, name: str = "", *, holder: str = "", types: Iterable[str] = ()) -> list[str]:
    return list(do(argparse.Namespace(what=what, name=name, holder=holder), ask=typed(*types)))


@pytest.fixture
def key(lykta_home: Path) -> bytes:
    """The key of a new hotline with two leads."""
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    for name in ("lena", "olle"):
        add_staff(name, Role.LEAD)
    return key_file("hotline.key").read_bytes()


def passphrase_of(lines: list[str]) -> str:
    return lines[0].partition(": ")[2]


def unwrapped(name: str, lines: list[str]) -> bytes:
    return holders.unwrap(staff=Staff.objects.get(username=name), passphrase=passphrase_of(lines))


def test_without_its_file_any_holder_lets_another_one_in(key: bytes) -> None:
    lenas = told("hold", "lena")
    key_file("hotline.key").unlink()
    olles = told("hold", "olle", holder="lena", types=[passphrase_of(lenas)])
    assert unwrapped("olle", olles) == key


def test_without_its_file_and_without_a_holder_nothing_is_opened(key: bytes) -> None:
    told("hold", "lena")
    key_file("hotline.key").unlink()
    with pytest.raises(NotNow, match="--holder"):
        told("hold", "olle")
    with pytest.raises(NotNow, match="not the passphrase"):
        told("sheets", holder="lena", types=["wrong"])


def test_when_every_passphrase_is_lost_two_sheets_bring_the_key_back(key: bytes) -> None:
    first, second, third = told("sheets")[1:6:2]
    key_file("hotline.key").unlink()
    assert unwrapped("lena", told("recover", "lena", types=[third, first])) == key
    assert sheets.join([second, third]) == key
    words = set(Entry.objects.values_list("word", flat=True))
    assert {"key.sheets_made", "key.recovered", "key.held", "key.unwrapped"} <= words


def test_sheets_that_do_not_fit_are_refused_in_words(key: bytes) -> None:
    first, *_ = told("sheets")[1:6:2]
    with pytest.raises(NotUnderstood, match="do not bring the key back"):
        told("recover", "lena", types=[first, first])
    older = sheets.split(b"k" * 32, sheets=3)
    with pytest.raises(NotNow, match="another hotline or of an older key"):
        told("recover", "lena", types=older[:2])
    assert holders.count() == 0


def test_unlocking_hands_the_key_to_the_worker(key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bytes] = []
    monkeypatch.setattr(unlocking, "hand_over", lambda _door, given: taken.append(given))
    said = unlock("lena", ask=typed(passphrase_of(told("hold", "lena"))))
    assert (said, taken) == ("Unlocked, until the worker ends.", [key])


def test_the_record_holds_neither_the_key_nor_a_passphrase(key: bytes) -> None:
    drawn = passphrase_of(told("hold", "lena"))
    told("sheets")
    written = str(list(Entry.objects.values()))
    assert drawn not in written
    assert key.hex() not in written


def test_init_makes_no_new_key_where_it_is_wrapped(key: bytes, lykta_home: Path) -> None:
    key_file("hotline.key").unlink()
    again = partial(make_keys, lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    assert again(wrapped=True) == []
    with pytest.raises(RuntimeError, match="bring it back"):
        again()
