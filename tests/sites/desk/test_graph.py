"""Related cases on the page of a case: a drawing of numbers and a list that says the same in words."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, report, words

from lykta.lib.clock import now
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case
from lykta.records.cases.relating import RelatedCase
from lykta.sites.desk.graph import HEIGHT, WIDTH, nodes

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


@pytest.mark.parametrize("count", [0, 1, 2, 12])
def test_every_case_has_a_place_of_its_own_inside_the_drawing(count: int) -> None:
    found = [RelatedCase(Case(pk=number), weight=1 + number, sentences=()) for number in range(count)]
    drawn = nodes(found)
    assert len({(node.x, node.y) for node in drawn}) == count
    assert all(20 < node.x < WIDTH - 20 and 20 < node.y < HEIGHT - 20 for node in drawn)
    assert all(1 <= node.thick <= 8 for node in drawn)


def test_the_strongest_link_is_the_thickest_line() -> None:
    strong, weak = nodes([RelatedCase(Case(pk=1), 10, ()), RelatedCase(Case(pk=2), 2, ())])
    assert (strong.thick, weak.thick) == (8.0, 1.6)


def test_related_cases_are_drawn_and_listed(desk: Client) -> None:
    one, other = report(f"One {WALLET}").case, report(f"Other {WALLET}").case
    ending.close(by="worker", case_number=other.pk, now=now())
    html = page(desk, f"/cases/{one.pk}/")
    assert f"{other.number} The same wallet of a cryptocurrency." in words(html)
    assert '<g class="closed"><circle' in html
    assert WALLET not in html.split("related-title", 1)[1]


def test_a_case_alone_says_so(desk: Client) -> None:
    assert "No other case has an address" in words(page(desk, f"/cases/{report('Alone').case_id}/"))
