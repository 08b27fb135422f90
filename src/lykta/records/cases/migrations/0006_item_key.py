"""The canonical key of an item as a column of its own, and four more kinds of item."""

import hashlib

import lykta.core.vocabulary
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from lykta.core import locators


def fill_keys(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A key is filled in where today's rules still give the one that the row was found by."""
    items = apps.get_model("cases", "Item")._default_manager.using(editor.connection.alias)
    for item in items.filter(key="").only("kind", "address", "key_digest").iterator():
        found = locators.read(item.address)
        if found and hashlib.sha256(f"{item.kind}\n{found.key}".encode()).hexdigest() == item.key_digest:
            items.filter(pk=item.pk).update(key=found.key)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_tell_partner"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="key",
            field=models.TextField(default=""),
        ),
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    (lykta.core.vocabulary.ItemKind["WEB"], "An address on the open web."),
                    (
                        lykta.core.vocabulary.ItemKind["ONION"],
                        "An onion service, reachable only through Tor and without a country.",
                    ),
                    (lykta.core.vocabulary.ItemKind["ACCOUNT"], "A user name or invite on a platform."),
                    (lykta.core.vocabulary.ItemKind["EMAIL"], "An e-mail address."),
                    (lykta.core.vocabulary.ItemKind["IPFS"], "Content in IPFS, the same through every gateway."),
                    (
                        lykta.core.vocabulary.ItemKind["MAGNET"],
                        "Content shared between its users, named by a magnet link.",
                    ),
                    (lykta.core.vocabulary.ItemKind["PHONE"], "A telephone number with its country's code."),
                    (lykta.core.vocabulary.ItemKind["APP"], "A game or an app, on a platform or in a store."),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
    ]
