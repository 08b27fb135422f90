"""People: certification, hours, what nobody wants to be shown; links that invite; where somebody is logged in."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_communicator"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="certified_for",
            field=models.CharField(
                choices=[
                    ("text", "Works with words only."),
                    ("pictures", "May be asked to look at pictures."),
                    ("films", "May be asked to look at pictures and films."),
                ],
                default="films",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="last_active_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="staff",
            name="may_use_app",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="staff",
            name="never_show",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="staff",
            name="works_from",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="staff",
            name="works_on",
            field=models.CharField(default="12345", max_length=7),
        ),
        migrations.AddField(
            model_name="staff",
            name="works_until",
            field=models.TimeField(null=True),
        ),
        migrations.AlterField(
            model_name="staff",
            name="role",
            field=models.CharField(
                choices=[
                    ("analyst", "Reads reports and assesses items."),
                    ("senior_analyst", "An analyst with experience, whom others ask."),
                    ("lead", "All that an analyst does, and sees figures, people and failed steps."),
                    ("welfare_officer", "Looks after the people who work here; sees no case."),
                    ("liaison", "Keeps in touch with police and partners: sees referrals and recipients, no case."),
                    ("communicator", "Keeps partners' links and what they show; sees no case."),
                    ("administrator", "Keeps the installation running; sees no case."),
                ],
                default="analyst",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="DeskSession",
            fields=[
                ("number", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("factor", models.BigIntegerField()),
                ("device", models.CharField(max_length=60)),
                ("began_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-used_at"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "staff",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
