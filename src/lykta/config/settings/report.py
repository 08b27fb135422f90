"""The report face: the letterbox, the hotline's public key, and nothing else. No sessions, no cookies, no staff."""

from lykta.config.environment import secret
from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import ENVIRONMENT, SOURCE, database, templates

INSTALLED_APPS = ["lykta.records.letterbox"]
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}, "letterbox": database("letterbox")}
ROOT_URLCONF = "lykta.sites.report.urls"
STATIC_ROOT = SOURCE / "sites" / "common" / "static"
TEMPLATES = templates("report", "common", context=["lykta.sites.common.context.page"])
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # who comes through Tor meets no server in front that would compress
    "lykta.sites.report.framing.let_listed_frame",
    "lykta.sites.common.headers.public_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lykta.sites.common.language.by_path",
]
HOTLINE_PUBLIC_KEY = secret("hotline.pub")
FORM_KEY = secret("form.key")
FRAMED_BY = ENVIRONMENT.framing_origins
ONION_LOCATION = ENVIRONMENT.onion_location
