"""On PostgreSQL the role of the public faces writes, and reads back only what belongs to a code that it was given."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.db.utils import ProgrammingError

from lykta.core.vocabulary import LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox import actions, drafts, feed, handovers, links, partners, queries, tallies
from lykta.records.letterbox.code_in_use import upload_in_use
from lykta.records.letterbox.models import Box, Chunk, Handover, Letter, Parcel, Tally

pytestmark = [
    pytest.mark.django_db(databases=["letterbox"], transaction=True),
    pytest.mark.usefixtures("public_role"),
]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = f"lykta_public_{os.environ.get('PYTEST_XDIST_WORKER', 'test')}"
"""A role is of the whole server, which the processes of a test run share."""
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


POST = actions.Post(hotline_key=KEY, language="en", now=NOW, expires_at=NOW + timedelta(days=30))


def report(code: Code) -> None:
    actions.drop_report(content={"text": "x"}, code=code, post=POST)


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


def test_the_public_role_can_go_on_writing_a_report_and_send_it(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    code = codes.new()
    for words in ("one", "one and two"):
        actions.keep_part(content={"text": words}, code=code, post=POST)
    report(code)
    execute("RESET ROLE")
    letters = Letter.objects.using("letterbox").filter(box__lookup=codes.lookup(code))
    assert [letter.kind for letter in letters] == ["report"]


def test_the_public_role_rewrites_no_letter_of_another_code(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    assert Letter.objects.using("letterbox").update(sealed=b"") == 0


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


@pytest.fixture
def uploads() -> list[UUID]:
    """Two files of two pieces each."""
    made = [uuid4(), uuid4()]
    for upload in made:
        for index in range(2):
            actions.keep_chunk(upload=upload, index=index, content=b"piece", hotline_key=KEY, now=NOW)
    return made


def pieces(upload: UUID) -> int:
    return Chunk.objects.using("letterbox").filter(upload=upload).count()


def test_who_names_an_upload_goes_on_with_it_and_throws_it_away(mine: Code, uploads: list[UUID]) -> None:
    execute(f"SET ROLE {ROLE}")
    assert actions.keep_chunk(upload=uploads[0], index=2, content=b"piece", hotline_key=KEY, now=NOW) == 3
    assert actions.keep_chunk(upload=uploads[0], index=2, content=b"piece", hotline_key=KEY, now=NOW) == 3
    assert queries.chunks_kept(uploads[0]) == 3
    actions.drop_uploads([uploads[0]])
    execute("RESET ROLE")
    assert [pieces(upload) for upload in uploads] == [0, 2]


def test_without_its_number_no_piece_can_be_read_or_taken_away(mine: Code, uploads: list[UUID]) -> None:
    execute(f"SET ROLE {ROLE}")
    assert queries.chunks_kept(uploads[0]) == 2
    assert queries.box_for(mine, now=NOW) is not None
    assert Chunk.objects.using("letterbox").count() == 0
    execute("DELETE FROM letterbox_chunk")
    execute("RESET ROLE")
    assert [pieces(upload) for upload in uploads] == [2, 2]


def test_a_transaction_sees_the_upload_that_it_named_and_no_other(mine: Code, uploads: list[UUID]) -> None:
    execute(f"SET ROLE {ROLE}")
    with upload_in_use(uploads[0]):
        assert set(Chunk.objects.using("letterbox").values_list("upload", flat=True)) == {uploads[0]}
    with upload_in_use(uploads[0]), pytest.raises(ProgrammingError, match="row-level security"):
        Chunk.objects.using("letterbox").create(upload=uploads[1], index=2, sealed=b"x", received_at=NOW)


@pytest.mark.parametrize("statement", ["UPDATE letterbox_chunk SET sealed = ''", "TRUNCATE letterbox_chunk"])
def test_a_piece_that_is_there_cannot_be_changed(mine: Code, uploads: list[UUID], statement: str) -> None:
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(ProgrammingError):
        execute(statement)


def test_who_names_a_ticket_opens_what_was_handed_over_with_it_and_nothing_else(mine: Code) -> None:
    secret = sealing.new_secret_key()
    other = handovers.hand_over("other", key=secret, now=NOW)
    execute(f"SET ROLE {ROLE}")
    ticket = handovers.hand_over("mine", key=secret, now=NOW)
    assert Handover.objects.using("letterbox").count() == 0
    execute("DELETE FROM letterbox_handover")
    assert [handovers.open_once(one, key=secret, now=NOW) for one in (ticket, ticket)] == ["mine", None]
    with pytest.raises(ProgrammingError):
        execute("UPDATE letterbox_handover SET sealed = ''")
    execute("RESET ROLE")
    assert handovers.open_once(other, key=secret, now=NOW) == "other"


def test_the_public_role_counts_and_takes_no_count_away(mine: Code) -> None:
    execute(f"SET ROLE {ROLE}")
    for _ in range(2):
        tallies.add("SCHOOL", day=date(2026, 1, 1), visits=1)
    for statement in ("DELETE FROM letterbox_tally", "UPDATE letterbox_tally SET code = ''"):
        with pytest.raises(ProgrammingError):
            execute(statement)
    execute("RESET ROLE")
    assert Tally.objects.using("letterbox").get().visits == 2


def test_the_public_role_reads_partners_links_and_changes_none(mine: Code) -> None:
    links.add_link(code="SCHOOL", name="A school", origins=("https://school.example",), now=NOW)
    execute(f"SET ROLE {ROLE}")
    assert links.link_with("school") is not None
    assert links.origins() == ("https://school.example",)
    for statement in (
        "UPDATE letterbox_link SET origins = 'https://other.example'",
        "DELETE FROM letterbox_link",
        "INSERT INTO letterbox_link (code, name, origins, created_at) VALUES ('A', 'A', '', now())",
    ):
        with pytest.raises(ProgrammingError):
            execute(statement)


def test_a_partners_reports_of_several_codes_are_stored_once_under_its_key(mine: Code) -> None:
    token = partners.add_partner(slug="example-social", name="Example Social", scopes={"reports"}, now=NOW)
    execute(f"SET ROLE {ROLE}")
    assert partners.partner_with(token, scope="reports") is not None
    theirs = [codes.new(), codes.new()]
    once = actions.Once(key_digest=b"k" * 32, body_digest=b"b" * 32)
    for _ in range(2):
        actions.drop_partner_reports([(code, {"text": "x"}) for code in theirs], post=POST, once=once)
    assert all(queries.box_for(code, now=NOW) for code in theirs)
    assert Box.objects.using("letterbox").count() == 0
    execute("RESET ROLE")
    assert Letter.objects.using("letterbox").filter(kind="partner").count() == 2


def test_the_public_role_serves_the_feed_and_notes_what_it_served_without_reading_what_was_noted(mine: Code) -> None:
    entry = UUID(int=1)
    feed.append([feed.Line(entry=entry, revision=1, deleted=False, kind="picture", md5="a" * 32)], now=NOW)
    span = feed.Span(since=NOW, until=NOW + timedelta(hours=1))
    execute(f"SET ROLE {ROLE}")
    page = feed.page(span, size=5, now=span.until)
    assert [line.entry for line in page.lines] == [entry]
    assert feed.offers(entry)
    feed.note_fetch(slug="social", span=span, served=page, now=NOW)
    feed.note_feedback(slug="social", entry=entry, fingerprint="MD5", objection="not_abuse", now=NOW)
    for read in (feed.subscribers, feed.feedback):
        with pytest.raises(ProgrammingError, match="permission denied"):
            read()
    execute("RESET ROLE")
    assert [one.slug for one in feed.subscribers()] == [one.slug for one in feed.feedback()] == ["social"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letterbox_feedentry SET deleted = true",
        "DELETE FROM letterbox_feedentry",
        "INSERT INTO letterbox_feedentry (entry, revision) VALUES (gen_random_uuid(), 1)",
        "UPDATE letterbox_fetch SET added = 0",
        "DELETE FROM letterbox_fetch",
        "DELETE FROM letterbox_feedback",
    ],
)
def test_the_public_role_puts_nothing_on_the_list_and_takes_nothing_off(mine: Code, statement: str) -> None:
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(ProgrammingError):
        execute(statement)


def test_the_public_role_reads_no_table_but_these(mine: Code) -> None:
    """A table that comes later is closed until somebody opens it here."""
    tables = {str(name) for (name,) in execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    readable = {name for name in tables if execute(f"SELECT has_table_privilege('{ROLE}', '{name}', 'SELECT')")[0][0]}
    without_a_code = {"partner", "submission", "link", "tally", "feedentry"}
    by_code = {"box", "letter", "parcel", "chunk", "handover"}
    assert readable == {f"letterbox_{name}" for name in without_a_code | by_code} | {"django_migrations"}
    assert {"letterbox_fetch", "letterbox_feedback"} <= tables


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letterbox_partner SET scopes = 'reports,cybertip'",
        "DELETE FROM letterbox_partner",
        "INSERT INTO letterbox_partner (slug, name, token_digest, scopes, created_at) VALUES ('x', 'x', 'x', '', now())",
        "UPDATE letterbox_submission SET body_digest = ''",
        "DELETE FROM letterbox_submission",
    ],
)
def test_the_public_role_makes_no_partner_and_changes_none(mine: Code, statement: str) -> None:
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(ProgrammingError):
        execute(statement)


def test_the_draft_of_a_partner_is_changed_by_its_code_and_seen_by_no_other() -> None:
    mine, other = codes.new(), codes.new()
    execute(f"SET ROLE {ROLE}")
    for code, kind in ((mine, LetterKind.PART), (other, LetterKind.PART), (mine, LetterKind.PARTNER)):
        amended = drafts.Amended({"kind": kind}, {"text": "x"}, kind)
        drafts.amend(code=code, post=POST, change=lambda _, amended=amended: amended)  # type: ignore[misc]
    assert drafts.draft_of(mine) == {"kind": LetterKind.PARTNER}
    assert drafts.draft_of(other) == {"kind": LetterKind.PART}
    assert drafts.draft_of(codes.new()) is None
    assert execute("SELECT * FROM letterbox_chunk") == []
    assert execute("SELECT * FROM letterbox_letter") == []
