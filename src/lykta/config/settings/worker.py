"""The worker: the only process that holds the private key which opens letters, in `World.staffroom` alone."""

from lykta.config.settings.staff import *  # noqa: F403
