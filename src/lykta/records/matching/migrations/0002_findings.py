import django.db.models.deletion
import lykta.core.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_item_key"),
        ("matching", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemFinding",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.item",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.ListFinding["ILLEGAL"],
                                "Known illegal: the police's list, or two independent lists that were verified, have it.",
                            ),
                            (
                                lykta.core.vocabulary.ListFinding["CHECK"],
                                "Known, to be checked: a list has it, but not lists enough to act on without a person.",
                            ),
                            (
                                lykta.core.vocabulary.ListFinding["NEAR"],
                                "It looks like something that a list has; only a person can tell.",
                            ),
                            (
                                lykta.core.vocabulary.ListFinding["HARMLESS"],
                                "Known harmless: a list has it, and nothing speaks against it.",
                            ),
                            (lykta.core.vocabulary.ListFinding["UNKNOWN"], "No list has it."),
                        ],
                        max_length=8,
                    ),
                ),
                ("rule", models.CharField(max_length=24)),
                ("policy", models.CharField(max_length=16)),
                ("because", models.JSONField(default=list)),
                ("lists", models.JSONField(default=list)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
