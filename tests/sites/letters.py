"""The staff side, as the tests of the public faces need it: open letters, put parcels into mailboxes, break the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import OperationalError, connections

from lykta.config.environment import secret
from lykta.core.vocabulary import BoxKind
from lykta.lib import clock, codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox import actions
from lykta.records.letterbox.models import Letter

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def opened() -> list[dict[str, Any]]:
    """The content of every letter in the letterbox, oldest first, without the letterbox's own proof."""
    return [{name: value for name, value in letter.items() if name != "proof"} for letter in _unsealed()]


def proofs() -> list[str]:
    """What proves, in each letter, that its writer held the code of the mailbox."""
    return [letter["proof"] for letter in _unsealed()]


def _unsealed() -> list[dict[str, Any]]:
    key = secret("hotline.key")
    letters = Letter.objects.using("letterbox").order_by("pk")
    return [sealing.unseal(bytes(letter.sealed), private_key=key) for letter in letters]


def kinds() -> list[str]:
    return [letter.kind for letter in Letter.objects.using("letterbox").order_by("pk")]


def box(kind: BoxKind = BoxKind.REPORTER, *, days: int = 30) -> Code:
    """A new mailbox; negative days make one that has expired."""
    code = codes.new()
    actions.open_box(code=code, kind=kind, language="en", now=clock.now(), days=days)
    return code


def put(code: Code, *, minutes: int = 0, **content: Any) -> None:
    """A parcel, written `minutes` from now."""
    written = clock.now() + timedelta(minutes=minutes)
    assert actions.deliver(lookup=codes.lookup(code), number=uuid4(), content=content, now=written)


@contextmanager
def failing(word: str, error: type[Exception] = OperationalError) -> Iterator[None]:
    """The letterbox refuses every statement that starts with this word, as a locked or full disk does."""

    def fail(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 - Django's signature
        if sql.lstrip().startswith(word):
            raise error("database or disk is full")
        return execute(sql, params, many, context)

    with connections["letterbox"].execute_wrapper(fail):
        yield
