"""Merging and splitting at the desk: shown first, done then, undone by one button."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, report, words

from lykta.records.cases.models import Case, Report

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def cases() -> tuple[Case, Case]:
    return report("First words").case, report("Second words").case


def post(client: Client, address: str, **fields: str) -> str:
    return words(client.post(address, fields, follow=True).content.decode())


def test_a_merge_is_shown_before_it_is_done(desk: Client, cases: tuple[Case, Case]) -> None:
    one, other = cases
    said = post(desk, f"/cases/{other.pk}/merge/", into=one.number)
    assert f"Merge case {other.number} into case {one.number}?" in said
    assert Report.objects.filter(case=other).exists()
    done = post(desk, f"/cases/{other.pk}/merge/", into=one.number, sure="yes")
    assert f"Case {other.number} is now part of this one." in done
    assert "First words" in done
    assert "Second words" in done


def test_a_merged_case_is_read_where_it_is_now_and_comes_apart_again(desk: Client, cases: tuple[Case, Case]) -> None:
    one, other = cases
    post(desk, f"/cases/{other.pk}/merge/", into=str(one.pk), sure="yes")
    assert desk.get(f"/cases/{other.pk}/").headers["Location"] == f"/cases/{one.pk}/"
    assert f"Case {other.number} is part of this one." in words(page(desk, f"/cases/{one.pk}/"))
    assert "The reports of a case were put into another case." in words(page(desk, f"/cases/{one.pk}/"))
    said = post(desk, f"/cases/{other.pk}/part/")
    assert "The merge is undone" in said
    assert "Second words" in said
    assert "First words" not in said


@pytest.mark.parametrize("typed", ["", "no number", "999999", "2026-999999"])
def test_a_case_that_is_not_there_is_said_in_words(desk: Client, cases: tuple[Case, Case], typed: str) -> None:
    assert "There is no such case" in post(desk, f"/cases/{cases[0].pk}/merge/", into=typed)


def test_a_refused_merge_says_why(desk: Client, cases: tuple[Case, Case]) -> None:
    said = post(desk, f"/cases/{cases[0].pk}/merge/", into=cases[0].number, sure="yes")
    assert "That is the same case" in said
    assert "not part of another one" in post(desk, f"/cases/{cases[0].pk}/part/")


def test_a_split_is_shown_before_it_is_done(desk: Client, cases: tuple[Case, Case]) -> None:
    one, other = cases
    post(desk, f"/cases/{other.pk}/merge/", into=one.number, sure="yes")
    moved = str(Report.objects.order_by("pk").last().pk)  # type: ignore[union-attr]
    assert f"Split case {one.number}?" in post(desk, f"/cases/{one.pk}/split/", report=moved)
    said = post(desk, f"/cases/{one.pk}/split/", report=moved, sure="yes")
    assert "These reports are now case" in said
    assert "Second words" in said
    assert "First words" not in said
    assert "leave at least one" in post(desk, f"/cases/{one.pk}/split/", sure="yes")
