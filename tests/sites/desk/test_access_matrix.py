"""Every address of the desk as every role: what is not in the table is an error, not a hole."""

import re

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.house.source import ROOT
from tests.sites.desk.matrix import MATRIX, page
from tests.sites.desk.scenes import PASSWORD, client_of, prove, ready_case, set_up_factor, told
from tests.sites.desk.test_attachments import CHAT, attached

from lykta.core.vocabulary import ApprovalKind, RecipientKind, Role
from lykta.lib.clock import now
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.cases.models import Opinion
from lykta.records.letterbox import links
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.sites.desk.headers import DESK_HEADERS
from lykta.workflow.kits import Kit

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

PATTERNS = [one for one in get_resolver("lykta.sites.desk.urls").url_patterns if isinstance(one, URLPattern)]
OURS = {str(one.name): one for one in PATTERNS if not str(one.name).startswith(("account_", "mfa_"))}
MISSING = 987_654


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    assert len({one.name for one in PATTERNS}) == len(PATTERNS)
    assert set(MATRIX) == set(OURS)


def test_the_document_says_what_the_table_says() -> None:
    """Run `python -m tests.sites.desk.matrix > docs/access.md` when this fails."""
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == page()


@pytest.fixture(autouse=True)
def _quick_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing a sheet takes a second, and has tests of its own."""
    monkeypatch.setattr(Kit, "sheet", lambda *_: b"%PDF-")


@pytest.fixture
def number(anna: Staff) -> int:
    """One of everything that an address can name, all with the same number, since the database was empty."""
    case, item = ready_case()
    referral = told(item, anna, email="")
    file = attached(CHAT, to=case.reports.get())
    asker = people.invite(by="test", username="leo", password=PASSWORD, role=Role.LEAD)
    deed = Deed(ApprovalKind.DELETION, f"case:{case.pk}", {"case": case.number})
    approval = approvals.ask(by=asker, deed=deed, reason="A reason.", now=now())
    link = links.add_link(code="ARN-T5", name="An airport", now=now())
    police = referrals.set_recipient(
        by="test", kind=RecipientKind.POLICE, country="SE", name="Unit", email="unit@police.test", key=""
    )
    opinion = Opinion.objects.create(
        assessment=referral.assessment, reasons=[], holds=False, state="disagreed", asked_at=now(), by=anna
    )
    numbers = {case.pk, item.pk, referral.pk, file.pk, opinion.pk, approval.pk, link.pk, police.pk}
    assert len(numbers) == 1
    return case.pk


def browser_of(role: Role) -> Client:
    staff = people.invite(by="test", username=f"the-{role}", password=PASSWORD, role=role)
    set_up_factor(staff)
    return prove(client_of(staff))


def answers_of(client: Client, name: str, number: int) -> list[HttpResponse]:
    """What is answered to GET and to POST; what that changes is taken back, so that the order is of no account."""
    arguments = [number] if "number" in OURS[name].pattern.regex.groupindex else []
    address = reverse(name, args=arguments)
    with transaction.atomic(), transaction.atomic(using="letterbox"):
        found = [client.get(address, {"sheet": "cards"}), client.post(address, {"verdict": "refuse", "report": number})]
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="letterbox")
    return [one for one in found if one.status_code != 405]  # type: ignore[misc] # Django's test client


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_nothing_else(role: Role, number: int) -> None:
    client = browser_of(role)
    opened = {}
    for name in OURS:
        statuses = {one.status_code for one in answers_of(client, name, number)}
        assert statuses, name
        assert statuses <= {200, 302, 404, 422}, (name, statuses)
        opened[name] = 404 not in statuses
    assert opened == {name: role in roles for name, roles in MATRIX.items()}


def test_nobody_opens_what_is_not_there(number: int) -> None:
    """The lead, who may open the most, and the addresses that name a thing; a network that nobody knows has a page."""
    client = browser_of(Role.LEAD)
    named = {name for name, one in OURS.items() if "number" in one.pattern.regex.groupindex} - {
        "network",
        "again",
        "calibration-case",
    }
    assert len(named) >= 24
    found = {name: {one.status_code for one in answers_of(client, name, MISSING)} for name in named}
    assert {name: statuses for name, statuses in found.items() if statuses != {404}} == {}


def test_every_page_carries_all_headers_and_nothing_inline(number: int) -> None:
    client = browser_of(Role.LEAD)
    checked = 0
    for name in OURS:
        for response in answers_of(client, name, number):
            for header, value in DESK_HEADERS.items():
                assert response.headers[header] == value, (name, header)
            if response.headers["Content-Type"].startswith("text/html") and response.status_code == 200:
                html = response.content.decode()
                assert "<script>" not in html, name
                assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", html), name
                checked += 1
    assert checked >= 20
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in DESK_HEADERS["Content-Security-Policy"]


def test_every_form_with_another_token_than_its_own_is_refused(number: int) -> None:
    """Also those of django-allauth: each address that the desk has, before its view is asked."""
    client = browser_of(Role.LEAD)
    client.get("/account/password/")
    client.handler.enforce_csrf_checks = True
    for one in PATTERNS:
        arguments = [number] if "number" in one.pattern.regex.groupindex else []
        address = reverse(str(one.name), args=arguments)
        for token in ("", "x" * 64):
            assert client.post(address, {"csrfmiddlewaretoken": token}).status_code == 403, address
