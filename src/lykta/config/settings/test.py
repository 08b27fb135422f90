"""The tests: all records in one process, on a throw-away LYKTA_HOME, SQLite or PostgreSQL (LYKTA_TEST_DATABASE)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "LYKTA_TEST_HOME" in os.environ:
    _home = Path(os.environ["LYKTA_TEST_HOME"]).resolve()
else:
    _home = Path(tempfile.mkdtemp(prefix="lykta-test-"))
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["LYKTA_HOME"] = str(_home)
os.environ.setdefault("LYKTA_MODE", "practice")
_server = os.environ.get("LYKTA_TEST_DATABASE", "")
if _server:
    os.environ["LYKTA_CASEBOOK_URL"] = f"{_server}/casebook"
    os.environ["LYKTA_LETTERBOX_URL"] = f"{_server}/letterbox"

from lykta.config.keys import make_keys  # noqa: E402

make_keys(_home / "keys", name="Test hotline", mail="desk@hotline.test")

from lykta.config.environment import secret  # noqa: E402
from lykta.config.settings.desk import *  # noqa: E402, F403
from lykta.config.settings.staff import DATABASES  # noqa: E402

HOTLINE_PUBLIC_KEY = secret("hotline.pub")
FORM_KEY = secret("form.key")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only here: tests log in a lot
PUBLISHED = _home / "public"
DATABASES["letterbox"]["TEST"] = {"DEPENDENCIES": []}  # so that tests of the public faces can run on their own
if not _server:
    for _database in DATABASES.values():
        # pytest-django gives a file's name to every engine but Django's own SQLite.
        _database.setdefault("TEST", {})["NAME"] = ":memory:"
