"""What the desk asks of a million steps: how many were done lately, and which were given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("steps", "0004_offer"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["word", "done_at"], name="step_done"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False)), fields=["failed_at"], name="step_failed"
            ),
        ),
    ]
