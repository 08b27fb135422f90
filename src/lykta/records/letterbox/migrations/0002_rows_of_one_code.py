"""On PostgreSQL a row of the letterbox is shown only to who names its code's look-up value (see `code_in_use`)."""

from django.db import migrations

_OWN = "lookup = decode(current_setting('lykta.lookup', true), 'hex')"
_OF_OWN_BOX = "box_id IN (SELECT id FROM letterbox_box)"  # the rule of the box applies inside, too

RULES = (
    "ALTER TABLE letterbox_box ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE letterbox_letter ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE letterbox_parcel ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY own_box ON letterbox_box USING ({_OWN}) WITH CHECK ({_OWN})",
    f"CREATE POLICY own_letter ON letterbox_letter USING ({_OF_OWN_BOX}) WITH CHECK ({_OF_OWN_BOX})",
    f"CREATE POLICY own_parcel ON letterbox_parcel USING ({_OF_OWN_BOX})",
)


def make_rules(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for rule in RULES:
            schema_editor.execute(rule)


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0001_initial")]

    operations = [migrations.RunPython(make_rules, migrations.RunPython.noop)]
