"""Many cases leave at once: chosen by a filter, agreed to by two, each a bag of its own, told how far, in the record."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bagit
import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import CONTACT, client_of, page, prove, report, words

from lykta.core.vocabulary import Topic
from lykta.records.approvals.models import Approval
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Case, Export
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WHY = "For the yearly review with the prosecutor."


@pytest.fixture
def cases(db: None) -> list[Case]:
    """Three about a journey, and one about something else."""
    travel = [report(f"Number {number}.", topic=Topic.TRAVEL).case for number in range(3)]
    report("Another matter.")
    return travel


def chosen(client: Client, query: str = "topic=travel") -> list[str]:
    html = page(client, f"/exports/?{query}")
    return [part.partition('"')[0] for part in html.split('name="case" value="')[1:]]


def agreed(client: Client, lead: Client, numbers: Iterable[str]) -> dict[str, str]:
    """Asked for, agreed to by the lead; the form that loads it."""
    asked = client.post("/exports/ask/", {"case": list(numbers), "why": WHY})
    assert asked.headers["Location"] == "/approvals/"
    approval = Approval.objects.latest("pk")
    prove(lead).post(f"/approvals/{approval.pk}/decide/", {"verdict": "approve"})
    assert 'action="/exports/load/"' in page(client, "/approvals/")
    return {"cases": approval.details["cases"]}


def load(client: Client, form: dict[str, str]) -> Any:
    """The answer, of which nothing was read yet."""
    response = prove(client).post("/exports/load/", form)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="cases-')
    assert "no-store" in response.headers["Cache-Control"]
    return response


def test_a_view_leaves_as_one_zip_with_a_valid_bag_for_each_case(
    desk: Client, lead: Client, cases: list[Case], tmp_path: Path
) -> None:
    numbers = chosen(desk)
    assert numbers == [str(case.pk) for case in cases]
    data = b"".join(load(desk, agreed(desk, lead, numbers)))
    with zipfile.ZipFile(io.BytesIO(data)) as out:
        assert out.testzip() is None
        out.extractall(tmp_path / "out")
    folders = sorted((tmp_path / "out").iterdir())
    assert [folder.name for folder in folders] == [f"case-{case.number}" for case in cases]
    for folder in folders:
        bagit.Bag(str(folder)).validate()
        assert CONTACT not in (folder / "data" / "case.json").read_text()
    record = Entry.objects.filter(word="case.exported").values_list("subject", flat=True)
    assert sorted(record) == [f"case:{case.pk}" for case in cases]
    assert json.loads(Entry.objects.get(word="export.ended").facts) == {"sent": 3, "of": 3}
    assert "3 of 3 cases sent" in words(page(desk, "/exports/"))


def test_the_second_person_reads_which_cases_and_it_works_once_for_these_alone(
    desk: Client, lead: Client, cases: list[Case]
) -> None:
    form = agreed(desk, lead, [str(case.pk) for case in cases[:2]])
    assert form["cases"] == f"{cases[0].number} {cases[1].number}"
    more = {"cases": f"{form['cases']} {cases[2].number}"}
    refused = prove(desk).post("/exports/load/", more, follow=True).content.decode()
    assert "Nobody has approved exactly this" in words(refused)
    b"".join(load(desk, form))
    assert desk.post("/exports/load/", form).status_code == 302
    assert Export.objects.count() == 1


def test_how_far_it_is_can_be_read_and_where_the_line_broke(desk: Client, lead: Client, cases: list[Case]) -> None:
    response = load(desk, agreed(desk, lead, [str(case.pk) for case in cases]))
    pieces = iter(response)
    while Export.objects.get().sent == 0:
        next(pieces)
    going_on = desk.get("/exports/")
    assert "1 of 3 cases sent" in words(going_on.content.decode())
    assert going_on.headers["Refresh"] == "5"
    response.close()  # what a server does when the browser is gone
    assert json.loads(Entry.objects.get(word="export.ended").facts) == {"sent": 1, "of": 3}
    broken = desk.get("/exports/")
    assert "ended before all were sent" in words(broken.content.decode())
    assert "Refresh" not in broken.headers


def test_what_is_forgotten_meanwhile_stays_forgotten(desk: Client, lead: Client, cases: list[Case]) -> None:
    form = agreed(desk, lead, [str(case.pk) for case in cases])
    Case.objects.filter(pk=cases[0].pk).update(forgotten_at=cases[0].opened_at)
    refused = prove(desk).post("/exports/load/", form, follow=True)
    assert "One of these cases has been forgotten" in words(refused.content.decode())
    assert chosen(desk) == [str(case.pk) for case in cases[1:]]


def test_what_a_search_found_can_be_taken_out_too(desk: Client, cases: list[Case]) -> None:
    found = desk.post("/search/", {"sought": "http://pictures.nordhost.test/album/1"}).content.decode()
    assert "Take these out" not in found
    report("I saw this: http://pictures.nordhost.test/album/1", seed="one")
    found = desk.post("/search/", {"sought": "http://pictures.nordhost.test/album/1"}).content.decode()
    assert 'action="/exports/"' in found
    assert "One case" in words(desk.post("/exports/", {"case": [str(cases[0].pk)]}).content.decode())


def test_none_and_too_many_are_said_and_nothing_typed_is_lost(
    desk: Client, cases: list[Case], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Narrow the queue" in words(page(desk, "/exports/"))
    refused = desk.post("/exports/ask/", {"why": WHY})
    assert refused.status_code == 422
    assert "Choose between 1 and 200 cases" in words(refused.content.decode())
    numbers = [str(case.pk) for case in cases]
    without = desk.post("/exports/ask/", {"case": numbers})
    assert "Please say why" in words(without.content.decode())
    assert "3 cases" in words(without.content.decode())
    monkeypatch.setattr("lykta.records.cases.actions.exporting.AT_ONCE", 2)
    assert "These are more than 2" in words(page(desk, "/exports/?topic=travel"))
    assert not Approval.objects.exists()


def test_nobody_takes_out_what_is_not_for_them(desk: Client, anna: Staff, lead: Client, cases: list[Case]) -> None:
    numbers = [str(case.pk) for case in cases]
    form = agreed(desk, lead, numbers)
    Staff.objects.filter(pk=anna.pk).update(unprepared_for=["travel"])
    assert chosen(desk) == []
    assert desk.post("/exports/ask/", {"case": numbers, "why": WHY}).status_code == 403
    assert prove(desk).post("/exports/load/", form).status_code == 403


def test_a_lead_sees_what_all_took_out_and_others_their_own(
    desk: Client, lead: Client, cases: list[Case], adam: Staff
) -> None:
    b"".join(load(desk, agreed(desk, lead, [str(cases[0].pk)])))
    assert "anna" in words(page(lead, "/exports/"))
    Export.objects.update(by=Staff.objects.get(username="lena"))
    assert "1 of 1 cases sent" not in words(page(desk, "/exports/"))
    assert client_of(adam).get("/exports/").status_code == 404
