"""`lykta partners`: a token is printed once, and each change is in the record of what was done."""

import base64
import json
from collections.abc import Sequence

import pytest
from tests.connectors.receiver import receiver

from lykta.config import command
from lykta.config.commands import partners
from lykta.config.environment import environment, secret
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.lib import sealing
from lykta.records.audit.models import Entry
from lykta.records.cases import webhooks
from lykta.records.cases.models import Webhook
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


ADDRESS = "https://hooks.social.example/lykta"


def test_the_secret_of_a_webhook_is_shown_once_and_opens_with_the_hotlines_key() -> None:
    say("add", "example-social", "Example Social")
    lines = say("webhook", "example-social", ADDRESS)
    shown = token_in(lines)
    assert "only now" in lines[1]
    stored = bytes(Webhook.objects.get().sealed)
    kept = sealing.unseal_bytes(stored, private_key=secret("hotline.key"))
    assert shown == f"whsec_{base64.b64encode(kept).decode()}"
    assert len(kept) == 32
    assert say("list")[0].endswith(f"\twebhook {ADDRESS}")
    assert noted() == ["added", "webhook"]


def test_a_webhook_ends_by_command_and_with_the_partner() -> None:
    say("add", "example-social", "Example Social")
    say("webhook", "example-social", ADDRESS)
    assert say("webhook", "example-social", "--off") == ["example-social: its system is told nothing more."]
    assert webhooks.webhook_of("example-social") is None
    assert "webhook off since " in say("list")[0]
    say("webhook", "example-social", ADDRESS)
    say("revoke", "example-social")
    assert webhooks.webhook_of("example-social") is None
    assert noted() == ["added", "webhook", "webhook off", "webhook", "revoked"]


@pytest.mark.parametrize("words", [("--off",), ("--test",), (ADDRESS,)])
def test_there_is_no_webhook_of_somebody_unknown(words: tuple[str, ...]) -> None:
    with pytest.raises(NotNow, match="example-social"):
        say("webhook", "example-social", *words)
    assert noted() == []


@pytest.mark.parametrize("words", [(), ("--off", "--test"), (ADDRESS, "--test")])
def test_one_thing_is_asked_of_a_webhook_at_a_time(words: tuple[str, ...]) -> None:
    with pytest.raises(NotUnderstood, match="--test or --off"):
        say("webhook", "example-social", *words)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.social.example/",
        "hooks.social.example",
        "https://",
        "https://user:word@hooks.social.example/",
        "https://hooks.social.example/#x",
        "https://hooks.söcial.example/",
        "https://[hooks",
        "https://hooks.social.example/" + "x" * 2_000,
        "ftp://hooks.social.example/",
    ],
)
def test_an_address_that_cannot_be_called_in_earnest_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(partners, "environment", lambda: environment().model_copy(update={"mode": "production"}))
    say("add", "example-social", "Example Social")
    with pytest.raises(NotUnderstood, match="begins with https"):
        say("webhook", "example-social", address)
    assert not Webhook.objects.exists()


def test_a_signed_ping_shows_that_a_webhook_works(monkeypatch: pytest.MonkeyPatch) -> None:
    practice = {"guard_only": "127.10.0.0/16", "guard_ports": "*"}
    monkeypatch.setattr(partners, "environment", lambda: environment().model_copy(update=practice))
    say("add", "example-social", "Example Social")
    with receiver() as system:
        shown = token_in(say("webhook", "example-social", system.address))
        assert say("webhook", "example-social", "--test") == ["example-social: The partner's system answers 204."]
        assert system.verified(shown)["type"] == "lykta.ping"
    (said,) = say("webhook", "example-social", "--test")
    assert "did not answer" in said
