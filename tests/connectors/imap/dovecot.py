"""A real IMAP server: Debian's dovecot-imapd, on a free port, with a certificate and users that nobody keeps."""

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from grp import getgrgid
from pathlib import Path

from tests.connectors.imap.server import PASSWORD, make_certificate

PROGRAM = "/usr/sbin/dovecot"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """Where it is; any user may log in with the password of the tests."""

    host: str
    port: int
    client_tls: ssl.SSLContext


def is_wanted() -> bool:
    """Where it is installed, and in CI, where it has to be."""
    return os.environ.get("CI") == "true" or Path(PROGRAM).exists()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A running server; fails where it is not installed. Its sockets need short paths, open to its own user."""
    assert Path(PROGRAM).exists(), "Install dovecot-imapd: the tests want a real IMAP server."
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    try:
        context, port = make_certificate(folder), _free_port()
        _configure(folder, port)
        with subprocess.Popen([PROGRAM, "-F", "-c", folder / "dovecot.conf"]) as server:
            try:
                _wait_for(port, server)
                yield Dovecot("127.0.0.1", port, context)
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder)


def _configure(folder: Path, port: int) -> None:
    """Root hands the mail over to `nobody`, since Dovecot serves nobody's mail as root; others serve as themselves."""
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    text = CONFIGURATION.format(
        folder=folder, port=port, user=account.pw_name, group=getgrgid(account.pw_gid).gr_name, password=PASSWORD
    )
    (folder / "dovecot.conf").write_text(text, encoding="utf-8")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as here:
        return int(here.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert server.poll() is None, "Dovecot ended; its configuration or its user is not right."
            assert time.monotonic() < give_up, "Dovecot does not listen."
            time.sleep(0.05)
        else:
            return
