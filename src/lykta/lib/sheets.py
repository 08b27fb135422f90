"""A key on paper, in parts: any two sheets bring it back, one alone says nothing (SLIP-39, its reference library)."""

from collections.abc import Iterable

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from lykta.lib.sealing import CannotOpen

NEEDED = 2


def split(key: bytes, *, sheets: int) -> list[str]:
    """The words of each sheet: 33 English words for 32 bytes, with a checksum of their own."""
    found: list[list[str]] = generate_mnemonics(1, [(NEEDED, sheets)], key, iteration_exponent=0)
    return found[0]


def join(written: Iterable[str]) -> bytes:
    """The key of `NEEDED` sheets, in any order. Raises CannotOpen with what is wrong with them."""
    try:
        return bytes(combine_mnemonics([" ".join(sheet.lower().split()) for sheet in written]))
    except MnemonicError as error:
        raise CannotOpen(str(error)) from error
