"""Which partner sent a report, where its system is told, and what waits to be told."""

import django.db.models.deletion
import lykta.core.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40, unique=True)),
                ("address", models.TextField()),
                ("sealed", models.BinaryField()),
                ("old_sealed", models.BinaryField(null=True)),
                ("old_until", models.DateTimeField(null=True)),
                ("off_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(default="")),
                ("faults", models.PositiveIntegerField(default=0)),
                ("quiet_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="report",
            name="partner",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="report",
            name="partner_number",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.CreateModel(
            name="StatusPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField(unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.ReporterStatus["RECEIVED"],
                                "We have your report. Nobody has read it yet.",
                            ),
                            (lykta.core.vocabulary.ReporterStatus["READING"], "We are working on your report."),
                            (lykta.core.vocabulary.ReporterStatus["TOLD"], "We have told those who can act."),
                            (
                                lykta.core.vocabulary.ReporterStatus["CLOSED"],
                                "We have finished working on your report.",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "report",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.report"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="status_post_waiting"
                    )
                ],
            },
        ),
    ]
