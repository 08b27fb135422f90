"""What the casebook holds of a session lets nobody in."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from lykta.lib.clock import now
from lykta.sites.desk.session_store import SessionStore

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def dump() -> str:
    """Every value of every row of every table, as a thief of the casebook has it."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are the database's own
            rows += cursor.fetchall()
    return str(rows)


def status(cookie: str) -> int:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client.get("/").status_code


def test_a_stolen_casebook_gives_nobody_a_session(desk: Client) -> None:
    assert desk.get("/").status_code == 200
    cookie = desk.cookies[settings.SESSION_COOKIE_NAME].value
    assert status(cookie) == 200
    assert cookie not in dump()
    stored = Session.objects.get().session_key
    assert hashlib.sha256(cookie.encode()).hexdigest().startswith(stored)
    assert stored in dump()
    assert len(stored) == 40
    assert status(stored) == 302
    assert status(hashlib.sha256(cookie.encode()).hexdigest()) == 302


def test_a_session_is_kept_read_changed_and_deleted_by_the_value_of_its_cookie() -> None:
    session = SessionStore()
    session["place"] = "queue"
    session.save()
    name = session.session_key or ""
    again = SessionStore(name)
    assert again["place"] == "queue"
    again["place"] = "case"
    again.save()
    assert Session.objects.count() == 1
    assert SessionStore(name)["place"] == "case"
    assert SessionStore().exists(name)
    SessionStore(name).delete()
    assert not SessionStore().exists(name)
    assert Session.objects.count() == 0


def test_logging_in_changes_the_value_and_leaves_no_row_of_the_old_one() -> None:
    session = SessionStore()
    session["place"] = "queue"
    session.save()
    old = session.session_key or ""
    session.cycle_key()
    assert session.session_key != old
    assert SessionStore(session.session_key)["place"] == "queue"
    assert not SessionStore().exists(old)
    session.flush()
    assert Session.objects.count() == 0
    session.delete()  # nothing is left to delete, and nothing is said


def test_an_unknown_and_an_old_value_are_nobodys() -> None:
    unknown = SessionStore("a" * 32)
    assert "place" not in unknown
    assert unknown.session_key is None
    old = SessionStore()
    old["place"] = "queue"
    old.save()
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert "place" not in SessionStore(old.session_key)
