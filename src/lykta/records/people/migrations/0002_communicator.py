"""A role more: who keeps partners' links. Nothing changes in the database itself."""

from django.db import migrations, models

from lykta.core.vocabulary import Role


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="staff",
            name="role",
            field=models.CharField(
                max_length=16,
                choices=[
                    ("analyst", "Reads reports and assesses items."),
                    ("lead", "All that an analyst does, and sees figures, people and failed steps."),
                    ("administrator", "Keeps the installation running; sees no case."),
                    ("communicator", "Keeps partners' links and what they show; sees no case."),
                ],
                default=Role.ANALYST,
            ),
        ),
    ]
