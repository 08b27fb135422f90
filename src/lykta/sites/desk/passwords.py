"""Which words make no password at this desk, however long they are together (ASVS 5.0, 6.1.2 and 6.2.11)."""

import re

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

WORDS = ("lykta", "lantern", "hotline", "desk", "password", "lösenord", "analyst", "police", "polis", "child", "barn")
"""What somebody who guesses here tries first, beside the hotline's own name and that of the account."""
LEAST_OF_ONES_OWN = 8
"""Letters and digits that have to be left when those words are taken out."""


class NoHouseWords:
    """A validator of Django's: refuses a password that is little more than `WORDS` and names, in any order."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = password.lower()
        for word in sorted(_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.findall(r"\w", rest)) < LEAST_OF_ONES_OWN:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """What Django shows of a validator beside a form."""
        return gettext("Words of this hotline are guessed first. Please use words of your own.")


def _words(user: AbstractBaseUser | None) -> set[str]:
    names = f"{settings.ENVIRONMENT.name} {user.get_username() if user else ''}".lower()
    return {*WORDS, *(word for word in re.findall(r"\w+", names) if len(word) > 2)}
