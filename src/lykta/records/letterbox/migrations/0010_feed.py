"""Our list of hashes as partners fetch it, who fetched what, and what they say of it."""

import lykta.core.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letterbox", "0009_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fetch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40)),
                ("at", models.DateTimeField(db_index=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("added", models.PositiveIntegerField()),
                ("deleted", models.PositiveIntegerField()),
                ("complete", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40)),
                ("entry", models.UUIDField()),
                ("fingerprint", models.CharField(max_length=8)),
                (
                    "objection",
                    models.CharField(
                        choices=[
                            (lykta.core.vocabulary.Objection["NOT_ABUSE"], "It is not child sexual abuse material."),
                            (lykta.core.vocabulary.Objection["OTHER_CATEGORY"], "It belongs in another category."),
                            (
                                lykta.core.vocabulary.Objection["POOR_FINGERPRINT"],
                                "The fingerprint matches other pictures too.",
                            ),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["slug", "entry", "fingerprint"], name="feedback_of_one")],
            },
        ),
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                ("dated", models.DateTimeField(db_index=True)),
                ("deleted", models.BooleanField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (lykta.core.vocabulary.MediumKind["PICTURE"], "A picture."),
                            (lykta.core.vocabulary.MediumKind["FILM"], "A film."),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            (lykta.core.vocabulary.Grade["A1"], "A child before puberty, in a sexual act."),
                            (lykta.core.vocabulary.Grade["A2"], "A child before puberty, shown in a sexual way."),
                            (lykta.core.vocabulary.Grade["B1"], "A child in or after puberty, in a sexual act."),
                            (lykta.core.vocabulary.Grade["B2"], "A child in or after puberty, shown in a sexual way."),
                        ],
                        default="",
                        max_length=2,
                    ),
                ),
                ("sha1", models.CharField(default="", max_length=40)),
                ("md5", models.CharField(default="", max_length=32)),
                ("pdq", models.CharField(default="", max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("entry", "revision"), name="feed_entry_once")],
            },
        ),
    ]
