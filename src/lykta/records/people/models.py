"""The staff: who may log in, and as what. Log-in itself is django-allauth's."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from lykta.core.vocabulary import Role


class Staff(AbstractUser):
    """A member of staff with one role."""

    role = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Role], default=Role.ANALYST)

    @property
    def actor(self) -> str:
        """How the audit names this person."""
        return f"staff:{self.username}"

    @property
    def sees_cases(self) -> bool:
        """Administrators and communicators see no case."""
        return self.role in {Role.ANALYST, Role.LEAD}

    @property
    def leads(self) -> bool:
        """Whether this person leads, and so may be one of the two pairs of eyes that must."""
        return self.role == Role.LEAD
