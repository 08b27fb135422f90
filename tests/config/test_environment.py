from pathlib import Path

import pytest
from pydantic import ValidationError

from lykta.config.environment import FACES, Environment, environment, home, secret, unknown_settings
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Topic


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    lykta_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lykta_home / "lykta.toml").write_text("report_port = 9001\ndesk_port = 9002\n")
    monkeypatch.setenv("LYKTA_DESK_PORT", "9102")
    found = Environment()
    assert (found.pages_port, found.report_port, found.desk_port) == (8000, 9001, 9102)


def test_everything_listens_on_this_machine_only_by_default(lykta_home: Path) -> None:
    found = Environment()
    assert found.bind == "127.0.0.1"
    assert [getattr(found, f"{face}_port") for face in FACES] == [8000, 8001, 8002, 8003]


def test_a_value_of_the_wrong_type_is_refused(lykta_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYKTA_REPORT_PORT", "the usual")
    with pytest.raises(ValidationError):
        Environment()


def test_a_setting_that_cannot_be_read_is_named_with_its_value(
    lykta_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LYKTA_REPORT_PORT", "the usual")
    with pytest.raises(NotUnderstood, match=r"report_port \('the usual'\): Input should be a valid integer") as caught:
        environment()
    assert str(lykta_home / "lykta.toml") in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_a_file_that_is_no_toml_is_named_with_the_line(lykta_home: Path) -> None:
    (lykta_home / "lykta.toml").write_text('name = "A hotline"\nthe usual\n')
    with pytest.raises(NotUnderstood, match=r"lykta\.toml is no TOML: .*line 2"):
        environment()


def test_what_is_no_setting_is_found(lykta_home: Path) -> None:
    assert unknown_settings() == []
    (lykta_home / "lykta.toml").write_text('name = "A hotline"\nnmae = "A hotline"\n')
    assert unknown_settings() == ["nmae"]


def test_settings_do_not_change_once_read(lykta_home: Path) -> None:
    with pytest.raises(ValidationError):
        Environment().name = "Another"


def test_an_address_is_the_public_one_or_where_the_face_listens(lykta_home: Path) -> None:
    found = Environment(report_url="https://report.hotline.example/")
    assert found.url("report") == "https://report.hotline.example"
    assert found.url("desk") == "http://127.0.0.1:8002"


def test_name_servers_are_read_with_their_ports(lykta_home: Path) -> None:
    found = Environment(resolvers="127.0.0.1:53, [::1]:5353")
    assert found.name_servers() == [("127.0.0.1", 53, ""), ("::1", 5353, "")]


@pytest.mark.parametrize("wrong", ["", "127.0.0.1", "127.0.0.1:", "names.test:dns"])
def test_a_name_server_without_a_port_is_refused(wrong: str, lykta_home: Path) -> None:
    with pytest.raises(ValueError, match="is not a name server"):
        Environment(resolvers=wrong).name_servers()


def test_home_is_var_in_the_current_folder_by_default(
    lykta_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LYKTA_HOME")
    monkeypatch.chdir(tmp_path)
    assert home() == (tmp_path / "var").resolve()


def test_a_missing_secret_is_named_with_what_to_do(lykta_home: Path) -> None:
    with pytest.raises(RuntimeError, match=r"keys/hotline\.key cannot be read: run `lykta init`"):
        secret("hotline.key")


@pytest.mark.parametrize(
    ("given", "topics"),
    [("", set()), ("contact", {Topic.CONTACT}), (" travel, own_picture ,", {Topic.TRAVEL, Topic.OWN_PICTURE})],
)
def test_files_come_with_the_topics_that_are_named_and_no_others(
    lykta_home: Path, given: str, topics: set[Topic]
) -> None:
    assert Environment(attachments=given).attachment_topics == topics


def test_a_topic_that_does_not_exist_is_refused_at_the_start(lykta_home: Path) -> None:
    with pytest.raises(ValidationError, match="attachments: pictures is no topic; there are web, contact"):
        Environment(attachments="contact,pictures")


def test_sites_that_may_show_the_form_are_read_one_by_one(lykta_home: Path) -> None:
    assert Environment().framing_origins == ()
    found = Environment(embed_origins="https://school.example, https://airport.example:8443")
    assert found.framing_origins == ("https://school.example", "https://airport.example:8443")


@pytest.mark.parametrize(
    "wrong",
    [
        "*",
        "http://school.example",
        "https://*.example",
        "https://school.example/page",
        "https://school.example; script-src *",
        "https://school.example https://other.example",
        "'self'",
    ],
)
def test_what_is_no_site_of_its_own_may_show_nothing(lykta_home: Path, wrong: str) -> None:
    with pytest.raises(ValidationError):
        Environment(embed_origins=wrong)


@pytest.mark.parametrize("wrong", ["https://report.example", "http://short.onion", f"http://{'a' * 56}.onion/"])
def test_an_onion_service_is_named_by_its_address_alone(lykta_home: Path, wrong: str) -> None:
    assert Environment(onion_location=f"http://{'a' * 56}.onion").onion_location
    with pytest.raises(ValidationError):
        Environment(onion_location=wrong)


@pytest.mark.parametrize("wrong", ["17:00-08:00", "all day", "8-17"])
def test_hours_in_which_nobody_could_look_are_refused_at_the_start(lykta_home: Path, wrong: str) -> None:
    with pytest.raises(ValidationError, match="viewing_hours: Write hours as 08:00-17:00"):
        Environment(viewing_hours=wrong)


@pytest.mark.parametrize("wrong", ["Europe/Nowhere", "../etc/passwd", ""])
def test_a_time_zone_that_nobody_knows_is_refused_at_the_start(lykta_home: Path, wrong: str) -> None:
    with pytest.raises(ValidationError, match="is no time zone that this machine knows"):
        Environment(time_zone=wrong)
