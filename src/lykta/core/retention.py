"""What must be forgotten, and when. Forgetting destroys the case's key, so that backups forget too.

Defaults follow published practice of peers (Hotline.ie: contact details at most 90 days after closing; an unfounded
report 30 days); a hotline's own lawyer decides in the end.
"""

from datetime import datetime, timedelta

AFTER_CLOSING = timedelta(days=90)
UNFOUNDED = timedelta(days=30)


def forget_at(*, closed_at: datetime, anything_illegal: bool) -> datetime:
    """When the words and the contact of the reporters in a closed case are destroyed."""
    return closed_at + (AFTER_CLOSING if anything_illegal else UNFOUNDED)
