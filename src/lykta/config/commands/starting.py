"""`lykta up`: the whole house on one machine."""

import os
import subprocess
import sys
from collections.abc import Iterator

from lykta.config import practising
from lykta.config.environment import FACES, Environment, environment, home
from lykta.config.processes import port_is_free
from lykta.config.supervisor import Child, Supervisor
from lykta.core.refusals import NotNow

_LYKTA = (sys.executable, "-m", "lykta")
_NAMES = {"pages": "Website", "report": "Report form", "desk": "Desk", "partners": "Partners"}


def up(*, practice: bool) -> None:
    """All faces and a worker, and the practice world if asked for, until told to stop. Raises NotNow."""
    given = environment()
    if practice and given.mode != "practice":
        raise NotNow("This LYKTA_HOME is not for practice: run `lykta init --practice`, or leave --practice out.")
    for name, host, port in _ports(given, practice=practice):
        if not port_is_free(host, port):
            setting = f"LYKTA_{name.upper()}"
            raise NotNow(f"Port {port} is taken by another program: stop that, or set {setting} to a free port.")
    # In a process of its own, so that the one that runs for months holds no key.
    if subprocess.run([*_LYKTA, "check", "--quiet"], check=False).returncode != 0:
        raise NotNow("Not started: mend what is listed above as LYKTA-E.")
    Supervisor(_stages(given, practice=practice), host=given.bind, ready=lambda: _welcome(practice=practice)).run()


def _stages(given: Environment, *, practice: bool) -> list[list[Child]]:
    """Stopped in this order: nobody may knock any more, then what was begun is finished, then the world around ends."""
    parent = [*_LYKTA, "--child", str(os.getpid())]
    stages = [
        [Child(name=face, command=[*parent, "serve", face], port=getattr(given, f"{face}_port")) for face in FACES],
        [Child(name="work", command=[*parent, "work"])],
    ]
    if practice:
        stages.append([Child(name="practice", command=[*parent, "practice"])])
    return stages


def _ports(given: Environment, *, practice: bool) -> Iterator[tuple[str, str, int]]:
    """(setting, address, port) of everything that will listen."""
    for face in FACES:
        yield f"{face}_port", given.bind, getattr(given, f"{face}_port")
    if practice:
        yield from practising.practice_ports(given)


def _welcome(*, practice: bool) -> None:
    given = environment()
    print("\nLykta is up.\n")
    for face in FACES:
        print(f"  {_NAMES[face]:<12} {given.url(face)}/")
    if practice:
        print(f"  {'Practice':<12} {practising.practice_settings(given).page_url}  mail, hosts, one-time codes\n")
        for account in practising.demo_accounts():
            print(f"  {account['username']:<6} {account['role']:<14} {account['password']}")
        print("\n  One-time code for the log-in: `lykta code NAME`, or the authenticator on the practice page.")
    print(f"\nEverything is kept in {home()}. Stop with Ctrl-C.\n", flush=True)
