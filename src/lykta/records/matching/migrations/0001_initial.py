"""Lists, versions, matches, and the table of known hashes, which neither database gets as Django would make it.

On PostgreSQL it has a partition for each list, made by the first import into it. What finds a row by its `mark` is
made by that import too, after the rows: an index that is made at once is many times faster than one that grows.
"""

import secrets

import django.db.models.deletion
import lykta.core.vocabulary
from django.db import migrations, models


KNOWN = """CREATE TABLE matching_known (
    id {number} NOT NULL, list_id bigint NOT NULL, sha256 {data}, sha1 {data}, md5 {data}, pdq {data},
    quality smallint, category varchar(40) NOT NULL, reference varchar(80) NOT NULL, mark {data} NOT NULL,
    added_in integer NOT NULL, withdrawn_in integer)"""
WITHDRAWN = """CREATE INDEX matching_known_withdrawn ON matching_known (list_id, withdrawn_in)
    WHERE withdrawn_in IS NOT NULL"""


def make_known(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KNOWN.format(number="bigint", data="bytea") + " PARTITION BY LIST (list_id)")
        schema_editor.execute("CREATE INDEX matching_known_id ON matching_known (id)")
    else:
        schema_editor.execute(KNOWN.format(number="integer PRIMARY KEY", data="blob"))
    schema_editor.execute(WITHDRAWN)


def drop_known(apps, schema_editor):
    schema_editor.execute("DROP TABLE matching_known")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0006_item_key"),
    ]

    operations = [
        migrations.RunPython(make_known, drop_known),
        migrations.CreateModel(
            name="Known",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sha256", models.BinaryField(null=True)),
                ("sha1", models.BinaryField(null=True)),
                ("md5", models.BinaryField(null=True)),
                ("pdq", models.BinaryField(null=True)),
                ("quality", models.PositiveSmallIntegerField(null=True)),
                ("category", models.CharField(default="", max_length=40)),
                ("reference", models.CharField(default="", max_length=80)),
                ("mark", models.BinaryField()),
                ("added_in", models.PositiveIntegerField()),
                ("withdrawn_in", models.PositiveIntegerField(null=True)),
            ],
            options={
                "db_table": "matching_known",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="HashList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("source", models.CharField(default="", max_length=120)),
                ("scheme", models.CharField(default="", max_length=40)),
                ("licence", models.CharField(default="", max_length=200)),
                (
                    "trust",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.ListTrust["POLICE"],
                                "The police of this country keep the list, and what is on it was judged by them.",
                            ),
                            (
                                lykta.core.vocabulary.ListTrust["VERIFIED"],
                                "A hotline or clearing house keeps it, and several trained people judged each entry.",
                            ),
                            (
                                lykta.core.vocabulary.ListTrust["REPORTED"],
                                "Others reported it, and nobody is known to have judged it.",
                            ),
                            (
                                lykta.core.vocabulary.ListTrust["HARMLESS"],
                                "Pictures that are known and harmless, such as those of operating systems and programs.",
                            ),
                        ],
                        default=lykta.core.vocabulary.ListTrust["REPORTED"],
                        max_length=8,
                    ),
                ),
                ("distance", models.PositiveSmallIntegerField(default=31)),
                ("mapping", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=dict)),
                ("salt", models.BinaryField(default=secrets.token_bytes)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ListVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                lykta.core.vocabulary.ImportState["READING"],
                                "Rows are being read; after a crash it goes on where it was.",
                            ),
                            (lykta.core.vocabulary.ImportState["READY"], "All rows were read."),
                            (lykta.core.vocabulary.ImportState["FAILED"], "It stopped, and says why."),
                            (
                                lykta.core.vocabulary.ImportState["DRY_RUN"],
                                "All rows were read to see what would happen, and nothing was kept.",
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                ("rows_read", models.PositiveBigIntegerField(default=0)),
                ("rows_added", models.PositiveBigIntegerField(default=0)),
                ("rows_kept", models.PositiveBigIntegerField(default=0)),
                ("rows_withdrawn", models.PositiveBigIntegerField(default=0)),
                ("rows_refused", models.PositiveBigIntegerField(default=0)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("replaces", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=160)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(default="", max_length=300)),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="matching.hashlist"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("algorithm", models.CharField(max_length=8)),
                ("digest", models.BinaryField()),
                ("known", models.BigIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("distance", models.PositiveSmallIntegerField(default=0)),
                ("finding", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("fed_back_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.item"),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matching.hashlist"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveBigIntegerField()),
                ("reason", models.CharField(max_length=120)),
                ("cell", models.CharField(default="", max_length=80)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refused", to="matching.listversion"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="listversion",
            constraint=models.UniqueConstraint(fields=("list", "number"), name="matching_version_number"),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                models.F("list"), models.OrderBy(models.F("at"), descending=True), name="matching_match_of_list"
            ),
        ),
    ]
