"""Logging in: a password, then a code; wrong ones are counted without locking out the right person."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.sites.desk.scenes import PASSWORD, SECRET, client_of, code_now, page, words

from lykta.config.keys import make_keys
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import DeskSession, Staff
from lykta.sites.desk.factors import SESSION

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def give_password(client: Client, name: str, password: str = PASSWORD, host: str = "testserver") -> str:
    """Where the log-in page leads to, or what it says."""
    response = client.post("/log-in/", {"login": name, "password": password}, headers={"host": host})
    return response.headers.get("Location") or words(response.content.decode())


def log_ins(name: str) -> int:
    return Entry.objects.filter(word=AuditWord.STAFF_LOGGED_IN, subject=f"staff:{name}").count()


def test_password_and_code_open_the_desk_and_are_noted(anna: Staff) -> None:
    client = Client()
    assert give_password(client, "anna") == "/log-in/code/"
    assert client.get("/").headers["Location"].startswith("/log-in/")
    assert log_ins("anna") == 0
    response = client.post("/log-in/code/", {"code": code_now()})
    assert response.headers["Location"] == "/"
    assert "Queue" in page(client, "/")
    assert log_ins("anna") == 1


def test_the_page_that_was_asked_for_is_shown_after_the_log_in(anna: Staff) -> None:
    client = Client()
    asked = client.get("/referrals/").headers["Location"]
    assert client.post(asked, {"login": "anna", "password": PASSWORD}).headers["Location"] == "/log-in/code/"
    assert client.post("/log-in/code/", {"code": code_now()}).headers["Location"] == "/referrals/"


def test_log_in_never_leads_to_another_site(anna: Staff) -> None:
    client = Client()
    client.post("/log-in/?next=https://elsewhere.example/", {"login": "anna", "password": PASSWORD})
    assert client.post("/log-in/code/", {"code": code_now()}).headers["Location"] == "/"


def test_a_wrong_password_is_said_calmly_and_tells_nobody_which_names_exist(anna: Staff) -> None:
    said = [give_password(Client(), name, "not it at all") for name in ("anna", "nobody")]
    assert said[0] == said[1]
    assert "are not correct" in said[0]


def test_a_wrong_code_does_not_open_the_desk(anna: Staff) -> None:
    client = Client()
    give_password(client, "anna")
    wrong = "000000" if code_now() != "000000" else "111111"
    assert "Incorrect code" in client.post("/log-in/code/", {"code": wrong}).content.decode()
    assert SESSION_KEY not in client.session
    assert log_ins("anna") == 0


def test_the_same_code_does_not_work_twice(anna: Staff) -> None:
    code = code_now()
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, "anna")
    assert first.post("/log-in/code/", {"code": code}).status_code == 302
    assert second.post("/log-in/code/", {"code": code}).status_code == 200


def test_whoever_stops_at_the_code_can_start_over(anna: Staff) -> None:
    client = Client()
    give_password(client, "anna")
    assert client.get("/log-in/").headers["Location"] == "/log-in/code/"
    client.post("/log-out/")
    assert client.get("/log-in/").status_code == 200


def test_a_stranger_who_guesses_does_not_lock_out_the_browser_that_is_known(anna: Staff) -> None:
    known, stranger, elsewhere = Client(), Client(), Client()
    give_password(known, "anna")
    known.post("/log-in/code/", {"code": code_now()})
    known.post("/log-out/")
    said = [give_password(stranger, "anna", f"guess {number}", host=f"{number}.test") for number in range(12)]
    assert "are not correct" in said[0]
    assert "Too many" in said[-1]
    assert "Too many" in give_password(elsewhere, "anna")
    assert give_password(known, "anna") == "/log-in/code/"


def test_the_mark_of_a_known_browser_counts_for_its_own_name_only(anna: Staff, lena: Staff) -> None:
    known = Client()
    give_password(known, "anna")
    known.post("/log-in/code/", {"code": code_now()})
    known.post("/log-out/")
    for number in range(12):
        give_password(Client(), "lena", f"guess {number}")
    assert "Too many" in give_password(known, "lena")


def test_a_stranger_who_guesses_locks_out_nobody_else(anna: Staff, lena: Staff) -> None:
    stranger = Client()
    for number in range(12):
        give_password(stranger, "anna", f"guess {number}")
    assert give_password(stranger, "lena") == "/log-in/code/"


def test_the_first_log_in_leads_to_the_second_factor_and_through_it_to_the_desk(bo: Staff) -> None:
    client = Client()
    assert give_password(client, "bo") == "/"
    assert client.get("/").headers["Location"] == "/account/factor/"
    assert log_ins("bo") == 0
    html = page(client, "/account/factor/")
    assert 'src="data:image/svg+xml;base64,' in html
    found = re.search(r'class="secret">([A-Z2-7]+)<', html)
    assert found
    response = client.post("/account/factor/", {"code": code_now(found.group(1))})
    assert response.headers["Location"] == "/account/codes/"
    assert len(re.findall(r"<code>\d{8}</code>", page(client, "/account/codes/"))) == 10
    assert log_ins("bo") == 1
    assert "Queue" in page(client, "/")


def test_a_recovery_code_opens_the_desk_once(bo: Staff) -> None:
    client = Client()
    give_password(client, "bo")
    found = re.search(r'class="secret">([A-Z2-7]+)<', page(client, "/account/factor/"))
    assert found
    client.post("/account/factor/", {"code": code_now(found.group(1))})
    [code, *_] = re.findall(r"<code>(\d{8})</code>", page(client, "/account/codes/"))
    first, second = Client(), Client()
    for other in (first, second):
        give_password(other, "bo")
    assert first.post("/log-in/code/", {"code": code}).status_code == 302
    assert second.post("/log-in/code/", {"code": code}).status_code == 200


def test_the_secret_of_an_app_is_not_readable_in_the_database(anna: Staff) -> None:
    [authenticator] = Authenticator.objects.filter(user=anna)
    assert SECRET not in str(authenticator.data)


def test_moving_to_another_app_closes_the_desk_until_it_is_set_up(anna: Staff) -> None:
    client = Client()
    give_password(client, "anna")
    client.post("/log-in/code/", {"code": code_now()})
    assert client.post("/account/factor/remove/").status_code == 302
    assert client.get("/").headers["Location"] == "/account/factor/"


@pytest.mark.parametrize("address", ["/account/factor/remove/", "/account/codes/new/"])
def test_an_old_session_asks_again_before_the_second_factor_changes(desk: Client, address: str) -> None:
    asked = desk.get(address, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/account/again/code/")
    assert "Is it you?" in words(asked.content.decode())
    there = asked.redirect_chain[-1][0]
    assert desk.post(there, {"code": code_now()}).headers["Location"] == address
    assert desk.get(address).status_code == 200
    assert Entry.objects.filter(word=AuditWord.STAFF_PROVED).count() == 1


def test_a_password_alone_proves_too_little_to_change_a_factor(desk: Client) -> None:
    assert desk.post("/account/again/", {"password": PASSWORD}).headers["Location"] == "/account/again/code/"
    assert desk.get("/account/codes/new/").status_code == 302


def test_a_password_can_be_changed_and_the_session_goes_on(desk: Client, anna: Staff) -> None:
    new = "another sentence that is long"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client_of(anna)
    assert desk.post("/account/password/", form).headers["Location"] == "/account/"
    assert desk.get("/").status_code == 200
    assert give_password(Client(), "anna", new) == "/log-in/code/"
    assert list(DeskSession.objects.values_list("pk", flat=True)) == [UUID(desk.session[SESSION])]


def test_a_short_password_is_refused_with_the_reason(desk: Client) -> None:
    form = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "at least 15 characters" in desk.post("/account/password/", form).content.decode()


@pytest.mark.parametrize(
    ("password", "said"),
    [("the practice hotline", "words of your own"), ("anna anna anna anna", "words of your own"), ("1" * 15, "common")],
)
def test_a_password_that_is_guessed_first_is_refused_with_the_reason(desk: Client, password: str, said: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert said in desk.post("/account/password/", form).content.decode()


def test_a_password_counts_as_it_is_typed_however_long_it_is(desk: Client) -> None:
    new = " Åtta Herons  and a BOAT, " * 6
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desk.post("/account/password/", form).headers["Location"] == "/account/"
    assert give_password(Client(), "anna", new) == "/log-in/code/"
    for other in (new.strip(), new.lower(), new[:128]):
        assert give_password(Client(), "anna", other) != "/log-in/code/"


def test_logging_in_changes_the_cookie(anna: Staff) -> None:
    client = Client()
    client.get("/log-in/key/")  # a page that asks for a passkey has to remember what it asked
    before = client.cookies["desk"].value
    give_password(client, "anna")
    between = client.cookies["desk"].value
    client.post("/log-in/code/", {"code": code_now()})
    assert client.get("/").status_code == 200
    assert client.cookies["desk"].value not in {before, between}


def test_logging_out_ends_the_session(desk: Client) -> None:
    assert "What you have written" in page(desk, "/log-out/")
    desk.post("/log-out/")
    assert desk.get("/").headers["Location"].startswith("/log-in/")
    assert not DeskSession.objects.exists()


def test_the_account_page_says_who_and_what(desk: Client) -> None:
    said = words(page(desk, "/account/"))
    assert "anna" in said
    assert "Reads reports and assesses items." in said


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_there_is_no_sign_up_and_no_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_closed_account_is_told_so_only_with_the_right_password(anna: Staff) -> None:
    anna.is_active = False
    anna.save(update_fields=["is_active"])
    client = Client()
    assert give_password(client, "anna", "wrong") != "/log-in/"
    assert give_password(client, "anna") == "/log-in/"
    assert "This account is closed" in page(client, "/log-in/")


@pytest.mark.parametrize("cookie", ["desk", "desk-known", "desk-form"])
def test_cookies_are_for_this_site_and_for_no_script(anna: Staff, cookie: str) -> None:
    client = Client()
    give_password(client, "anna")
    client.post("/log-in/code/", {"code": code_now()})
    assert client.cookies[cookie]["httponly"]
    assert client.cookies[cookie]["samesite"] == "Strict"
    assert "anna" not in client.cookies[cookie].value


def test_what_the_desk_says_once_is_kept_in_no_cookie(desk: Client) -> None:
    answered = desk.post("/account/spare/", {"topic": []})
    assert "Your queue leaves these out" in page(desk, answered.headers["Location"])
    assert set(desk.cookies) == {"desk", "desk-form"}


def test_over_tls_every_cookie_is_of_this_host_alone(tmp_path: Path) -> None:
    """Read in a process of its own, since settings are read once."""
    code = (
        "import json; from lykta.config.loading import load; load('desk'); from django.conf import settings as s;"
        "print(json.dumps([[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.KNOWN_BROWSER_COOKIE_NAME],"
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]]))"
    )
    make_keys(tmp_path / "keys", name="Test hotline", mail="desk@hotline.test")
    environment = os.environ | {"LYKTA_HOME": str(tmp_path), "LYKTA_DESK_URL": "https://desk.hotline.test"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=60)
    names, secure = json.loads(done.stdout)
    assert len({*names}) == 3
    assert all(name.startswith("__Host-") for name in names)
    assert secure == [True, True]


def test_the_session_ends_with_the_browser(anna: Staff) -> None:
    client = Client()
    give_password(client, "anna")
    client.post("/log-in/code/", {"code": code_now()})
    assert client.cookies["desk"]["max-age"] == ""
    assert client.session.get_expiry_age() <= 480 * 60
