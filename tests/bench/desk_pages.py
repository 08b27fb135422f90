"""Fills a casebook with a million items and asks the desk for its pages: `python -m tests.bench.desk_pages NAME ITEMS`.

For `tests.bench.desk`, which starts it in a home of its own. The rows come from bulk SQL and not from the verbs, which
would take an hour; they are shaped as the verbs shape them.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tests.bench.figures import note, percentile

from lykta.config.environment import environment, home
from lykta.config.keys import make_keys
from lykta.config.loading import load

if TYPE_CHECKING:
    from django.test import Client
    from tests.bench.casebook import Casebook

TIMES = 60
"""How often each page is asked for, each time for another case, item or host."""


def main(database: str, items: int) -> None:
    make_keys(home() / "keys", name=environment().name, mail=environment().mail_from)
    load("desk")
    from django.core.management import call_command  # noqa: PLC0415 - only after the settings are loaded
    from tests.bench.casebook import fill  # noqa: PLC0415
    from tests.sites.desk.scenes import client_of, set_up_factor  # noqa: PLC0415

    from lykta.core.vocabulary import Role  # noqa: PLC0415
    from lykta.records.people import actions as people  # noqa: PLC0415

    for alias in ("default", "letterbox"):
        call_command("migrate", database=alias, verbosity=0)
    anna = people.invite(by="bench", username="anna", password="a long enough password", role=Role.LEAD)
    set_up_factor(anna)
    start = time.monotonic()
    book = fill(items)
    note(f"desk.filled_s.{database}", time.monotonic() - start, "s")
    client = client_of(anna)
    slowest = 0.0
    for name, address in pages(book):
        wall, cpu = measure(client, address)
        note(f"desk.page_p95_ms.{database}.{name}", wall, "ms")
        note(f"desk.page_cpu_p95_ms.{database}.{name}", cpu, "ms")
        slowest = max(slowest, wall)
    note(f"desk.page_p95_ms.{database}", slowest, "ms")


def pages(book: "Casebook") -> Iterator[tuple[str, Callable[[int], str]]]:
    """Each page by its name, with its address for the nth time that it is asked for; what is searched for after `>`."""
    yield "queue", lambda nth: f"/?page={nth % 20 + 1}"
    yield "queue_assess", lambda nth: f"/?show=assess&page={nth % 5 + 1}"
    yield "queue_host", lambda nth: f"/?host={book.host(nth)}"
    yield "queue_country", lambda nth: f"/?country={('SE', 'NL', 'XX')[nth % 3]}"
    yield "queue_narrow", lambda nth: f"/?topic=travel&source=staff&incomplete=yes&days={nth % 9}"
    yield "case", lambda nth: f"/cases/{book.case(nth)}/"
    yield "item", lambda nth: f"/items/{book.item(nth)}/"
    yield "assess", lambda nth: f"/items/{book.ready(nth)}/assess/"
    yield "host", lambda nth: f"/hosts/?name={book.host(nth)}"
    yield "host_of_many", lambda nth: f"/hosts/?name={('big.example', '192.0.2.10')[nth % 2]}"
    yield "hosts", lambda nth: "/hosts/"
    yield "network", lambda nth: "/networks/64500/"
    yield "known", lambda nth: "/known/"
    yield "my_day", lambda nth: "/my-day/"
    yield "referrals", lambda nth: "/referrals/"
    yield "progress", lambda nth: "/tracing/"
    yield "system", lambda nth: "/system/"
    yield "search", lambda nth: f"/search/>http://{book.host(nth)}/{nth}"
    yield "search_wallet", lambda nth: f"/search/>0x{nth:040x}"


def measure(client: "Client", address: Callable[[int], str]) -> tuple[float, float]:
    """p95 of the time on the clock and of the processor's, in milliseconds, after two requests that warm up."""
    walls, cpus = [], []
    for nth in range(TIMES + 2):
        path, _, sought = address(nth).partition(">")
        wall, cpu = time.monotonic(), time.process_time()
        response = client.post(path, {"sought": sought}) if sought else client.get(path)
        walls.append((time.monotonic() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        assert response.status_code == 200, (path, response.status_code)
    return percentile(walls[2:], 0.95), percentile(cpus[2:], 0.95)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
