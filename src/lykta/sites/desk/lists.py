"""Lists of known hashes: what each holds, every file that was read into it, and the rows that were refused."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lykta.core.vocabulary import ImportState, ListedAs
from lykta.lib.tables import harmless
from lykta.records.audit.words import AuditWord
from lykta.records.matching import feedback, findings, queries, uploads
from lykta.records.matching.access import access_list, access_version, may_see_lists
from lykta.records.people.models import Staff
from lykta.sites.desk.looks import note
from lykta.sites.desk.verbs import answers

EVERY_SECONDS = 15
"""How often the page of a list that is being read loads itself again, for who has asked it to."""
SHOWN = 500
"""Refused rows on a page; the file has all."""


@answers("GET")
def lists(request: HttpRequest, by: Staff) -> HttpResponse:
    """All lists, with what they hold."""
    may_see_lists(by)
    return render(request, "hash_lists.html", {"lists": queries.lists()})


@answers("GET")
def one_list(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """One list: where it comes from, what its categories mean, and its versions with how far each is."""
    found = access_list(by, number)
    versions = queries.versions_of(found)
    waiting = uploads.waiting_for(found)
    is_read = any(version.state == ImportState.READING for version in versions) or any(one.asked_at for one in waiting)
    by_itself = is_read and request.GET.get("load") == "again"
    context = {
        "list": found,
        "categories": [(code, ListedAs(word).sentence) for code, word in sorted(found.categories.items())],
        "versions": versions,
        "waiting": waiting,
        "false_matches": findings.false_matches().get(found.pk, 0),
        "is_read": is_read,
        "by_itself": by_itself,
        "seconds": EVERY_SECONDS,
    }
    response = render(request, "hash_list.html", context)
    if by_itself:
        response.headers["Refresh"] = str(EVERY_SECONDS)
    return response


@answers("GET")
def refused(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The first of the rows of one file that were refused, and why."""
    version = access_version(by, number)
    rows = queries.refused_in(version, most=SHOWN + 1)
    context = {"version": version, "rows": rows[:SHOWN], "shown": SHOWN, "more": len(rows) > SHOWN}
    return render(request, "refused_rows.html", context)


@answers("GET")
def refused_csv(request: HttpRequest, by: Staff, number: int) -> HttpResponse:  # noqa: ARG001
    """All of them, as a file."""
    version = access_version(by, number)
    note(by, AuditWord.LIST_ROWS_TAKEN, f"list {version.list.slug}", version=version.number)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{version.list.slug}-{version.number}-refused.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    rows = csv.writer(response)
    rows.writerow(["line", "why", "cell"])
    rows.writerows([row.line, row.reason, harmless(row.cell)] for row in queries.refused_in(version))
    return response


@answers("GET")
def feedback_csv(request: HttpRequest, by: Staff, number: int) -> HttpResponse:  # noqa: ARG001
    """What was reported back as false, as a file for the list's owner."""
    found = access_list(by, number)
    told = feedback.false_matches_of(found)
    note(by, AuditWord.LIST_FEEDBACK, f"list {found.slug}", entries=len(told))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}-false-matches.csv"'
    rows = csv.writer(response)
    rows.writerow(feedback.COLUMNS)
    rows.writerows(map(harmless, row) for row in feedback.cells(told))
    return response
