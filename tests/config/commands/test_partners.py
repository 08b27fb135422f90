"""`lykta partners`: a token is printed once, and each change is in the record of what was done."""

import json
from collections.abc import Sequence

import pytest

from lykta.config import command
from lykta.config.commands import partners
from lykta.core.refusals import NotNow
from lykta.records.audit.models import Entry
from lykta.records.letterbox.partners import partner_of, partner_with

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)


def say(*words: str) -> list[str]:
    """What `lykta partners` with these words prints."""
    return partners.do(command._parser().parse_args(["partners", *words]))


def token_in(lines: Sequence[str]) -> str:
    return lines[0].removeprefix("example-social: ")


def noted() -> list[str]:
    return [
        json.loads(entry.facts)["what"]
        for entry in Entry.objects.filter(subject="partner:example-social").order_by("pk")
    ]


def test_a_partner_is_added_with_a_token_that_is_shown_once() -> None:
    lines = say("add", "example-social", "Example Social", "--scopes", "reports, cybertip")
    token = token_in(lines)
    assert "only now" in lines[1]
    assert all(partner_with(token, scope=scope) for scope in ("reports", "cybertip"))
    assert not any(token in line for line in say("list"))


def test_a_rotated_token_replaces_the_old_one_and_a_revoked_one_is_refused() -> None:
    first = token_in(say("add", "example-social", "Example Social"))
    second = token_in(say("rotate", "example-social"))
    assert partner_of(first) is None
    assert partner_of(second) is not None
    assert say("revoke", "example-social") == ["example-social: its token is refused from now on."]
    assert partner_of(second) is None
    assert noted() == ["added", "rotated", "revoked"]


def test_the_list_says_what_each_token_is_good_for() -> None:
    say("add", "example-social", "Example Social")
    say("add", "example-games", "Example Games", "--scopes", "cybertip")
    say("revoke", "example-social")
    games, social = say("list")
    assert games.startswith("example-games\tExample Games\tcybertip since ")
    assert social.startswith("example-social\tExample Social\trevoked ")


@pytest.mark.parametrize("words", [("rotate", "example-social"), ("revoke", "example-social")])
def test_a_refusal_leaves_no_entry(words: tuple[str, ...]) -> None:
    with pytest.raises(NotNow, match="no partner named example-social"):
        say(*words)
    assert noted() == []
