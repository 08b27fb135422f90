"""`lykta staff` and `lykta code`: accounts of the desk."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lykta.config.environment import environment, home
from lykta.config.practising import passphrase
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.practice.accounts import accounts

if TYPE_CHECKING:
    from lykta.records.people.models import Staff

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


def do(given: argparse.Namespace) -> Iterator[str]:
    """What `lykta staff` prints. Raises NotNow."""
    match given.what:
        case "add":
            yield f"{given.name}: {add_staff(given.name, Role(given.role))}"
            yield "The password is shown only now; the desk asks for a passkey or an app at the first log-in."
        case "invite":
            yield from _link_lines(_invite(given.name, Role(given.role)))
        case "anew":
            yield from _link_lines(_start_anew(given.name))
        case "remove":
            yield f"{given.name} is out. Cases that were handed back: {_remove(given.name)}."


def _link_lines(token: str) -> Iterator[str]:
    from django.urls import reverse

    yield environment().url("desk") + reverse("join", args=[token])
    yield "The link works once, within three days, and is shown only now. Hand it over yourself."


def _invite(username: str, role: Role) -> str:
    from django.db import transaction

    from lykta.records.people import actions

    with transaction.atomic():
        return actions.make_link(by=BY, staff=actions.invite(by=BY, username=username, role=role), now=now())


def _start_anew(username: str) -> str:
    from lykta.workflow import staffing

    return staffing.start_anew(by=BY, staff=named(username), now=now())


def _remove(username: str) -> int:
    from lykta.workflow import staffing

    return staffing.remove(by=BY, staff=named(username))


def named(username: str) -> "Staff":
    """Who works here under this name. Raises NotNow."""
    from lykta.records.people.models import Staff

    found = Staff.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NotNow(f"Nobody of the name {username} works here.")
    return found


def practice_code(username: str) -> str:
    """The one-time code of a demo account that is valid now. Raises NotNow outside practice mode and for others."""
    if environment().mode != "practice":
        raise NotNow("Codes are printed for practice accounts only; use the authenticator on your telephone.")
    for account in accounts(home() / "practice"):
        if account.username == username:
            return account.code
    raise NotNow(f"There is no practice account named {username}.")
