"""A key on paper: any two sheets bring it back, one does not, and a slip of the pen is noticed."""

from itertools import permutations

import pytest

from lykta.lib import sheets
from lykta.lib.sealing import CannotOpen

KEY = bytes(range(32))


def test_any_two_sheets_in_any_order_bring_the_key_back() -> None:
    written = sheets.split(KEY, sheets=3)
    assert [len(sheet.split()) for sheet in written] == [33, 33, 33]
    for pair in permutations(written, 2):
        assert sheets.join(pair) == KEY


def test_sheets_are_read_however_they_are_typed() -> None:
    first, second, _ = sheets.split(KEY, sheets=3)
    assert sheets.join([f"  {first.upper()} ", second.replace(" ", "\n")]) == KEY


def test_one_sheet_twice_two_of_different_keys_or_a_wrong_word_bring_nothing_back() -> None:
    first, second, _ = sheets.split(KEY, sheets=3)
    other = sheets.split(KEY, sheets=3)[0]
    swapped = " ".join([*first.split()[:-2], *reversed(first.split()[-2:])])
    for wrong in ([first], [first, first], [first, other], [swapped, second], ["academic acid", second], ["", ""]):
        with pytest.raises(CannotOpen):
            sheets.join(wrong)
