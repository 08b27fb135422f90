"""Passkeys: added, logged in with, used as proof, renamed, taken away. The other side is a passkey in software."""

import json
import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import PASSWORD, client_of, code_now, page, prove, words
from tests.support.passkeys import Passkey, challenged

from lykta.records.audit.models import Entry
from lykta.records.people.models import Staff
from lykta.sites.desk.accounts import key_domain

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

ADD, LOG_IN, AGAIN = "/account/keys/add/", "/log-in/key/", "/account/again/key/"


def asked(html: str) -> str:
    """What the page hands to the script."""
    found = re.search(r'data-passkey="([^"]+)"', html)
    assert found
    return unescape(found[1])


def add_key(client: Client, key: Passkey, name: str = "Blue key") -> str:
    """Where the desk leads after the key was added, or what it says."""
    answer = client.post(ADD, {"name": name, "credential": key.make(asked(page(client, ADD)))})
    return answer.headers.get("Location") or words(answer.content.decode())


def log_in(key: Passkey, client: Client | None = None, path: str = LOG_IN) -> Client:
    """A browser in which the key was used, let in or not."""
    client = client or Client()
    client.post(path, {"credential": key.use(asked(page(client, path)))})
    return client


def recorded(word: str) -> int:
    return Entry.objects.filter(word=word).count()


@pytest.fixture
def key(anna: Staff) -> Passkey:
    """Anna's passkey, beside her app."""
    made = Passkey(b"anna's first key")
    add_key(prove(client_of(anna)), made)
    return made


def test_a_passkey_alone_opens_the_desk_and_that_is_noted(key: Passkey) -> None:
    before = recorded("staff.logged_in")
    assert "Queue" in page(log_in(key), "/")
    assert recorded("staff.key_added") == 1
    assert recorded("staff.logged_in") == before + 1


def test_the_page_that_was_asked_for_is_shown_after_the_log_in(key: Passkey) -> None:
    client = Client()
    there = client.get("/referrals/").headers["Location"].replace("/log-in/", LOG_IN)
    html = page(client, there)
    answer = client.post(there, {"credential": key.use(asked(html)), "next": "/referrals/"})
    assert answer.headers["Location"] == "/referrals/"


def test_log_in_never_leads_to_another_site(key: Passkey) -> None:
    client = Client()
    form = {"credential": key.use(asked(page(client, LOG_IN))), "next": "https://elsewhere.example/"}
    assert client.post(LOG_IN, form).headers["Location"] == "/"


def test_somebody_without_a_factor_sets_up_a_passkey_and_is_in(bo: Staff, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": "production"})
    client = Client()
    client.post("/log-in/", {"login": "bo", "password": PASSWORD})
    assert client.get("/").headers["Location"] == ADD
    assert add_key(client, Passkey(b"bo's key")) == "/account/codes/"
    assert len(re.findall(r"<code>\d{8}</code>", page(client, "/account/codes/"))) == 10
    assert "Queue" in page(client, "/")


def test_a_key_needs_its_holder_and_no_user_name(anna: Staff) -> None:
    options = json.loads(asked(page(prove(client_of(anna)), ADD)))["publicKey"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"]["id"] == "localhost"
    assert json.loads(asked(page(Client(), LOG_IN)))["publicKey"]["userVerification"] == "required"


@pytest.mark.parametrize("wrong", [{"verified": False}, {"origin": "https://desk.elsewhere.example"}])
def test_a_key_that_was_not_verified_or_used_elsewhere_is_not_added(anna: Staff, wrong: dict[str, object]) -> None:
    said = add_key(prove(client_of(anna)), Passkey(b"a key", **wrong))  # type: ignore[arg-type] # a table of examples
    assert "Incorrect code" in said
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


@pytest.mark.parametrize(
    "wrong", [{"verified": False}, {"origin": "https://desk.elsewhere.example"}, {"handle": "OTk5"}]
)
def test_a_false_answer_opens_nothing(key: Passkey, wrong: dict[str, object]) -> None:
    for name, value in wrong.items():
        setattr(key, name, value)
    client = log_in(key)
    assert SESSION_KEY not in client.session
    assert "opens no account here" in page(client, "/log-in/")


def test_the_same_answer_does_not_work_twice(key: Passkey) -> None:
    client = Client()
    answer = {"credential": key.use(asked(page(client, LOG_IN)))}
    other = Client()
    other.cookies["desk"] = client.cookies["desk"].value
    client.post(LOG_IN, answer)
    assert client.get("/").status_code == 200
    assert other.post(LOG_IN, answer).headers["Location"] == "/log-in/"
    assert challenged(asked(page(Client(), LOG_IN))) != challenged(asked(page(Client(), LOG_IN)))


def test_another_persons_key_does_not_open_an_account(key: Passkey, lena: Staff) -> None:
    key.handle = "Mg"  # says that it is for account 2
    assert SESSION_KEY not in log_in(key).session


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", "{}", '{"id": 1}', '{"id":"AA","response":{"userHandle":1}}'])
def test_what_no_browser_answers_is_refused_calmly(anna: Staff, answer: str) -> None:
    client = Client()
    page(client, LOG_IN)
    assert client.post(LOG_IN, {"credential": answer}).headers["Location"] == "/log-in/"
    theirs = prove(client_of(anna))
    page(theirs, ADD)
    assert theirs.post(ADD, {"name": "x", "credential": answer}).status_code == 200


def test_a_closed_account_opens_to_no_key(key: Passkey, anna: Staff) -> None:
    Staff.objects.filter(pk=anna.pk).update(is_active=False)
    client = log_in(key)
    assert SESSION_KEY not in client.session


def test_an_old_session_proves_itself_by_key_before_keys_change(key: Passkey) -> None:
    client = log_in(key)
    session = client.session
    session["proved_at"] = 0
    session["account_authentication_methods"] = []
    session.save()
    there = client.get(ADD, follow=True).redirect_chain[-1][0]
    assert there.startswith(AGAIN)
    answer = client.post(there, {"credential": key.use(asked(page(client, there)))})
    assert answer.headers["Location"] == ADD
    assert page(client, ADD)
    assert recorded("staff.proved") == 1


def test_a_false_proof_changes_nothing(key: Passkey) -> None:
    client = log_in(key)
    key.verified = False
    answer = client.post(AGAIN, {"credential": key.use(asked(page(client, AGAIN)))})
    assert answer.headers["Location"] == AGAIN
    assert client.post(AGAIN, {"credential": '{"id": 1}'}).headers["Location"] == AGAIN
    assert recorded("staff.proved") == 0


def test_a_form_waits_for_a_passkey_and_goes_on(lena: Staff) -> None:
    key, lead = Passkey(b"lena's key"), client_of(lena)
    add_key(prove(lead), key)
    session = lead.session
    session["proved_at"] = 0
    session.save()
    form = {"name": "nils", "role": "analyst", "certified_for": "text"}
    html = lead.post("/people/invite/", form).content.decode()
    done = lead.post("/people/invite/", {**form, "factor-credential": key.use(asked(html))})
    assert done.status_code == 200
    assert Staff.objects.filter(username="nils").exists()


def test_a_key_is_renamed(key: Passkey, anna: Staff) -> None:
    client = prove(client_of(anna))
    number = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    assert 'value="Blue key"' in page(client, f"/account/keys/{number}/rename/")
    client.post(f"/account/keys/{number}/rename/", {"name": "Key in the safe"})
    assert "Key in the safe" in page(client, "/account/")
    assert recorded("staff.key_renamed") == 1


def test_a_key_that_is_taken_away_opens_nothing_and_its_other_browsers_are_out(key: Passkey, anna: Staff) -> None:
    here, other = prove(log_in(key)), log_in(key)
    number = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    assert "Take away “Blue key”?" in page(here, f"/account/keys/{number}/remove/")
    here.post(f"/account/keys/{number}/remove/")
    assert other.get("/").headers["Location"].startswith("/log-in/")
    assert here.get("/").status_code == 200
    assert SESSION_KEY not in log_in(key).session
    assert recorded("staff.key_removed") == 1


def test_the_last_way_in_is_not_taken_away(bo: Staff) -> None:
    client = Client()
    client.post("/log-in/", {"login": "bo", "password": PASSWORD})
    add_key(client, Passkey(b"bo's key"))
    number = Authenticator.objects.get(user=bo, type=Authenticator.Type.WEBAUTHN).pk
    said = client.post(f"/account/keys/{number}/remove/", follow=True).content.decode()
    assert "the only way in" in words(said)
    assert Authenticator.objects.filter(pk=number).exists()


def test_nobody_changes_the_key_of_somebody_else(key: Passkey, lead: Client) -> None:
    number = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    for what in ("rename", "remove"):
        assert prove(lead).get(f"/account/keys/{number}/{what}/").status_code == 404


def test_who_lost_the_key_comes_in_by_password_and_recovery_code(bo: Staff) -> None:
    client = Client()
    client.post("/log-in/", {"login": "bo", "password": PASSWORD})
    add_key(client, Passkey(b"bo's key"))
    [code, *_] = re.findall(r"<code>(\d{8})</code>", page(client, "/account/codes/"))
    elsewhere = Client()
    elsewhere.post("/log-in/", {"login": "bo", "password": PASSWORD})
    assert elsewhere.post("/log-in/code/", {"code": code}).status_code == 302
    assert "Queue" in page(elsewhere, "/")
    assert add_key(elsewhere, Passkey(b"bo's other key")) == "/account/"


def test_an_app_still_opens_the_desk_in_practice(key: Passkey) -> None:
    client = Client()
    client.post("/log-in/", {"login": "anna", "password": PASSWORD})
    client.post("/log-in/code/", {"code": code_now()})
    assert "Queue" in page(client, "/")


def test_a_page_at_which_no_passkey_works_says_where_one_does(db: None) -> None:
    said = Client().get(LOG_IN, headers={"host": "127.0.0.1:8002"}).content.decode()
    assert 'href="http://localhost:8002/log-in/key/"' in said
    assert "another address" not in Client().get(LOG_IN, headers={"host": "localhost:8002"}).content.decode()


def test_a_key_is_named_after_the_device_on_which_it_is_added(anna: Staff) -> None:
    linux = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    assert 'value="Firefox, Linux"' in prove(client_of(anna)).get(ADD, headers=linux).content.decode()
    assert 'value="A passkey"' in page(prove(client_of(anna)), ADD)


def test_an_app_that_is_left_over_opens_and_proves_nothing_in_production(
    key: Passkey, anna: Staff, settings: Settings
) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": "production"})
    Staff.objects.filter(pk=anna.pk).update(role="lead")
    client = Client()
    client.post("/log-in/", {"login": "anna", "password": PASSWORD})
    client.post("/log-in/code/", {"code": code_now()})
    assert client.get("/").headers["Location"].startswith("/log-in/")
    cache.clear()  # the same code, as if half a minute had passed
    form = {"name": "nils", "role": "analyst", "certified_for": "text", "factor-code": code_now()}
    inside = log_in(key)
    session = inside.session
    session["proved_at"], session["account_authentication_methods"] = 0, []
    session.save()
    assert inside.post("/people/invite/", form).status_code == 403
    assert not Staff.objects.filter(username="nils").exists()


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://desk.hotline.example", "desk.hotline.example"),
        ("http://127.0.0.1:8002", "localhost"),
        ("http://[::1]:8002", "localhost"),
        ("http://192.0.2.7:8002", "192.0.2.7"),
    ],
)
def test_passkeys_are_bound_to_the_desks_own_name(url: str, domain: str) -> None:
    assert key_domain(url) == domain
