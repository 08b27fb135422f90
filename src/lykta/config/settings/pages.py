"""The public website: no database yet. It shows what the worker has published under LYKTA_HOME/public."""

from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import templates

INSTALLED_APPS: list[str] = []
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
ROOT_URLCONF = "lykta.sites.pages.urls"
TEMPLATES = templates("pages", context=["lykta.sites.pages.context.page"])
MIDDLEWARE = [
    "lykta.sites.pages.headers.public_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lykta.sites.pages.language.by_path",
]
