"""What the tests of people share."""

from datetime import UTC, datetime

from lykta.core.vocabulary import Role
from lykta.records.audit.models import Entry
from lykta.records.people import actions
from lykta.records.people.models import Staff

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def invite(role: Role) -> Staff:
    """Somebody with a password, named after the role."""
    return actions.invite(by="operator", username=str(role), password="a long enough password", role=role)


def words_written() -> list[str]:
    """The words of the record, oldest first."""
    return list(Entry.objects.order_by("number").values_list("word", flat=True))
