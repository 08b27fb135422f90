"""`lykta key` and `lykta unlock`: the key that opens letters, wrapped for each of its holders and kept on paper."""

import argparse
from collections.abc import Callable, Iterator
from getpass import getpass

from lykta.config import unlocking
from lykta.config.commands.people import BY, named
from lykta.config.environment import key_file, secret
from lykta.config.practising import passphrase
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.lib import sealing

SHEETS = 3
Ask = Callable[[str], str]


def do(given: argparse.Namespace, *, ask: Ask = getpass) -> Iterator[str]:
    """What `lykta key` prints. Raises Refusal."""
    match given.what:
        case "hold":
            yield from _hold(given.name, _key(given.holder, ask))
        case "sheets":
            yield from _sheets(_key(given.holder, ask))
        case "recover":
            yield from _hold(given.name, _recover(ask))


def unlock(name: str, *, ask: Ask = getpass) -> str:
    """Hand the key to the worker that waits for it. Raises NotNow."""
    from lykta.records.people import holders

    unlocking.hand_over(unlocking.door(), holders.unwrap(staff=named(name), passphrase=ask(f"Passphrase of {name}: ")))
    return "Unlocked, until the worker ends."


def _key(holder: str, ask: Ask) -> bytes:
    """The key: from its file while there is one, else from somebody who holds it."""
    from lykta.records.people import holders

    if not holder and key_file("hotline.key").exists():
        return secret("hotline.key")
    if not holder:
        raise NotNow("There is no file with the key any more: name somebody who holds it with --holder.")
    return holders.unwrap(staff=named(holder), passphrase=ask(f"Passphrase of {holder}: "))


def _hold(name: str, key: bytes) -> Iterator[str]:
    from lykta.records.people import holders

    staff, drawn = named(name), passphrase()
    holders.hold(by=BY, staff=staff, passphrase=drawn, key=key)
    yield f"{name}: {drawn}"
    yield "The passphrase is shown only now. It unlocks the worker: lykta unlock " + name


def _sheets(key: bytes) -> Iterator[str]:
    from lykta.lib import sheets
    from lykta.records.people import holders

    written = sheets.split(key, sheets=SHEETS)
    holders.note_sheets(by=BY, sheets=SHEETS)
    for number, words in enumerate(written, start=1):
        yield f"Sheet {number} of {SHEETS}, any {sheets.NEEDED} bring the key back:"
        yield words
    yield "Shown only now: print each on a page of its own, and give each to another lead in a sealed envelope."


def _recover(ask: Ask) -> bytes:
    from lykta.lib import sheets
    from lykta.records.people import holders

    written = [ask(f"Words of sheet {number}: ") for number in range(1, sheets.NEEDED + 1)]
    try:
        key = sheets.join(written)
    except sealing.CannotOpen as error:
        raise NotUnderstood(f"These sheets do not bring the key back: {error}") from None
    if sealing.public_key(key) != secret("hotline.pub"):
        raise NotNow("These sheets are of another hotline or of an older key.")
    holders.note_recovery(by=BY)
    return key
