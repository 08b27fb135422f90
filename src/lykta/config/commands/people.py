"""`lykta staff add` and `lykta code`: accounts of the desk."""

from lykta.config.environment import environment, home
from lykta.config.practising import passphrase
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role
from lykta.practice.accounts import accounts

BY = "command"
"""How the audit names whoever may run this command on the machine."""


def add_staff(username: str, role: Role, *, password: str = "") -> str:
    """A new account. Returns its password, drawn unless one is given. Raises NotNow where the name is taken."""
    from lykta.records.people import actions
    from lykta.records.people.models import Staff

    if Staff.objects.filter(username=username).exists():
        raise NotNow(f"There is an account named {username} already.")
    password = password or passphrase()
    actions.invite(by=BY, username=username, password=password, role=role)
    return password


def practice_code(username: str) -> str:
    """The one-time code of a demo account that is valid now. Raises NotNow outside practice mode and for others."""
    if environment().mode != "practice":
        raise NotNow("Codes are printed for practice accounts only; use the authenticator on your telephone.")
    for account in accounts(home() / "practice"):
        if account.username == username:
            return account.code
    raise NotNow(f"There is no practice account named {username}.")
