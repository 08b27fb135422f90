from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="unread",
            field=models.BooleanField(default=False),
        ),
    ]
