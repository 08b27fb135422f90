"""The public website: no database yet. It shows what the worker has published under LYKTA_HOME/public."""

from lykta.config.environment import home
from lykta.config.settings.base import *  # noqa: F403
from lykta.config.settings.base import SOURCE, templates

INSTALLED_APPS: list[str] = []
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
ROOT_URLCONF = "lykta.sites.pages.urls"
STATIC_ROOT = SOURCE / "sites" / "common" / "static"
TEMPLATES = templates("pages", "common", context=["lykta.sites.common.context.page"])
MIDDLEWARE = [
    "lykta.sites.common.headers.public_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lykta.sites.common.language.by_path",
]
PUBLISHED = home() / "public"
