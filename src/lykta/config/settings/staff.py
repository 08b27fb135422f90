"""What the desk and the worker share: the casebook beside the letterbox."""

from lykta.config.environment import home, secret
from lykta.config.house import house
from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import ENVIRONMENT, database

RECORDS = [
    f"lykta.records.{name}"
    for name in (
        "people",
        "audit",
        "steps",
        "approvals",
        "letterbox",
        "cases",
        "casework",
        "tracing",
        "matching",
        "offering",
        "referrals",
        "takedown",
        "exposure",
    )
]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", *RECORDS]
DATABASES = {"default": database("casebook"), "letterbox": database("letterbox")}
AUTH_USER_MODEL = "people.Staff"
AUDIT_KEY = secret("audit.key")
INDEX_KEY = secret("index.key")
AUDIT_CHECKPOINTS = home() / "audit" / "checkpoints.txt"
KEYRING = home() / "keyring"
INDEXES = home() / "matching"
HASH_LISTS = home() / "hash-lists"
FORGOTTEN = home() / "audit" / "forgotten.txt"
HOUSE = house(ENVIRONMENT)
