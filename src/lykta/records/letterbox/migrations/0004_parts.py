"""Reports that are being written lie in the letterbox, too. Nothing changes in the database itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0003_delete_letters")]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                max_length=16,
                choices=[
                    ("part", "A report that is being written: what was said so far."),
                    ("report", "A report that the reporter has sent."),
                    ("more", "The reporter writes again with the receipt code."),
                    ("reply", "A recipient answers a message of the hotline."),
                    ("delete", "The reporter wants the report forgotten."),
                ],
            ),
        ),
    ]
