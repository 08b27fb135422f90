"""The key that opens letters, wrapped for each holder: each opens it alone, and who left opens nothing."""

import pytest
from tests.records.people.cast import invite, words_written

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role
from lykta.lib import sealing
from lykta.records.people import actions, holders
from lykta.records.people.models import KeyHolder, Staff

pytestmark = pytest.mark.django_db

KEY = sealing.new_private_key()


@pytest.fixture
def lena(db: None) -> Staff:
    staff = invite(Role.LEAD)
    holders.hold(by="command", staff=staff, passphrase="bada-kilo", key=KEY)
    return staff


def test_each_holder_opens_the_key_alone_and_that_is_noted(lena: Staff) -> None:
    anna = invite(Role.ANALYST)
    holders.hold(by="command", staff=anna, passphrase="remu-tase", key=KEY)
    assert holders.unwrap(staff=lena, passphrase="bada-kilo") == KEY
    assert holders.unwrap(staff=anna, passphrase="remu-tase") == KEY
    assert holders.count() == 2
    assert words_written().count("key.held") == words_written().count("key.unwrapped") == 2


def test_a_wrong_passphrase_opens_nothing(lena: Staff) -> None:
    with pytest.raises(NotNow, match="not the passphrase of lead"):
        holders.unwrap(staff=lena, passphrase="remu-tase")
    assert "key.unwrapped" not in words_written()


def test_a_new_passphrase_replaces_the_old_one(lena: Staff) -> None:
    holders.hold(by="command", staff=lena, passphrase="remu-tase", key=KEY)
    with pytest.raises(NotNow):
        holders.unwrap(staff=lena, passphrase="bada-kilo")
    assert holders.count() == 1


def test_who_leaves_or_starts_anew_holds_nothing_and_the_others_go_on(lena: Staff) -> None:
    anna = invite(Role.ANALYST)
    holders.hold(by="command", staff=anna, passphrase="remu-tase", key=KEY)
    actions.remove(by="command", staff=anna)
    with pytest.raises(NotNow, match="does not hold the key"):
        holders.unwrap(staff=anna, passphrase="remu-tase")
    assert holders.unwrap(staff=lena, passphrase="bada-kilo") == KEY


def test_the_key_is_not_readable_in_the_database(lena: Staff) -> None:
    [row] = KeyHolder.objects.all()
    assert KEY not in bytes(row.sealed)
    assert b"bada" not in bytes(row.sealed) + bytes(row.salt)
