"""What all faces share. Each face's own file says which tables and keys it can reach: see `docs/threat-model.md`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lykta.config.environment import environment, home
from lykta.lib import sealing

ENVIRONMENT = environment()
SOURCE = Path(__file__).resolve().parents[2]

DEBUG = False
ALLOWED_HOSTS = ["*"]  # no page builds a link from the Host header; see `Environment.url`
SECRET_KEY = "no face signs with this: the desk reads its own key"  # noqa: S105
FLOOD_KEY = sealing.new_secret_key()  # drawn before the processes of a face part, so that they share it; never stored
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("sv", "Svenska"),
    ("en", "English"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fil", "Filipino"),
    ("fr", "Français"),
    ("nb", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("so", "Soomaali"),
    ("fi", "Suomi"),
    ("vi", "Tiếng Việt"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("fa-af", "دری"),
    ("ti", "ትግርኛ"),
    ("th", "ไทย"),
    ("km", "ខ្មែរ"),
    ("my", "မြန်မာ"),
    ("zh-hans", "简体中文"),
]
REVIEWED_LANGUAGES = ["en"]  # the source, and what native speakers have read: docs/translations.md names them
LOCALE_PATHS = [SOURCE / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000  # the longest text as a browser writes it, and a report as a page carries it
FILE_UPLOAD_HANDLERS = ["lykta.sites.common.no_files.NoFiles"]  # a page that takes files names another in its view
FRAMED_BY: tuple[str, ...] = ()  # only the report face may be shown in other sites, and only in those that are listed
ONION_LOCATION = ""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
STATIC_URL = "static/"
LOGGING_CONFIG = None  # `lykta.config.logs` sets one readable log for every process

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # writers queue at the start instead of failing in the middle
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


def database(alias: str) -> dict[str, Any]:
    """A database by its setting: PostgreSQL where an address is given, else SQLite in LYKTA_HOME."""
    address: str = getattr(ENVIRONMENT, f"{alias}_url")
    if not address:
        return {
            "ENGINE": "lykta.config.sqlite",
            "NAME": home() / f"{alias}.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_ROUTERS = ["lykta.config.databases.Router"]


def templates(*folders: str, context: list[str] | None = None) -> list[dict[str, Any]]:
    """Django templates of the given faces only, and nobody else's."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [SOURCE / "sites" / folder / "templates" for folder in folders],
            "OPTIONS": {
                "context_processors": context or [],
                "builtins": ["lykta.sites.common.days"] if "common" in folders else [],
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        ["django.template.loaders.filesystem.Loader"],
                    )
                ],
            },
        }
    ]
