"""Runs a command on a temporary PostgreSQL: `python tests/postgres.py -- pytest tests/records`.

The server lives in a temporary folder, answers on a unix socket in it only, and is gone afterwards. PostgreSQL
refuses to run as root, so root hands it to another user. Without PostgreSQL's programs nothing is run; with CI=true
that is a failure.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

DATABASES = ("casebook", "letterbox")


def main(command: list[str]) -> int:
    """Run the command with LYKTA_TEST_DATABASE set. Returns its exit status."""
    programs = find_programs()
    if programs is None:
        sys.stderr.write("PostgreSQL is not installed: its tests were not run.\n")
        return 1 if os.environ.get("CI") == "true" else 0
    with server(programs) as address:
        environment = {**os.environ, "LYKTA_TEST_DATABASE": address}
        return subprocess.run(command, env=environment, check=False).returncode


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian keeps the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return installed[-1].parent if installed else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """A running server with Lykta's databases. Yields its address without a database name."""
    user = _other_user() if os.geteuid() == 0 else None
    # A short path, since the name of a unix socket may have 107 bytes only.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)

        def run(program: str, *arguments: str) -> None:
            who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            words = [str(programs / program), *arguments]
            subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]

        data, log = str(folder / "data"), str(folder / "log")
        run("initdb", "--pgdata", data, "--username", "lykta", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "--pgdata", data, "--log", log, "--wait", "--options", options, "start")
        try:
            for database in DATABASES:
                run("createdb", "--host", name, "--username", "lykta", database)
            yield f"postgresql://lykta@{quote(name, safe='')}"
        finally:
            run("pg_ctl", "--pgdata", data, "--mode", "immediate", "--wait", "stop")


def _other_user() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[sys.argv.index("--") + 1 :]))
