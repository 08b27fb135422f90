from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_key_holders")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="language",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
    ]
