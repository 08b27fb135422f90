"""The partners' face: police, partner hotlines and hosts answer here. It reaches what the report face reaches."""

from lykta.config.environment import secret
from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import database, templates

INSTALLED_APPS = ["lykta.records.letterbox"]
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}, "letterbox": database("letterbox")}
ROOT_URLCONF = "lykta.sites.partners.urls"
TEMPLATES = templates("partners", context=["lykta.sites.partners.context.page"])
MIDDLEWARE = [
    "lykta.sites.partners.headers.public_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lykta.sites.partners.language.by_path",
]
HOTLINE_PUBLIC_KEY = secret("hotline.pub")
