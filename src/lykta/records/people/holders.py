"""Who can unlock the key that opens letters. Each can alone; that one of them loses a passphrase loses nothing."""

from django.db import transaction

from lykta.core.refusals import NotNow
from lykta.lib import sealing, wrapping
from lykta.lib.sealing import CannotOpen
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import KeyHolder, Staff


def hold(*, by: str, staff: Staff, passphrase: str, key: bytes) -> None:
    """Wrap the key for this person too; an older passphrase of theirs stops working."""
    salt = wrapping.new_salt()
    own = sealing.public_key(wrapping.private_key(passphrase, salt=salt))
    with transaction.atomic():
        wrapped = {"salt": salt, "sealed": sealing.seal_bytes(key, to=own)}
        KeyHolder.objects.update_or_create(staff=staff, defaults=wrapped)
        audit.write(by=by, word=AuditWord.KEY_HELD, subject=staff.actor)


def unwrap(*, staff: Staff, passphrase: str) -> bytes:
    """The key. Raises NotNow where the passphrase is not theirs, or they hold none."""
    held = KeyHolder.objects.filter(staff=staff, staff__is_active=True).first()
    if held is None:
        raise NotNow(f"{staff.username} does not hold the key.")
    try:
        own = wrapping.private_key(passphrase, salt=bytes(held.salt))
        key = sealing.unseal_bytes(bytes(held.sealed), private_key=own)
    except CannotOpen:
        raise NotNow(
            f"This is not the passphrase of {staff.username}. Small and capital letters do not matter."
        ) from None
    with transaction.atomic():
        audit.write(by=staff.actor, word=AuditWord.KEY_UNWRAPPED, subject=staff.actor)
    return key


def note_sheets(*, by: str, sheets: int) -> None:
    """The key was printed in parts."""
    with transaction.atomic():
        audit.write(by=by, word=AuditWord.KEY_SHEETS_MADE, subject="key:letters", facts={"sheets": sheets})


def note_recovery(*, by: str) -> None:
    """The key was brought back from paper."""
    with transaction.atomic():
        audit.write(by=by, word=AuditWord.KEY_RECOVERED, subject="key:letters")


def count() -> int:
    """How many people can unlock the key."""
    return KeyHolder.objects.filter(staff__is_active=True).count()
