"""Where a host is, with how sure that is, what every source says of it, and what has changed."""

import django.db.models.deletion
import lykta.core.vocabulary
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def judge_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """One file placed every address until now: what it said is likely, but not where something stood in front."""
    traces = apps.get_model("tracing", "Trace")._default_manager.using(editor.connection.alias)
    traces.filter(cdn=False).exclude(country="").update(host_country=F("country"), host_confidence="likely")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_item_key"),
        ("tracing", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="trace",
            name="anycast",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="trace",
            name="autnum",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="disagree",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="trace",
            name="domain",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="films",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="trace",
            name="fingerprints",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="trace",
            name="host_because",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="trace",
            name="host_confidence",
            field=models.CharField(
                choices=[
                    (
                        lykta.core.vocabulary.Confidence["CERTAIN"],
                        "At least two sources agree, and nothing speaks against it.",
                    ),
                    (
                        lykta.core.vocabulary.Confidence["LIKELY"],
                        "Nothing speaks against it, but not enough speaks for it to be certain.",
                    ),
                    (lykta.core.vocabulary.Confidence["UNSURE"], "Something speaks against it: a person has to judge."),
                    (lykta.core.vocabulary.Confidence["UNKNOWN"], "Nothing tells."),
                ],
                default=lykta.core.vocabulary.Confidence["UNKNOWN"],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="trace",
            name="host_country",
            field=models.CharField(default="", max_length=2),
        ),
        migrations.AddField(
            model_name="trace",
            name="hosts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="trace",
            name="in_front",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="language",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.AddField(
            model_name="trace",
            name="last_known",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="name_service",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="network",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="trace",
            name="pictures",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="trace",
            name="places",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="trace",
            name="registrant_country",
            field=models.CharField(default="", max_length=2),
        ),
        migrations.AddField(
            model_name="trace",
            name="rendered",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="trace",
            name="final_host",
            field=models.CharField(db_index=True, default="", max_length=255),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.Changed["HOST"],
                                "Somebody else runs the server, or something stands in front of it.",
                            ),
                            (lykta.core.vocabulary.Changed["NETWORK"], "Its addresses are in another network."),
                            (lykta.core.vocabulary.Changed["COUNTRY"], "The server is in another country."),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.CharField(max_length=300)),
                ("after", models.CharField(max_length=300)),
                ("raised", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.item"),
                ),
            ],
        ),
        migrations.RunPython(judge_anew, migrations.RunPython.noop),
    ]
