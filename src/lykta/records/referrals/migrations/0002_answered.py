"""Whether a referral was answered, in the row itself, so that the desk finds those that were not without counting."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What was answered before this column was there."""
    referrals = apps.get_model("referrals", "Referral")._default_manager.using(editor.connection.alias)
    answers = apps.get_model("referrals", "Answer")._default_manager.using(editor.connection.alias)
    referrals.filter(pk__in=answers.values("referral")).update(answered=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_queue_and_identifiers"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="answered",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("answered", False)),
                fields=["state", "sent_at", "id"],
                name="referral_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["state", "planned_at"],
                name="referral_waiting",
            ),
        ),
    ]
