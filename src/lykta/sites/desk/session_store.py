"""Django's sessions, but the casebook never holds what a browser has to show to be let in."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from lykta.lib.clock import now

_DIGITS = 40
"""What Django's column holds: 160 bits, as many as a session's own name has."""


class SessionStore(db.SessionStore):
    """Rows are named by SHA-256 of the cookie's value: a copy of the database opens no session.

    Every way to a row that requests take goes through here; the asynchronous ones, which nothing of ours calls, look
    for the bare value and find nobody.
    """

    def load(self) -> dict[str, Any]:
        name = _stored(self.session_key or "")
        found = self.model.objects.filter(session_key=name, expire_date__gt=now()).first()
        if found is None:
            self._session_key = None  # as Django does: whoever shows an unknown value is given another one
            return {}
        return self.decode(found.session_data)

    def exists(self, session_key: str) -> bool:
        return super().exists(_stored(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = _stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        name = session_key or self.session_key
        if name:
            super().delete(_stored(name))


def _stored(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:_DIGITS]
