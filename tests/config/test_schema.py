import pytest
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from lykta.config.databases import CASEBOOK, LETTERBOX
from lykta.config.schema import migrate, missing_migrations

pytestmark = pytest.mark.django_db(databases=[CASEBOOK, LETTERBOX])


def forget_migrations(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")


@pytest.mark.parametrize("alias", [CASEBOOK, LETTERBOX])
def test_nothing_is_missing_after_migrating(alias: str) -> None:
    assert missing_migrations(alias) == []
    assert migrate() == []


@pytest.mark.parametrize("alias", [CASEBOOK, LETTERBOX])
def test_the_quick_look_finds_what_django_itself_would_find(alias: str) -> None:
    forget_migrations(alias)
    labels = {config.label for config in apps.get_app_configs() if (config.label == LETTERBOX) == (alias == LETTERBOX)}
    loader = MigrationLoader(connections[alias])
    expected = {f"{label}.{name}" for label, name in loader.disk_migrations or () if label in labels}
    assert set(missing_migrations(alias)) == expected
    assert expected


def test_each_database_is_asked_for_its_own_tables_only() -> None:
    forget_migrations(LETTERBOX)
    assert {name.partition(".")[0] for name in missing_migrations(LETTERBOX)} == {"letterbox"}
    assert missing_migrations(CASEBOOK) == []
