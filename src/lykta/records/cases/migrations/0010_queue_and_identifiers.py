"""What the queue is ordered and narrowed by, merged cases, and the tags by which cases are linked."""

from collections.abc import Iterator
from itertools import islice

import django.db.models.deletion
import lykta.core.vocabulary
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from lykta.lib import domains


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What the new columns say of rows that are there already."""
    cases, reports, items = (
        apps.get_model("cases", name)._default_manager.using(editor.connection.alias)
        for name in ("Case", "Report", "Item")
    )
    reports.update(sealed_for=Subquery(cases.filter(pk=OuterRef("case")).values("uuid")))
    told = reports.filter(case=OuterRef("pk"))
    first = Subquery(told.order_by("pk").values("source")[:1])
    cases.update(source=Coalesce(first, Value("public")), complete=Exists(told.filter(complete=True)))
    for batch in batched_rows(items.filter(domain="").only("pk", "host")):
        for item in batch:
            item.domain = domains.part_of(item.host)[:255]
        items.bulk_update(batch, ["domain"])


def batched_rows(rows: QuerySet) -> Iterator[list]:
    """Five hundred at a time, so that a million items need little memory."""
    found = rows.order_by("pk").iterator(chunk_size=500)
    while batch := list(islice(found, 500)):
        yield batch


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_forgetting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (lykta.core.vocabulary.IdentifierKind["ADDRESS"], "The same address."),
                            (
                                lykta.core.vocabulary.IdentifierKind["HOST"],
                                "The same host, unless it is one that everybody uses.",
                            ),
                            (
                                lykta.core.vocabulary.IdentifierKind["ACCOUNT"],
                                "The same user name on the same platform.",
                            ),
                            (lykta.core.vocabulary.IdentifierKind["EMAIL"], "The same e-mail address."),
                            (lykta.core.vocabulary.IdentifierKind["PHONE"], "The same telephone number."),
                            (lykta.core.vocabulary.IdentifierKind["WALLET"], "The same wallet of a cryptocurrency."),
                            (lykta.core.vocabulary.IdentifierKind["PLATE"], "The same number plate of a vehicle."),
                            (
                                lykta.core.vocabulary.IdentifierKind["FINGERPRINT"],
                                "The same fingerprint of a picture or a film.",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("tag", models.BinaryField(max_length=16)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="complete",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="case",
            name="countries",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="source",
            field=models.CharField(
                choices=[
                    (lykta.core.vocabulary.Source["PUBLIC"], "Somebody filled in the public form."),
                    (lykta.core.vocabulary.Source["HOTLINE"], "Another hotline sent it."),
                    (lykta.core.vocabulary.Source["PARTNER"], "A partner company sent it."),
                    (lykta.core.vocabulary.Source["STAFF"], "Staff typed it in, after a call or a letter."),
                ],
                default=lykta.core.vocabulary.Source["PUBLIC"],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="to_do",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="item",
            name="domain",
            field=models.CharField(default="", max_length=255),
        ),
        migrations.AddField(
            model_name="report",
            name="sealed_for",
            field=models.UUIDField(null=True),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="report",
            name="sealed_for",
            field=models.UUIDField(db_index=True),
        ),
        migrations.RemoveIndex(model_name="case", name="case_queue"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "rank", "opened_at", "id"], name="case_queue"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["state", "rank", "opened_at", "id"], condition=models.Q(to_do=True), name="case_to_do"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="case_merged"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["state", "verdict", "state_at"], name="item_known"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["domain", "state"], name="item_domain_state"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["domain", "id"], name="item_domain_newest"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("unread", True)), fields=["report"], name="message_unread"),
        ),
        migrations.AddField(
            model_name="identifier",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="cases.report"
            ),
        ),
        migrations.AddIndex(
            model_name="identifier",
            index=models.Index(fields=["tag", "kind"], name="identifier_tag"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(fields=("report", "kind", "tag"), name="identifier_once"),
        ),
    ]
