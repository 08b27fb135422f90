"""Which table lives where. The public faces are given the letterbox only, so there is nothing else to reach."""

from typing import Any

from django.db import models

LETTERBOX = "letterbox"
CASEBOOK = "default"
"""Django's default database is the casebook, where a process has one."""


class Router:
    """The letterbox's tables in the letterbox, all others in the casebook; nothing joins across."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str:
        return LETTERBOX if model._meta.app_label == LETTERBOX else CASEBOOK

    def db_for_write(self, model: type[models.Model], **_hints: Any) -> str:
        return self.db_for_read(model)

    def allow_relation(self, one: models.Model, other: models.Model, **_hints: Any) -> bool:
        # Django hands over lazy objects too (`request.user`), whose type is not the model's.
        return (one._meta.app_label == LETTERBOX) == (other._meta.app_label == LETTERBOX)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return (app_label == LETTERBOX) == (db == LETTERBOX)
