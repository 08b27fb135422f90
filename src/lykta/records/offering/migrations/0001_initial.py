"""Our own list of known hashes, and who said what of it."""

import django.db.models.deletion
import lykta.core.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0006_item_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField(unique=True)),
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
                ("media_type", models.CharField(default="", max_length=100)),
                ("size", models.PositiveBigIntegerField(null=True)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("sha1", models.CharField(default="", max_length=40)),
                ("md5", models.CharField(default="", max_length=32)),
                ("pdq", models.CharField(default="", max_length=64)),
                ("quality", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.OfferState["WAITING"],
                                "Fewer people than the rule asks for have said that it is child sexual abuse material.",
                            ),
                            (
                                lykta.core.vocabulary.OfferState["OFFERED"],
                                "Enough people have said so: its fingerprints are on the list.",
                            ),
                            (
                                lykta.core.vocabulary.OfferState["WITHDRAWN"],
                                "Somebody said otherwise, or a lead took it off; whoever had fetched it is told.",
                            ),
                        ],
                        default=lykta.core.vocabulary.OfferState["WAITING"],
                        max_length=16,
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
                ("missing", models.PositiveSmallIntegerField(default=0)),
                ("state_at", models.DateTimeField()),
                ("reason", models.CharField(default="", max_length=300)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("published", models.PositiveIntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.item"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("illegal", models.BooleanField()),
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "confirmed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="offering.confirmed"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.item"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="confirmed",
            index=models.Index(fields=["state", "state_at"], name="confirmed_by_state"),
        ),
        migrations.AddIndex(
            model_name="confirmed",
            index=models.Index(
                condition=models.Q(("revision", models.F("published")), _negated=True),
                fields=["id"],
                name="confirmed_to_publish",
            ),
        ),
    ]
