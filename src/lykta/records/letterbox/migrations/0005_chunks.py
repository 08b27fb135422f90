"""Files that reporters attach, sealed in pieces. On PostgreSQL only who names an upload sees its pieces."""

from django.db import migrations, models

# Empty, not absent, after another transaction of the same connection has named one.
_NAMED = "upload = nullif(current_setting('lykta.upload', true), '')::uuid"

RULES = (
    "ALTER TABLE letterbox_chunk ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY own_chunk ON letterbox_chunk USING ({_NAMED}) WITH CHECK ({_NAMED})",
)


def make_rules(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for rule in RULES:
            schema_editor.execute(rule)


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0004_parts")]

    operations = [
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upload", models.UUIDField()),
                ("index", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("received_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("upload", "index"), name="chunk_once")],
            },
        ),
        migrations.RunPython(make_rules, migrations.RunPython.noop),
    ]
