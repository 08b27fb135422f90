"""Only who holds the audit key can vouch, and for exactly what was said."""

import pytest
from pytest_django.fixtures import Settings

from lykta.records.audit.vouching import is_vouched, vouch


def test_what_was_vouched_for_is_known_again() -> None:
    assert is_vouched(vouch("box", "staff", "staff:anna"), "box", "staff", "staff:anna")


@pytest.mark.parametrize("other", [("box", "staff", "staff:lena"), ("box", "staff"), ("box,", "staff", "staff:anna")])
def test_it_holds_for_nothing_else(other: tuple[str, ...]) -> None:
    assert not is_vouched(vouch("box", "staff", "staff:anna"), *other)


@pytest.mark.parametrize("mark", [None, 7, "", "å", "00" * 32])
def test_what_nobody_set_is_no_voucher(mark: object) -> None:
    assert not is_vouched(mark, "box")


def test_another_key_makes_another_mark(settings: Settings) -> None:
    mark = vouch("box")
    settings.AUDIT_KEY = b"somebody else's"
    assert not is_vouched(mark, "box")
