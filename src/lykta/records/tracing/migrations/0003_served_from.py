"""Items by the address that they were served from, and by where they lead."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from lykta.lib import domains


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Where each item was served from, and whether it leads elsewhere, out of the traces that are there."""
    alias = editor.connection.alias
    traces = apps.get_model("tracing", "Trace")._default_manager.using(alias)
    served = apps.get_model("tracing", "ServedFrom")
    for trace in traces.select_related("item").only("addresses", "final_host", "item__domain").iterator(chunk_size=500):
        rows = [served(item_id=trace.pk, address=one) for one in dict.fromkeys(trace.addresses)]
        served._default_manager.using(alias).bulk_create(rows, ignore_conflicts=True)
        found = domains.part_of(trace.final_host) if trace.final_host else ""
        if found != trace.item.domain:
            traces.filter(pk=trace.pk).update(final_domain=found)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_queue_and_identifiers"),
        ("tracing", "0002_places_and_hosts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServedFrom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=45)),
            ],
        ),
        migrations.AddField(
            model_name="trace",
            name="final_domain",
            field=models.CharField(default="", max_length=255),
        ),
        migrations.AlterField(
            model_name="trace",
            name="final_host",
            field=models.CharField(default="", max_length=255),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(
                fields=["final_domain", "item"],
                name="trace_leads_elsewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(fields=["asn", "item"], name="trace_network"),
        ),
        migrations.AddField(
            model_name="servedfrom",
            name="item",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.item"),
        ),
        migrations.AddConstraint(
            model_name="servedfrom",
            constraint=models.UniqueConstraint(fields=("address", "item"), name="served_from_once"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
