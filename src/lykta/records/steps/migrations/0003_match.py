import lykta.core.lifecycle
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("steps", "0002_tell_partner"),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="word",
            field=models.CharField(
                choices=[
                    (lykta.core.lifecycle.StepWord["TRACE"], "Find out where the item is, and whose."),
                    (
                        lykta.core.lifecycle.StepWord["MATCH"],
                        "Ask the lists of known hashes about the item's pictures and films.",
                    ),
                    (lykta.core.lifecycle.StepWord["TELL"], "Write to those whom the routing rules name."),
                    (lykta.core.lifecycle.StepWord["SEND_REFERRAL"], "Send one referral by signed and encrypted mail."),
                    (lykta.core.lifecycle.StepWord["SEND_NOTICE"], "Ask the host to remove it."),
                    (lykta.core.lifecycle.StepWord["LOOK"], "See whether it is still there."),
                    (
                        lykta.core.lifecycle.StepWord["TELL_REPORTERS"],
                        "Put the new status into the reporters' mailboxes.",
                    ),
                    (lykta.core.lifecycle.StepWord["DELIVER"], "Put one message into a reporter's mailbox."),
                    (lykta.core.lifecycle.StepWord["TELL_PARTNER"], "Tell a partner's system how far its reports are."),
                    (lykta.core.lifecycle.StepWord["SETTLE"], "Close the cases in which nothing is left to do."),
                    (lykta.core.lifecycle.StepWord["REOPEN"], "Open the item's cases again."),
                    (
                        lykta.core.lifecycle.StepWord["FOLLOW_LISTS"],
                        "Bring the index of known hashes in step with a list's new version.",
                    ),
                    (
                        lykta.core.lifecycle.StepWord["MATCH_AGAIN"],
                        "Ask a list's new version about the items that were matched before it came.",
                    ),
                ],
                max_length=24,
            ),
        ),
    ]
