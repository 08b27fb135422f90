"""The worker: the only process that holds the private key which opens letters."""

from lykta.config.environment import secret
from lykta.config.settings.staff import *  # noqa: F403

HOTLINE_PRIVATE_KEY = secret("hotline.key")
