"""An analyst who never tires: assesses every item that is ready, as a process of its own. For tests of crashes.

`python -m tests.support.analyst` in an installation's environment; ends on SIGTERM.
"""

import time

from lykta.config.loading import load


def main() -> None:
    load("worker")
    from django.conf import settings  # noqa: PLC0415 - only after the settings are loaded
    from django.db import DatabaseError  # noqa: PLC0415

    from lykta.core.refusals import NotNow  # noqa: PLC0415
    from lykta.core.vocabulary import ItemState  # noqa: PLC0415
    from lykta.records.cases.models import Item  # noqa: PLC0415
    from lykta.records.people.models import Staff  # noqa: PLC0415
    from lykta.workflow import judging  # noqa: PLC0415

    anna = Staff.objects.get(username="anna")
    given = {"finding": "csam", "nature": "real"}
    while True:
        for item in Item.objects.filter(state=ItemState.READY)[:20]:
            try:
                shown = judging.preview(item=item, given=given, house=settings.HOUSE)
                judging.confirm(by=anna, item=item, given=given, token=shown.token, house=settings.HOUSE)
            except (NotNow, DatabaseError):
                continue
        time.sleep(0.2)


if __name__ == "__main__":
    main()
