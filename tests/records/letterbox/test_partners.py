"""The registry of partners: a token is shown once, found by its digest, and refused as soon as it is replaced."""

from datetime import UTC, datetime, timedelta

import pytest

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.records.letterbox import actions, partners, queries
from lykta.records.letterbox.models import Box, Letter, Partner, Submission

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOTLINE = sealing.new_private_key()


def add(slug: str = "example-social", *scopes: str) -> str:
    return partners.add_partner(slug=slug, name="Example Social", scopes={*scopes} or {"reports"}, now=NOW)


def post(now: datetime = NOW) -> actions.Post:
    key = sealing.public_key(HOTLINE)
    return actions.Post(hotline_key=key, language="en", now=now, expires_at=now + timedelta(days=30))


def once(key: bytes = b"key", body: bytes = b"body") -> actions.Once:
    return actions.Once(key_digest=key.ljust(32), body_digest=body.ljust(32))


def test_a_token_names_its_partner_and_is_kept_nowhere() -> None:
    tokens = [add("example-social"), add("example-games")]
    assert [getattr(partners.partner_of(token), "slug", None) for token in tokens] == [
        "example-social",
        "example-games",
    ]
    assert all(token.startswith("lykta_") and len(token) > 48 for token in tokens)
    stored = repr([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in rows()])
    assert not any(token in stored for token in tokens)


def rows() -> list[tuple[object, ...]]:
    return list(Partner.objects.using("letterbox").values_list())


@pytest.mark.parametrize("token", ["", "lykta_", "x" * 5_000, "ö", "\ud800"])
def test_what_is_no_token_names_nobody(token: str) -> None:
    add()
    assert partners.partner_of(token) is None


@pytest.mark.parametrize(
    ("scopes", "good_for"),
    [({"reports"}, {"reports"}), ({"cybertip"}, {"cybertip"}), ({"reports", "cybertip"}, {"reports", "cybertip"})],
)
def test_a_token_is_good_for_its_scopes_only(scopes: set[str], good_for: set[str]) -> None:
    token = add("example-social", *scopes)
    assert {scope for scope in partners.SCOPES if partners.partner_with(token, scope=scope)} == good_for


def test_rotating_and_revoking_work_at_once() -> None:
    first = add()
    second = partners.rotate(slug="example-social")
    assert partners.partner_of(first) is None
    assert partners.partner_of(second) is not None
    partners.revoke(slug="example-social", now=NOW)
    assert partners.partner_of(second) is None
    assert [one.revoked_at for one in partners.partners()] == [NOW]


def test_what_is_revoked_stays_revoked() -> None:
    add()
    partners.revoke(slug="example-social", now=NOW)
    with pytest.raises(NotNow, match="no partner named example-social"):
        partners.rotate(slug="example-social")
    with pytest.raises(NotNow, match="already"):
        add()


@pytest.mark.parametrize("slug", ["", "Example", "-example", "example-", "a" * 41, "exa mple", "example\n"])
def test_a_short_name_is_short_and_plain(slug: str) -> None:
    with pytest.raises(NotUnderstood, match="short name"):
        add(slug)


@pytest.mark.parametrize("scopes", [set(), {"reports", "everything"}])
def test_unknown_scopes_are_refused(scopes: set[str]) -> None:
    with pytest.raises(NotUnderstood, match="cybertip, hashes, reports"):
        partners.add_partner(slug="example-social", name="Example Social", scopes=scopes, now=NOW)


def test_each_report_of_a_partner_has_a_mailbox_of_its_own() -> None:
    mine = [codes.new(), codes.new()]
    actions.drop_partner_reports([(code, {"text": code}) for code in mine], post=post())
    found = Letter.objects.using("letterbox").select_related("box").order_by("pk")
    assert [(one.kind, one.box.kind) for one in found] == [(LetterKind.PARTNER, BoxKind.PARTNER)] * 2
    opened = [sealing.unseal(bytes(one.sealed), private_key=HOTLINE) for one in found]
    assert opened == [{"text": code, "proof": codes.proof(code).hex()} for code in mine]
    boxes = [queries.box_for(code, now=NOW) for code in mine]
    assert [box and box.pk for box in boxes] == [one.box.pk for one in found]


def test_the_same_under_one_key_counts_once_and_something_else_is_refused() -> None:
    code = codes.new()
    for _ in range(2):
        actions.drop_partner_reports([(code, {"text": "x"})], post=post(), once=once())
    with pytest.raises(NotNow, match="Something else"):
        actions.drop_partner_reports([(codes.new(), {"text": "y"})], post=post(), once=once(body=b"other"))
    actions.drop_partner_reports([(codes.new(), {"text": "y"})], post=post(), once=once(key=b"other"))
    assert Letter.objects.using("letterbox").count() == 2


def test_all_reports_of_one_request_are_stored_or_none() -> None:
    with pytest.raises(TypeError):
        actions.drop_partner_reports(
            [(codes.new(), {}), (codes.new(), {"no JSON": object()})], post=post(), once=once()
        )
    assert [model.objects.using("letterbox").count() for model in (Box, Letter, Submission)] == [0, 0, 0]


def test_keys_are_forgotten_after_thirty_days() -> None:
    for days in (0, 1, 40):
        sent = post(NOW + timedelta(days=days))
        actions.drop_partner_reports([], post=sent, once=once(key=str(days).encode()))
    assert actions.forget_submissions(now=NOW + timedelta(days=31)) == 2
    assert Submission.objects.using("letterbox").count() == 1


def test_what_people_write_is_taken_in_before_what_machines_send() -> None:
    theirs = [(codes.new(), {"text": str(number)}) for number in range(3)]
    actions.drop_partner_reports(theirs, post=post())
    later = post(NOW + timedelta(minutes=1))
    actions.drop_report(content={"text": "a person"}, code=codes.new(), post=later)
    kinds = [[letter.kind for letter in queries.waiting_letters(limit)] for limit in (1, 3)]
    assert kinds == [["report"], ["report", "partner", "partner"]]
