"""The tests: all records in one process, on a throw-away LYKTA_HOME, SQLite or PostgreSQL (LYKTA_TEST_DATABASE)."""

import os
import tempfile
from pathlib import Path

_home = Path(os.environ.get("LYKTA_TEST_HOME") or tempfile.mkdtemp(prefix="lykta-test-"))
os.environ["LYKTA_HOME"] = str(_home)
os.environ.setdefault("LYKTA_MODE", "practice")
_server = os.environ.get("LYKTA_TEST_DATABASE", "")
if _server:
    os.environ["LYKTA_CASEBOOK_URL"] = f"{_server}/casebook"
    os.environ["LYKTA_LETTERBOX_URL"] = f"{_server}/letterbox"

from lykta.config.keys import make_keys  # noqa: E402

make_keys(_home / "keys")

from lykta.config.settings.desk import *  # noqa: E402, F403

from lykta.config.environment import secret  # noqa: E402

HOTLINE_PUBLIC_KEY = secret("hotline.pub")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only here: tests log in a lot
