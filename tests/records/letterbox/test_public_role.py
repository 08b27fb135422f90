"""On PostgreSQL the role of the public faces writes, and reads back only what belongs to a code that it was given."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from uuid import uuid4

import pytest
from django.db import connections
from django.db.utils import ProgrammingError

from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox import actions, queries
from lykta.records.letterbox.models import Box, Letter, Parcel

pytestmark = [
    pytest.mark.django_db(databases=["letterbox"], transaction=True),
    pytest.mark.usefixtures("public_role"),
]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = "lykta_public_test"
KEY = sealing.public_key(sealing.new_private_key())


def execute(statement: str) -> list[tuple[object, ...]]:
    with connections["letterbox"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def public_role() -> Iterator[None]:
    """From here on this connection has the rights of the public faces, as `public_role.sql` gives them."""
    rights = (resources.files("lykta.records.letterbox") / "public_role.sql").read_text()
    execute(f"DROP ROLE IF EXISTS {ROLE}")
    execute(f"CREATE ROLE {ROLE}")
    for line in rights.splitlines():
        if line.startswith("GRANT"):
            execute(line.replace(':"role"', ROLE))
    yield
    execute("RESET ROLE")
    execute(f"DROP OWNED BY {ROLE}")
    execute(f"DROP ROLE {ROLE}")


def report(code: Code) -> Letter:
    return actions.drop_report(content={"text": "x"}, code=code, hotline_key=KEY, language="en", now=NOW, days=30)


@pytest.fixture
def mine() -> Code:
    """A report of mine, and one of somebody else's, each with an answer."""
    mine = codes.new()
    for code in (mine, codes.new()):
        report(code)
        actions.deliver(lookup=codes.lookup(code), number=uuid4(), content={"text": "answer"}, now=NOW)
    return mine


def test_the_public_role_can_report_and_write_again(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    code = codes.new()
    report(code)
    box = queries.box_for(code, now=NOW)
    assert box is not None
    actions.drop_reply(box=box, code=code, content={"text": "more"}, hotline_key=KEY, now=NOW)
    execute("RESET ROLE")
    assert Letter.objects.using("letterbox").filter(box=box).count() == 2


def test_a_code_opens_its_own_mailbox_and_no_other(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    box = queries.box_for(mine, now=NOW)
    assert box is not None
    assert [one.content for one in queries.delivered_to(box, mine)] == [{"text": "answer"}]
    assert queries.box_for(codes.new(), now=NOW) is None


def test_without_a_code_nothing_can_be_read(mine: Code) -> None:
    assert Letter.objects.using("letterbox").count() == 2
    execute(f"SET ROLE {ROLE}")
    for model in (Box, Letter, Parcel):
        assert model.objects.using("letterbox").count() == 0


def test_after_a_code_was_used_nothing_can_be_read_again(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    assert queries.box_for(mine, now=NOW) is not None
    assert Box.objects.using("letterbox").count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM letterbox_box",
        "UPDATE letterbox_box SET lookup = ''",
        "UPDATE letterbox_letter SET sealed = ''",
        "UPDATE letterbox_parcel SET sealed = ''",
        "INSERT INTO letterbox_parcel (number, sealed, written_at, box_id) VALUES (gen_random_uuid(), '', now(), 1)",
        "TRUNCATE letterbox_box",
        "ALTER TABLE letterbox_box DISABLE ROW LEVEL SECURITY",
        "DROP TABLE letterbox_letter",
    ],
)
def test_the_public_role_can_change_nothing_that_is_there(mine: Code, statement: str) -> None:
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(ProgrammingError):
        execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM letterbox_letter",
        "DELETE FROM letterbox_parcel",
        "UPDATE letterbox_box SET expires_at = now()",
    ],
)
def test_without_a_code_nothing_can_be_taken_away(mine: Code, statement: str) -> None:
    execute(f"SET ROLE {ROLE}")
    execute(statement)
    execute("RESET ROLE")
    assert [model.objects.using("letterbox").count() for model in (Letter, Parcel)] == [2, 2]
    assert Box.objects.using("letterbox").filter(expires_at__gt=NOW).count() == 2


def test_a_code_closes_its_own_mailbox_and_no_other(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    box = queries.box_for(mine, now=NOW)
    assert box is not None
    actions.close_box(box=box, code=mine, hotline_key=KEY, now=NOW)
    assert queries.box_for(mine, now=NOW) is None
    execute("RESET ROLE")
    assert [letter.kind for letter in Letter.objects.using("letterbox").filter(box=box)] == ["delete"]
    assert [one.objects.using("letterbox").exclude(box=box).count() for one in (Letter, Parcel)] == [1, 1]


def test_a_letter_cannot_be_put_into_a_box_whose_code_was_not_given(mine: Code) -> None:
    other = Box.objects.using("letterbox").exclude(lookup=codes.lookup(mine)).get()
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(ProgrammingError, match="row-level security"):
        Letter.objects.using("letterbox").create(box=other, kind="reply", sealed=b"x", received_at=NOW)
