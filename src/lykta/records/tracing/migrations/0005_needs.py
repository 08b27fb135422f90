"""What those who look at items that are there already have to be certified for."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Of the pictures and films in their traces; what lists know of them is said at the next match."""
    alias = editor.connection.alias
    traces, items, cases = (
        apps.get_model(app, name)._default_manager.using(alias)
        for app, name in (("tracing", "Trace"), ("cases", "Item"), ("cases", "Case"))
    )
    waiting = traces.filter(item__state__in=["ready", "checking"]).exclude(fingerprints=[])
    for number, found in waiting.values_list("pk", "fingerprints").iterator(chunk_size=500):
        kinds = {str(one.get("media_type", "")).partition("/")[0] for one in found}
        needs = "films" if "video" in kinds else "pictures" if "image" in kinds else "text"
        items.filter(pk=number).update(needs=needs)
    for needs in ("pictures", "films"):
        ready = items.filter(needs=needs, state="ready", verdict="")
        cases.filter(reports__mentions__item__in=ready).update(needs=needs)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_needs"),
        ("tracing", "0004_later_looks"),
    ]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
