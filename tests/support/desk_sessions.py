"""People who are logged in at the desk of an installation, for tests that are about something else than logging in.

`python -m tests.support.desk_sessions JSON` in its environment; who is not there yet is invited.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from tests.support.installation import Installation

from lykta.config.loading import load


def cookies(running: Installation, roles: Mapping[str, str], *, device: str, proved: bool) -> dict[str, str]:
    """A session for each of these names, as the value of the desk's cookie.

    `proved`: the second factor was given just now, so that the desk does not ask for it again.
    """
    wanted = json.dumps({"roles": dict(roles), "device": device, "proved": proved})
    command = [sys.executable, "-m", "tests.support.desk_sessions", wanted]
    done = subprocess.run(command, env=running.environment, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def main(wanted: dict[str, Any]) -> None:
    load("desk")
    names = {name: _log_in(name, role, wanted) for name, role in wanted["roles"].items()}
    sys.stdout.write(json.dumps(names))


def _log_in(name: str, role: str, wanted: dict[str, Any]) -> str:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - only after the settings are loaded
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415

    from lykta.core.vocabulary import Role  # noqa: PLC0415
    from lykta.lib.clock import now  # noqa: PLC0415
    from lykta.records.people import actions, sessions  # noqa: PLC0415
    from lykta.records.people.models import Staff  # noqa: PLC0415
    from lykta.sites.desk.factors import SESSION  # noqa: PLC0415
    from lykta.sites.desk.session_store import SessionStore  # noqa: PLC0415

    staff = Staff.objects.filter(username=name).first() or actions.invite(by="test", username=name, role=Role(role))
    factor, _ = Authenticator.objects.get_or_create(user=staff, type=Authenticator.Type.TOTP, defaults={"data": {}})
    begun = sessions.begin(by=staff, factor=factor.pk, device=wanted["device"], now=now())
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(staff.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY], session[SESSION] = staff.get_session_auth_hash(), str(begun)
    if wanted["proved"]:
        session["proved_at"] = time.time()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
