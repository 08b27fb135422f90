"""Staff bring reports in, too. Nothing changes in the database itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0007_handovers_and_tallies")]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                max_length=16,
                choices=[
                    ("part", "A report that is being written: what was said so far."),
                    ("report", "A report that the reporter has sent."),
                    ("staff", "A report that staff typed in, or that came in a file or a mail."),
                    ("more", "The reporter writes again with the receipt code."),
                    ("reply", "A recipient answers a message of the hotline."),
                    ("delete", "The reporter wants the report forgotten."),
                    ("partner", "A partner's system reports."),
                ],
            ),
        ),
    ]
