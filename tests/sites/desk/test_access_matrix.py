"""Every address of the desk as every role: what is not in the table is an error, not a hole."""

import re
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.house.source import ROOT
from tests.sites.desk.matrix import MATRIX, page
from tests.sites.desk.scenes import PASSWORD, client_of, in_an_hour, prove, ready_case, set_up_factor, told
from tests.sites.desk.test_attachments import CHAT, attached

from lykta.core.vocabulary import (
    ApprovalKind,
    Blur,
    ImportState,
    ListTrust,
    LookKind,
    MediumKind,
    Purpose,
    RecipientKind,
    Role,
    SuspicionBasis,
    SuspicionPurpose,
)
from lykta.lib.clock import now
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.approvals.models import Approval
from lykta.records.cases.models import Case, Item, Opinion
from lykta.records.casework import actions as casework
from lykta.records.casework.models import SavedView
from lykta.records.exposure.models import Look, Passed
from lykta.records.letterbox import links, partners
from lykta.records.letterbox.models import Partner
from lykta.records.matching import actions as matching
from lykta.records.matching import uploads
from lykta.records.matching.uploads import Incoming
from lykta.records.offering.models import Confirmed
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.sites.desk.headers import DESK_HEADERS, content_security_policy
from lykta.workflow.kits import Kit

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

PATTERNS = [one for one in get_resolver("lykta.sites.desk.urls").url_patterns if isinstance(one, URLPattern)]
OURS = {str(one.name): one for one in PATTERNS if not str(one.name).startswith(("account_", "mfa_"))}
MISSING = 987_654
OTHER_HEADERS = {
    "looking-at": {"Content-Security-Policy": content_security_policy(images="'self'", connects="'self'")},
}
"""A page that shows a picture of ours has to load it."""


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
def number(kim: Staff, anna: Staff) -> int:
    """One of everything that an address can name, all with the same number, since the database was empty.

    The person is Kim, whom administrators may change too: she sees no cases.
    """
    case, item = ready_case()
    referral = told(item, anna, email="")
    file = attached(CHAT, to=case.reports.get())
    link = links.add_link(code="ARN-T5", name="An airport", now=now())
    police = referrals.set_recipient(
        by="test", kind=RecipientKind.POLICE, country="SE", name="Unit", email="unit@police.test", key=""
    )
    opinion = Opinion.objects.create(
        assessment=referral.assessment, reasons=[], holds=False, state="disagreed", asked_at=now(), by=anna
    )
    partners.add_partner(slug="social", name="Example Social", scopes={"hashes"}, now=now())
    company = Partner.objects.using("letterbox").get()
    things = [kim, case, item, referral, file, link, police, opinion, company, _asked_of_a_second_person(case)]
    things += [*_written_about(case, anna), *_of_lists(item)]
    assert {one.pk for one in things} == {case.pk}
    return case.pk


def _asked_of_a_second_person(case: Case) -> Approval:
    asker = people.invite(by="test", username="leo", password=PASSWORD, role=Role.LEAD)
    deed = Deed(ApprovalKind.DELETION, f"case:{case.pk}", {"case": case.number})
    return approvals.ask(by=asker, deed=deed, reason="A reason.", now=now())


def _written_about(case: Case, by: Staff) -> list[Model]:
    """A task and what is said of a suspected person."""
    purpose, basis = next(iter(SuspicionPurpose)), next(iter(SuspicionBasis))
    return [
        casework.make_task(by=by, case=case, assignee=by, text="Call.", due_at=in_an_hour(), now=now()),
        casework.suspect(by=by, case=case, text="A name.", purpose=purpose, basis=basis, passed_on=True, now=now()),
    ]


def _of_lists(item: Item) -> list[Model]:
    """A list of others with a file that was read into it, and an entry of our own list."""
    found = matching.set_list(by="test", slug="police", name="Police", source="", trust=ListTrust.POLICE, categories={})
    version = found.versions.create(number=1, digest="d" * 64, state=ImportState.READY, by="test", started_at=now())
    entry = Confirmed.objects.create(
        number=uuid4(), item=item, kind=MediumKind.PICTURE, sha256="a" * 64, state_at=now()
    )
    file = Incoming("list.csv")
    file.add(b"a" * 32)
    upload = uploads.keep(by="test", found=found, incoming=file.end(), mapping={}, now=now())
    return [found, version, entry, upload]


def browser_of(role: Role, number: int) -> Client:
    """Somebody in this role, and of what is nobody's but one's own one of each."""
    staff = people.invite(by="test", username=f"the-{role}", password=PASSWORD, role=role)
    set_up_factor(staff)
    SavedView.objects.create(pk=number, staff=staff, name="Mine", query="")
    Passed.objects.create(pk=number, person=Staff.objects.get(username="anna"), item_id=number, to=staff, at=now())
    Look.objects.create(
        pk=number,
        person=staff,
        item_id=number,
        position=0,
        kind=LookKind.PICTURE,
        purpose=Purpose.ASSESS,
        blur=Blur.STRONG,
        known=False,
        begun_at=now(),
    )
    return prove(client_of(staff))


def address_of(name: str, pattern: URLPattern, number: int, token: str = "t") -> str:
    named = {"number": number, "pk": number, "token": token}
    return reverse(name, kwargs={one: named[one] for one in pattern.pattern.regex.groupindex})


def answers_of(client: Client, name: str, number: int) -> list[HttpResponse]:
    """What is answered to GET and to POST; what that changes is taken back, so that the order is of no account."""
    colleague = Staff.objects.get(username="anna").pk
    form = {"verdict": "refuse", "report": number, "person": colleague, "colleague": colleague}
    with transaction.atomic(), transaction.atomic(using="letterbox"):
        token = people.make_link(by="test", staff=Staff.objects.get(username="kim"), now=now())
        address = address_of(name, OURS[name], number, token)
        found = [client.get(address, {"sheet": "cards"}), client.post(address, form)]
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="letterbox")
    return [one for one in found if one.status_code != 405]  # type: ignore[misc] # Django's test client


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_nothing_else(role: Role, number: int) -> None:
    client = browser_of(role, number)
    opened = {}
    for name in OURS:
        statuses = {one.status_code for one in answers_of(client, name, number)}
        assert statuses, name
        # A look that another session asked for is over: the right person is told so.
        allowed = {410} if name == "look-picture" else {200, 302, 422}
        assert statuses <= {*allowed, 404}, (name, statuses)
        opened[name] = 404 not in statuses
    assert opened == {name: role in roles for name, roles in MATRIX.items()}


def test_nobody_opens_what_is_not_there(number: int) -> None:
    """The lead, who may open the most, and the addresses that name a thing; a network that nobody knows has a page."""
    client = browser_of(Role.LEAD, number)
    named = {name for name, one in OURS.items() if "number" in one.pattern.regex.groupindex} - {
        "network",
        "again",
        "calibration-case",
    }
    assert len(named) >= 55
    found = {name: {one.status_code for one in answers_of(client, name, MISSING)} for name in named}
    assert {name: statuses for name, statuses in found.items() if statuses != {404}} == {}


def test_every_page_carries_all_headers_and_nothing_inline(number: int) -> None:
    client = browser_of(Role.LEAD, number)
    checked = 0
    for name in OURS:
        for response in answers_of(client, name, number):
            for header, value in {**DESK_HEADERS, **OTHER_HEADERS.get(name, {})}.items():
                assert response.headers[header] == value, (name, header)
            if response.headers["Content-Type"].startswith("text/html") and response.status_code == 200:
                html = response.content.decode()
                assert "<script>" not in html, name
                assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", html), name
                checked += 1
    assert checked >= 50
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in DESK_HEADERS["Content-Security-Policy"]


def test_every_form_with_another_token_than_its_own_is_refused(number: int) -> None:
    """Also those of django-allauth: each address that the desk has, before its view is asked."""
    client = browser_of(Role.LEAD, number)
    client.get("/account/password/")
    client.handler.enforce_csrf_checks = True
    for one in PATTERNS:
        address = address_of(str(one.name), one, number)
        for token in ("", "x" * 64):
            assert client.post(address, {"csrfmiddlewaretoken": token}).status_code == 403, address
