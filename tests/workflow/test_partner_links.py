"""Who changes a partner's link is in the record; what is refused leaves neither link nor entry."""

import json

import pytest

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.audit.models import Entry
from lykta.records.letterbox import links
from lykta.workflow import partner_links

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
BY = "staff:kim"


def entries() -> list[tuple[str, str, dict[str, object]]]:
    found = Entry.objects.filter(word="link.changed").order_by("number")
    return [(entry.by, entry.subject, json.loads(entry.facts)) for entry in found]


def test_each_change_is_in_the_record_without_a_name_or_a_site() -> None:
    partner_links.add(by=BY, code="SCHOOL", name="A school", framed_on="https://school.example")
    partner_links.let_frame(by=BY, code="SCHOOL", framed_on="https://a.example\nhttps://b.example")
    assert links.origins() == ("https://a.example", "https://b.example")
    partner_links.take_away(by=BY, code="SCHOOL")
    assert links.links() == []
    assert entries() == [
        (BY, "link:SCHOOL", {"what": "added"}),
        (BY, "link:SCHOOL", {"what": "sites", "count": 2}),
        (BY, "link:SCHOOL", {"what": "taken away"}),
    ]


def test_what_is_refused_is_not_in_the_record() -> None:
    with pytest.raises(NotUnderstood):
        partner_links.add(by=BY, code="SCHOOL", name="A school", framed_on="https://*.example")
    with pytest.raises(NotUnderstood):
        partner_links.add(by=BY, code="no code", name="A school")
    with pytest.raises(NotNow):
        partner_links.take_away(by=BY, code="SCHOOL")
    assert (entries(), links.links()) == ([], [])
