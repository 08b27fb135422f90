"""What is shared with the form, for minutes, and counts of partners' links.

On PostgreSQL only who names the digest of a ticket sees what was handed over with it. The counts say nothing about
anybody and have no row rule.
"""

from django.db import migrations, models

# Empty, not absent, after another transaction of the same connection has named one.
_NAMED = "digest = decode(nullif(current_setting('lykta.handover', true), ''), 'hex')"

RULES = (
    "ALTER TABLE letterbox_handover ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY own_handover ON letterbox_handover USING ({_NAMED}) WITH CHECK ({_NAMED})",
)


def make_rules(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for rule in RULES:
            schema_editor.execute(rule)


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0006_partners")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=16, unique=True)),
                ("sealed", models.BinaryField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32)),
                ("day", models.DateField()),
                ("visits", models.PositiveIntegerField(default=0)),
                ("tips", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "day"), name="tally_of_a_day")],
            },
        ),
        migrations.RunPython(make_rules, migrations.RunPython.noop),
    ]
