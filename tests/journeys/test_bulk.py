"""A long list, imported and traced: the desk says how far it is, its pages are sound, and no picture is left anywhere.

Here it is 200 items; `make bench ONLY=bulk` takes 20,000 through the same functions.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.bench.bulk import marked
from tests.journeys.reporter import DESK, ENLARGED
from tests.journeys.test_every_page import axe, sideways
from tests.journeys.tour import Tour, chromium
from tests.support.bulk import take_through
from tests.support.installation import Installation, installation

pytestmark = pytest.mark.journey
ITEMS = 200


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that has imported a list and traced it once."""
    with installation(tmp_path_factory.mktemp("bulk") / "home") as made:
        take_through(made, items=ITEMS, patience=240)
        yield made


@pytest.fixture(scope="module")
def desk(running: Installation) -> Iterator[Page]:
    """The browser of an analyst who has logged in."""
    with chromium() as browser:
        yield _logged_in(running, browser)


def _logged_in(running: Installation, browser: Browser) -> Page:
    tour = Tour(running, browser, lambda _page, _name: None)
    tour.log_in()
    return tour.desk


def item_at(running: Installation, host: str) -> int:
    """The number of the first item on a host."""
    found = running.sql("casebook", "SELECT id FROM cases_item WHERE host = ? ORDER BY id LIMIT 1", host)
    return int(found[0][0])


def test_every_item_was_traced_and_each_host_has_its_country(running: Installation) -> None:
    found = running.sql(
        "casebook",
        "SELECT item.host, trace.outcome, trace.cdn, count(*) FROM tracing_trace trace"
        " JOIN cases_item item ON item.id = trace.item_id GROUP BY 1, 2, 3 ORDER BY 1",
    )
    assert {host: (outcome, front) for host, outcome, front, _ in found} == {
        "album.example": ("present", 1),
        "answers.example": ("missing", 0),
        "mirrors.example": ("present", 0),
        "nowhere.example": ("no_name", 0),
        "odd.example": ("no_answer", 0),
        "pictures.example": ("present", 0),
        "redirects.example": ("present", 0),
    }
    assert sum(count for *_, count in found) == ITEMS


def test_the_progress_page_says_that_all_is_done(running: Installation, desk: Page) -> None:
    desk.goto(running.url("desk") + "/tracing/")
    said = " ".join(desk.locator("main").inner_text().split())
    done = re.search(r"Done (\d+)", said)
    assert done
    assert int(done[1]) >= ITEMS  # another test may have traced one of them again
    assert "Letters to open first 0" in said
    assert "Failed 0" in said


@pytest.mark.parametrize("width", [ENLARGED, DESK])
def test_the_pages_of_tracing_are_sound(running: Installation, desk: Page, width: int) -> None:
    item = item_at(running, "pictures.example")
    front = item_at(running, "album.example")
    case = running.sql("casebook", "SELECT max(id) FROM cases_case")[0][0]
    paths = [
        f"/items/{item}/",
        f"/items/{front}/",
        f"/items/{item_at(running, 'nowhere.example')}/",
        f"/cases/{case}/",
        "/hosts/",
        "/hosts/?name=pictures.example",
        "/hosts/?name=127.10.0.5",
        "/networks/64500/",
        "/tracing/",
        "/",
    ]
    desk.set_viewport_size({"width": width, "height": 844})
    found = {}
    for path in paths:
        assert desk.goto(running.url("desk") + path)
        found[path] = [*axe(desk, dark=width == DESK, shapes=set()), *(sideways(desk) if width == ENLARGED else [])]
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_tracing_again_is_shown_beside_the_first_trace(running: Installation, desk: Page) -> None:
    item = item_at(running, "pictures.example")
    desk.goto(f"{running.url('desk')}/items/{item}/")
    desk.get_by_role("button", name="Trace again").click()
    table = desk.get_by_role("table", name="This trace beside the one before")
    for _ in range(60):
        if table.count():
            break
        desk.wait_for_timeout(500)
        desk.reload()
    said = " ".join(table.inner_text().split())
    assert "0 differences" in said
    assert "Answers from 127.10.0.5 127.10.0.5" in said


def test_the_command_says_the_same_and_makes_no_case(running: Installation) -> None:
    before = running.sql("casebook", "SELECT count(*), (SELECT count(*) FROM tracing_observation) FROM cases_item")
    address = f"http://pictures.example:{running.port('practice_web')}/gallery?number=new"
    told = json.loads(running.run("trace", address, "--json", check=False).stdout)
    assert (told["outcome"], told["addresses"], told["host_country"]) == ("present", ["127.10.0.5"], "SE")
    said = running.run("trace", address, check=False)
    assert "  Host in: Sweden (SE)" in said.stdout
    assert "http://" not in said.stdout
    assert running.run("trace", "telegram:@somebody_example", check=False).returncode == 1
    assert running.run("trace", check=False).returncode == 2
    after = running.sql("casebook", "SELECT count(*), (SELECT count(*) FROM tracing_observation) FROM cases_item")
    assert after == before


def test_no_picture_of_the_list_is_anywhere(running: Installation) -> None:
    assert running.sql("casebook", "SELECT count(*) FROM tracing_trace WHERE fingerprints != '[]'")[0][0] > ITEMS // 2
    assert marked(running) == []
