"""Makes this process one of Lykta's: its face's settings and nothing more."""

import os
from importlib import import_module


def load(face: str) -> None:
    """Set Django up with `lykta.config.settings.<face>`, once a process. Raises RuntimeError when keys are missing.

    The module is imported here first, since Django would hide a fault in it behind one of its own.
    """
    import django

    module = f"lykta.config.settings.{face}"
    import_module(module)
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    django.setup()
