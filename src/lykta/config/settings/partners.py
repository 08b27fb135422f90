"""The partners' face: police, partner hotlines and hosts answer here. It reaches what the report face reaches."""

from lykta.config.environment import secret
from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import SOURCE, database, templates

INSTALLED_APPS = ["lykta.records.letterbox"]
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}, "letterbox": database("letterbox")}
ROOT_URLCONF = "lykta.sites.partners.urls"
STATIC_ROOT = SOURCE / "sites" / "common" / "static"
TEMPLATES = templates("partners", "common", context=["lykta.sites.common.context.page"])
MIDDLEWARE = [
    "lykta.sites.common.headers.public_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lykta.sites.common.language.by_path",
]
HOTLINE_PUBLIC_KEY = secret("hotline.pub")
