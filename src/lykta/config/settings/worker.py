"""The worker: the only process that holds the private key which opens letters."""

from lykta.config.settings.staff import *  # noqa: F403
