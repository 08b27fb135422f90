from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.config.conftest import Given

from lykta.config.environment import LOOKING, environment
from lykta.config.house import house
from lykta.config.keys import make_keys
from lykta.config.practising import practice_settings, write_settings
from lykta.config.world import _whois, inbox_of, open_caller, open_porter, open_world
from lykta.connectors.contract import Call, Final
from lykta.core.exposure import Limits
from lykta.core.refusals import NotUnderstood
from lykta.lib.exits import DIRECT
from lykta.practice.files import write_files


def test_the_country_file_says_how_long_a_host_waits_unless_a_setting_does(given: Given) -> None:
    assert house(given()).hold == timedelta(hours=48)
    assert house(given(hold_seconds=60)).hold == timedelta(minutes=1)


def test_looks_follow_the_built_in_schedule_unless_a_setting_says_otherwise(given: Given) -> None:
    assert house(given()).look_every is None
    assert house(given(look_again_seconds=5)).look_every == timedelta(seconds=5)


def test_the_house_knows_its_country_and_its_addresses(given: Given) -> None:
    found = house(given())
    assert (found.home, found.name) == ("SE", "Example hotline")
    assert (found.report_url, found.partners_url) == (
        "https://report.hotline.example",
        "https://partners.hotline.example",
    )
    assert found.offences


def test_a_country_without_a_file_is_named(given: Given) -> None:
    with pytest.raises(NotUnderstood, match=r"zz\.toml"):
        house(given(country="zz"))


def test_the_world_of_a_practice_hotline_opens_and_closes(lykta_home: Path, settings: Settings) -> None:
    write_settings()
    given = environment()
    settings.HOUSE, settings.AUDIT_CHECKPOINTS = house(given), lykta_home / "audit" / "checkpoints.txt"
    make_keys(lykta_home / "keys", name=given.name, mail=given.mail_from)
    write_files(practice_settings(given))
    with open_world(given, letter_key=b"k" * 32) as world:
        places = world.outside.geography.look_up("127.10.0.5")
        assert [place.country for place in places] == ["SE", "SE"]
        assert world.outside.looker.look("http://127.0.0.1/").reason
        assert world.staffroom.private_key == b"k" * 32
        with pytest.raises(Final, match=r"outside the networks|not public"):
            world.outside.caller.call(_call("http://127.0.0.1/"))
        assert world.outside.inbox is None
        assert world.staffroom.public_folder == lykta_home / "public"


def _call(address: str) -> Call:
    return Call(address=address, number="msg_1", body=b"{}", secrets=(b"s" * 32,))


def test_the_limits_of_looking_are_those_of_the_settings_by_the_hotlines_own_clock(given: Given) -> None:
    assert house(given()).viewing == Limits()
    found = house(given(viewing_hours="09:00-12:30", viewing_hard_minutes=60, time_zone="Asia/Bangkok"))
    assert (found.viewing.opens, found.viewing.closes) == (timedelta(hours=9), timedelta(hours=12.5))
    assert (found.viewing.soft, found.viewing.hard) == (timedelta(minutes=90), timedelta(minutes=60))
    assert datetime(2026, 1, 1, tzinfo=found.zone).utcoffset() == timedelta(hours=7)


def test_the_worker_opens_a_socket_for_looks_and_goes_on_where_it_cannot(
    lykta_home: Path, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    with open_porter(given()):
        assert (lykta_home / LOOKING).is_socket()
    (lykta_home / "looking").rmdir()
    (lykta_home / "looking").touch()
    with open_porter(given()):
        assert "Nothing can be looked at" in caplog.text


def test_a_hotline_that_works_for_real_calls_https_only(given: Given) -> None:
    with open_caller(given()) as caller, pytest.raises(Final, match="not https"):
        caller.call(_call("http://hooks.social.example/"))


def test_a_missing_data_file_is_an_error_that_names_it(lykta_home: Path, given: Given) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    with pytest.raises(FileNotFoundError, match=r"address ranges.*places"), open_world(given()):
        pass


def test_whois_is_asked_unless_the_setting_is_empty(lykta_home: Path, given: Given) -> None:
    assert _whois(given(whois=""), DIRECT) is None
    whois = _whois(given(), DIRECT)
    assert whois
    assert (whois._root, whois._client.port) == ("whois.iana.org", 43)


def test_mail_is_taken_in_where_a_server_is_named(lykta_home: Path, given: Given) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    named = given(mail_intake_host="imap.hotline.example")
    with pytest.raises(RuntimeError, match="mail-intake-password"):
        inbox_of(named)
    (lykta_home / "keys" / "mail-intake-password").write_text("secret\n")
    inbox = inbox_of(named)
    assert inbox is not None
    assert (inbox._server.port, inbox._server.security, inbox._server.password) == (993, "tls", "secret")
    assert "secret" not in repr(inbox._server)
