"""A fourth kind of letter: the reporter wants the report forgotten. Nothing changes in the database itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0002_rows_of_one_code")]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                max_length=16,
                choices=[
                    ("report", "A new report."),
                    ("more", "The reporter writes again with the receipt code."),
                    ("reply", "A recipient answers a message of the hotline."),
                    ("delete", "The reporter wants the report forgotten."),
                ],
            ),
        ),
    ]
