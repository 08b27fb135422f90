"""Nobody sees anything of the desk without password and second factor: asked of every address that it has."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.sites.desk.scenes import PASSWORD, client_of, ready_case, report, set_up_factor, told

from lykta.lib.clock import now
from lykta.records.cases.models import Opinion
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.sites.desk.gate import WITHOUT_LOG_IN, WITHOUT_SECOND_FACTOR

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

PATTERNS = [pattern for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)]
NAMES = [str(pattern.name) for pattern in PATTERNS]
ACCOUNT = [name for name in NAMES if name.startswith(("account_", "mfa_"))] + ["join"]
PEOPLE = {"people", "invite", "person", "give-role", "set-terms", "end-sessions", "start-anew", "remove-person"}
SECRETS = re.compile(r"nordhost|I saw this|reporter\.example|\b\d{4}-\d{6}\b")
NOT_FOUND_PAGE = "There is nothing here for you"

Answer = Any


def address_of(name: str, number: int) -> str:
    pattern = PATTERNS[NAMES.index(name)]
    needed = pattern.pattern.regex.groupindex
    arguments = [number for name in ("number", "pk") if name in needed] + ["x" * 43] * ("token" in needed)
    return reverse(name, args=arguments)


def ask_all(client: Client, names: list[str], number: int) -> list[tuple[str, HttpResponse]]:
    """Every page by GET and by POST."""
    found: list[tuple[str, Answer]] = []
    for name in names:
        address = address_of(name, number)
        found += [(f"GET {name}", client.get(address)), (f"POST {name}", client.post(address, {"email": "a@b.test"}))]
    return found


@pytest.fixture
def number(anna: Staff) -> int:
    """A case, its item, a failed referral and a second opinion that all have one number, since nothing was there."""
    case, item = ready_case()
    referral = told(item, anna, email="")
    opinion = Opinion.objects.create(
        assessment=referral.assessment, reasons=[], holds=False, state="disagreed", asked_at=now(), by=anna
    )
    numbers = {case.pk, item.pk, referral.pk, opinion.pk}
    assert len(numbers) == 1
    return case.pk


def test_what_must_not_be_read_stands_on_the_page_of_the_case(desk: Client, number: int) -> None:
    assert SECRETS.search(desk.get(address_of("case", number)).content.decode())


def test_the_walk_meets_every_address() -> None:
    assert len(NAMES) == len(get_resolver().url_patterns)
    assert "None" not in NAMES
    assert {"case", "assess", "confirm", "account_login"} <= set(NAMES)


def test_a_stranger_is_led_to_the_log_in_from_every_address(number: int) -> None:
    closed = [name for name in NAMES if name not in WITHOUT_LOG_IN]
    assert len(closed) == len(NAMES) - 5
    for name in closed:
        for response in (Client().get(address_of(name, number)), Client().post(address_of(name, number))):
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/log-in/"), name


def test_a_stranger_reads_nothing_of_a_case_on_the_open_pages(number: int) -> None:
    for name, response in ask_all(Client(), list(WITHOUT_LOG_IN), number):
        assert not SECRETS.search(response.content.decode()), name


@pytest.mark.parametrize(
    "address", ["/admin/", "/cases/", "/static/../settings", "/accounts/signup/", "/sign-up/", "/%00"]
)
def test_an_unknown_address_says_nothing_to_a_stranger(db: None, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/log-in/")


def test_staff_without_a_second_factor_see_the_page_to_set_it_up_and_nothing_else(bo: Staff, number: int) -> None:
    client = client_of(bo)
    for name in NAMES:
        if name in {*WITHOUT_LOG_IN, *WITHOUT_SECOND_FACTOR}:
            continue
        for response in (client.get(address_of(name, number)), client.post(address_of(name, number))):
            assert response.status_code == 302, name
            assert response.headers["Location"] == reverse("mfa_activate_totp"), name


def test_the_pages_open_without_a_second_factor_show_no_case_and_no_menu(bo: Staff, number: int) -> None:
    for name in WITHOUT_SECOND_FACTOR:
        text = client_of(bo).get(address_of(name, number)).content.decode()
        assert not SECRETS.search(text), name
        assert reverse("referrals") not in text


def test_an_administrator_sees_no_case_on_any_page(adam: Staff, number: int) -> None:
    allowed = {
        "system",
        "verify",
        "again",
        "progress",
        "queue",
        "links",
        "add-link",
        "hash-lists",
        "add-hash-list",
        "approvals",
        *PEOPLE,
    }
    names = [name for name in NAMES if name not in {*ACCOUNT, *allowed}]
    assert len(names) == 91
    for name, response in ask_all(client_of(adam), names, number):
        assert response.status_code in {404, 405}, name
        assert not SECRETS.search(response.content.decode()), name


def test_a_communicator_sees_no_case_on_any_page_and_no_system(kim: Staff, number: int) -> None:
    names = [name for name in NAMES if name not in {*ACCOUNT, "queue", "links", "add-link"}]
    for name, response in ask_all(client_of(kim), names, number):
        assert response.status_code in {404, 405}, name
    for name, response in ask_all(client_of(kim), ["queue", "links", "add-link", "mfa_index"], number):
        assert response.status_code in {200, 302, 405, 422}, name
        assert not SECRETS.search(response.content.decode()), name


def test_an_administrator_reads_no_case_on_the_pages_that_are_theirs(adam: Staff, number: int) -> None:
    for name, response in ask_all(
        client_of(adam),
        ["queue", "links", "hash-lists", "system", "progress", "verify", "again", "mfa_index", *PEOPLE],
        number,
    ):
        assert response.status_code in {200, 302, 403, 405}, name
        assert not SECRETS.search(response.content.decode()), name


def test_a_welfare_officer_sees_the_groups_figures_and_nothing_else(wilma: Staff, number: int) -> None:
    theirs = {"queue", "welfare", "export-welfare"}
    for name, response in ask_all(
        client_of(wilma), [name for name in NAMES if name not in {*ACCOUNT, *theirs}], number
    ):
        assert response.status_code in {404, 405}, name
    assert client_of(wilma).get("/").headers["Location"] == reverse("welfare")


def test_a_liaison_sees_referrals_and_recipients_and_no_case(li: Staff, number: int) -> None:
    theirs = {"queue", "referrals", "readdress", "recipients", "recipient", "keep-recipient", "approvals"}
    for name, response in ask_all(client_of(li), [name for name in NAMES if name not in {*ACCOUNT, *theirs}], number):
        assert response.status_code in {404, 405}, name
        assert not SECRETS.search(response.content.decode()), name
    assert client_of(li).get("/").headers["Location"] == reverse("referrals")
    for name in ("referrals", "recipients"):
        html = client_of(li).get(reverse(name)).content.decode()
        assert "/items/" not in html
        assert "I saw this" not in html
        assert "reporter.example" not in html


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("GET", "recipients"),
        ("GET", "recipient"),
        ("POST", "keep-recipient"),
        ("GET", "figures"),
        ("GET", "agreement"),
        ("GET", "decide"),
        ("POST", "decide"),
        ("GET", "system"),
        ("POST", "verify"),
        ("POST", "again"),
        ("GET", "people"),
        ("GET", "person"),
    ],
)
def test_an_analyst_does_not_lead(desk: Client, number: int, method: str, name: str) -> None:
    response = desk.generic(method, address_of(name, number))
    assert response.status_code == 404
    assert NOT_FOUND_PAGE in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "case",
        "item",
        "assess",
        "contact",
        "answer",
        "close",
        "preview",
        "confirm",
        "trace-again",
        "take-back",
        "readdress",
        "opinion",
        "decide",
    ],
)
def test_what_is_not_there_looks_as_what_is_not_yours(desk: Client, adam: Staff, number: int, name: str) -> None:
    missing = [desk.get(address_of(name, 987654)), desk.post(address_of(name, 987654))]
    not_yours = [client_of(adam).get(address_of(name, number)), client_of(adam).post(address_of(name, number))]
    assert [one.status_code for one in missing] == [one.status_code for one in not_yours]
    assert 404 in [one.status_code for one in missing]


@pytest.mark.parametrize(
    "name",
    [
        "contact",
        "answer",
        "preview",
        "confirm",
        "trace-again",
        "take-back",
        "readdress",
        "keep-recipient",
        "add-link",
        "link-sites",
        "verify",
        "again",
        "invite",
        "give-role",
        "set-terms",
        "end-sessions",
    ],
)
def test_nothing_changes_by_a_mere_link(lead: Client, number: int, name: str) -> None:
    response = lead.get(address_of(name, number))
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_a_form_without_its_token_is_refused_in_words(anna: Staff, number: int) -> None:
    client = client_of(anna)
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("take-back", args=[number]))
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


def test_a_session_from_before_the_second_factor_was_set_up_is_ended(bo: Staff, number: int) -> None:
    stolen = Client()
    stolen.post("/log-in/", {"login": "bo", "password": PASSWORD})
    assert stolen.get(reverse("mfa_activate_totp")).status_code == 200
    set_up_factor(bo)
    assert stolen.get("/").headers["Location"].startswith("/log-in/")
    assert "_auth_user_id" not in stolen.session


def test_a_changed_app_ends_the_sessions_of_the_old_one(anna: Staff, number: int) -> None:
    old = client_of(anna)
    assert old.get("/").status_code == 200
    Authenticator.objects.filter(user=anna).delete()
    set_up_factor(anna)
    assert old.get("/").headers["Location"].startswith("/log-in/")


def test_whoever_is_made_inactive_is_out_at_once(desk: Client, anna: Staff) -> None:
    assert desk.get("/").status_code == 200
    anna.is_active = False
    anna.save(update_fields=["is_active"])
    assert desk.get("/").headers["Location"].startswith("/log-in/")


def test_every_page_forbids_foreign_content_and_is_kept_nowhere(desk: Client, number: int) -> None:
    for address in ("/", f"/cases/{number}/", "/nothing-here/", "/log-in/"):
        headers = desk.get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"].find("no-store") >= 0
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"


def test_no_page_loads_anything_from_elsewhere_or_links_to_a_reported_address(desk: Client, number: int) -> None:
    report("http://other.host.example/x and <script>alert(1)</script>")
    for address in ("/", f"/cases/{number}/", f"/items/{number}/", f"/items/{number}/assess/"):
        html = desk.get(address).content.decode()
        loaded = re.findall(r'(?:src|href|action|formaction)="([^"]*)"', html)
        assert loaded
        assert not [one for one in loaded if not one.startswith(("/", "?", "#"))]
        assert " style=" not in html
        assert "<script>" not in html


def test_an_address_far_out_of_range_is_just_not_there(desk: Client) -> None:
    assert desk.get(f"/cases/{10**30}/").status_code == 404


@pytest.mark.parametrize("name", ["tokens.css", "desk.css", "keys.js"])
def test_styles_and_script_come_from_the_desk_itself(name: str) -> None:
    response = Client().get(f"/static/{name}")
    assert response.status_code == 200
    assert len(b"".join(response)) > 500


def test_the_log_in_page_asks_for_no_other_file_than_these(db: None) -> None:
    html = Client().get("/log-in/").content.decode()
    assert set(re.findall(r"/static/([\w.]+)", html)) == {"tokens.css", "desk.css", "keys.js"}


def test_every_field_of_a_password_hides_it_and_says_what_it_is(desk: Client, bo: Staff) -> None:
    link = f"/join/{people.make_link(by='test', staff=bo, now=now())}/"
    found = [
        re.findall(r"<input[^>]*password[^>]*>", client.get(address).content.decode())
        for client, address in ((Client(), "/log-in/"), (Client(), link), (desk, "/account/password/"))
    ]
    assert [len(fields) for fields in found] == [1, 2, 3]
    for field in [one for fields in found for one in fields]:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field
