"""The tables of the databases that this process can reach: are they there, and make them."""

from collections.abc import Iterator
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from lykta.config.databases import CASEBOOK, LETTERBOX


def missing_migrations(alias: str) -> list[str]:
    """Names of migrations that a database lacks, found without importing a single one: it takes milliseconds.

    Raises django.db.Error where the database does not answer.
    """
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    known = [
        (config.label, name)
        for config in apps.get_app_configs()
        if (config.label == LETTERBOX) == (alias == LETTERBOX)
        for name in _names(config)
    ]
    return [f"{label}.{name}" for label, name in known if (label, name) not in applied]


def migrate() -> list[str]:
    """Bring both databases up to date. Returns what was missing before; does nothing where nothing was."""
    done: list[str] = []
    for alias in (CASEBOOK, LETTERBOX):
        missing = missing_migrations(alias)
        if missing:
            # All that the letterbox lacks is its own; the rest would be gone through for nothing, for seconds.
            only = [LETTERBOX] if alias == LETTERBOX else []
            call_command("migrate", *only, database=alias, verbosity=0, skip_checks=True)
        done += missing
    return done


def _names(config: AppConfig) -> Iterator[str]:
    spec = find_spec(f"{config.name}.migrations") if config.models_module else None
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return (module.name for module in iter_modules(folders) if not module.name.startswith("_"))
