"""Partners whose systems report, and what they sent under a key of their own, so that it counts once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letterbox", "0005_chunks")]

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("scopes", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_digest", models.BinaryField(max_length=32, unique=True)),
                ("body_digest", models.BinaryField(max_length=32)),
                ("received_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AlterField(
            model_name="box",
            name="kind",
            field=models.CharField(
                max_length=16,
                choices=[
                    ("reporter", "The one who reported."),
                    ("police", "A police unit that was sent a referral."),
                    ("hotline", "A partner hotline that was sent a referral."),
                    ("host", "A provider that was sent a notice."),
                    ("partner", "A partner company whose system reported."),
                ],
            ),
        ),
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
                    ("partner", "A partner's system reports."),
                ],
            ),
        ),
    ]
