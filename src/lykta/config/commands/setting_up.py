"""`lykta init`: keys, databases, first accounts. Each part does what is missing and leaves what is there."""

from pathlib import Path

from lykta.config import practising, schema
from lykta.config.commands.people import BY, add_staff
from lykta.config.commands.recipients import load_recipients
from lykta.config.environment import environment, home
from lykta.config.keys import make_keys
from lykta.config.loading import load
from lykta.connectors.geo.connector import bring_in_debians
from lykta.core.vocabulary import ImportState, ListTrust, Role
from lykta.practice.files import write_files


def init(*, practice: bool, staff: str) -> None:
    """Prepare LYKTA_HOME. With `practice`, or in a LYKTA_HOME of practice mode, for the practice world too.

    Safe to run twice and after a crash: settings come first, so that a practice folder is never taken for a real one.
    """
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    if practice and practising.write_settings():
        print(f"Settings for practice are in {home() / 'lykta.toml'}.")
    given = environment()
    made = make_keys(home() / "keys", name=given.name, mail=given.mail_from, wrapped=given.letter_key == "wrapped")
    if made:
        print(f"New keys in {home() / 'keys'}: {', '.join(made)}. Keep a copy in a safe: docs/operations/keys.md.")
    load("desk")
    # Only its owner: compiled code that lies in it is run.
    (home() / "matching").mkdir(mode=0o700, exist_ok=True)
    if schema.migrate():
        print("The databases have their tables.")
    if given.mode == "practice":
        _practise()
    else:
        if bring_in_debians(home() / given.geography):
            print("Debian's address ranges are taken in; see docs/operations/places.md for a second source.")
        _first_account(staff)
    print(f"{home()} is ready.")


def _practise() -> None:
    from lykta.records.people.models import Staff

    folder = practising.practice_settings(environment()).folder
    write_files(practising.practice_settings(environment()))
    load_recipients(folder / "recipients.toml")
    for account in practising.demo_accounts():
        if not Staff.objects.filter(username=account["username"]).exists():
            add_staff(account["username"], Role(account["role"]), password=account["password"])
        _authenticator(account["username"], account["totp_secret"])
    _practice_list(folder / "known.csv")


def _practice_list(file: Path) -> None:
    """What is known in the practice world. Does nothing where it was read."""
    from lykta.records.matching.actions import set_list
    from lykta.records.matching.importing import import_file
    from lykta.records.matching.models import HashList

    if HashList.objects.filter(slug="practice", versions__state=ImportState.READY).exists():
        return
    made = set_list(
        by=BY,
        slug="practice",
        name="Practice list of the police",
        source="Practice police",
        scheme="own",
        trust=ListTrust.POLICE,
        categories={"1": "illegal", "2": "harmless"},
    )
    import_file(by=BY, found=made, path=file, mapping={})


def _authenticator(username: str, secret: str) -> None:
    """Give a demo account its authenticator as the desk's own set-up would. Does nothing where it has one."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    from lykta.records.people.models import Staff

    staff = Staff.objects.get(username=username)
    if not Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(staff, secret)


def _first_account(name: str) -> None:
    from lykta.records.people.models import Staff

    if Staff.objects.exists():
        return
    password = add_staff(name, Role.LEAD)
    print(f"First account: {name}, password {password} — shown only now. Log in at {environment().url('desk')},")
    print("set up the passkey that it asks for, and print the recovery codes.")
