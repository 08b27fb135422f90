import json
import os
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.config.conftest import Given

from lykta.config import checks
from lykta.config.checks import Finding
from lykta.config.keys import PUBLIC, SECRETS, make_keys
from lykta.config.practising import demo_accounts

TODAY = date(2026, 6, 1)


def numbers(findings: Iterable[Finding]) -> list[str]:
    return [finding.number for finding in findings]


def test_a_finding_says_its_id_what_is_wrong_and_what_to_do() -> None:
    text = str(Finding("E001", "It cannot be written.", "Free the disk."))
    assert text.split(maxsplit=1)[0] == "LYKTA-E001"
    assert "It cannot be written." in text
    assert "Free the disk." in text


def test_errors_and_warnings_differ_by_their_letter() -> None:
    assert Finding("E001", "", "").is_error
    assert not Finding("W003", "", "").is_error


def test_a_hotline_that_works_for_real_and_is_well_has_no_finding(given: Given) -> None:
    assert numbers(checks.common_findings(given())) == []


# E001 to W003: LYKTA_HOME


def test_e001_home_cannot_be_written(lykta_home: Path) -> None:
    lykta_home.rmdir()
    assert numbers(checks.home_findings()) == ["E001"]


def test_e002_home_is_open_to_others(lykta_home: Path) -> None:
    lykta_home.chmod(0o755)
    assert numbers(checks.home_findings()) == ["E002"]


def test_w003_the_disk_is_almost_full(lykta_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE_BYTES", 10**30)
    assert numbers(checks.home_findings()) == ["W003"]


def test_the_check_of_home_leaves_nothing_behind(lykta_home: Path) -> None:
    list(checks.home_findings())
    assert list(lykta_home.iterdir()) == []


# E010 and E011: keys


def test_e010_each_missing_key_is_named(lykta_home: Path) -> None:
    found = list(checks.key_findings((*SECRETS, *PUBLIC)))
    assert numbers(found) == ["E010"] * len((*SECRETS, *PUBLIC))
    assert all(name in finding.wrong for name, finding in zip((*SECRETS, *PUBLIC), found, strict=True))


@pytest.mark.parametrize("name", SECRETS)
def test_e011_a_secret_that_everybody_can_read(name: str, lykta_home: Path) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    (lykta_home / "keys" / name).chmod(0o644)
    assert numbers(checks.key_findings((*SECRETS, *PUBLIC))) == ["E011"]


def test_public_halves_may_be_read_by_everybody(lykta_home: Path) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    for name in PUBLIC:
        (lykta_home / "keys" / name).chmod(0o644)
    assert numbers(checks.key_findings((*SECRETS, *PUBLIC))) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("form.key", b"abc", "3 bytes instead of 32"),
        ("hotline.key", b"", "0 bytes instead of 32"),
        ("audit.key", b"changeme", "could be guessed"),
        ("mail.pub.asc", b"no certificate", "does not belong to mail.asc"),
    ],
)
def test_e015_a_key_that_is_cut_off(name: str, content: bytes, why: str, lykta_home: Path) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    (lykta_home / "keys" / name).write_bytes(content)
    found = list(checks.key_findings((name,)))
    assert numbers(found) == ["E015"]
    assert why in found[0].wrong
    assert "safe copy" in found[0].advice


@pytest.mark.parametrize("name", ["hotline.pub", "mail.pub.asc", "bundle.pub.asc"])
def test_e015_a_public_half_of_another_pair(name: str, lykta_home: Path) -> None:
    for folder in ("keys", "others"):
        make_keys(lykta_home / folder, name="Example hotline", mail="desk@hotline.example")
    (lykta_home / "others" / name).replace(lykta_home / "keys" / name)
    assert numbers(checks.key_findings((*SECRETS, *PUBLIC))) == ["E015"]


def test_a_public_half_alone_is_all_that_a_public_face_has(lykta_home: Path) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    (lykta_home / "keys" / "hotline.key").unlink()
    assert numbers(checks.key_findings(("hotline.pub",))) == []


# E030 to E037: practice in production


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        ("E030", {"guard_only": "127.10.0.0/24"}),
        ("E031", {"guard_ports": "*"}),
        ("E032", {"resolvers": "192.0.2.1:53,127.0.0.1:8053"}),
        ("E033", {"rdap_bootstrap": "practice/rdap-bootstrap.json"}),
        ("E033", {"geography": "practice/places"}),
        ("E033", {"mail_returns": "practice/returned"}),
        ("E034", {"mail_port": 8025}),
        ("E036", {"hold_seconds": 60}),
        ("E037", {"look_again_seconds": 5}),
    ],
)
def test_practice_settings_are_errors_in_production(number: str, changes: dict[str, object], given: Given) -> None:
    assert numbers(checks.common_findings(given(**changes))) == [number]


def test_e035_practice_accounts_in_production(given: Given) -> None:
    demo_accounts()
    assert numbers(checks.common_findings(given())) == ["E035"]


def test_the_same_settings_are_what_practice_needs(given: Given) -> None:
    practice = given(
        mode="practice",
        resolvers="127.0.0.1:8053",
        mail_port=8025,
        guard_only="127.10.0.0/24",
        guard_ports="*",
        hold_seconds=60,
        look_again_seconds=5,
    )
    demo_accounts()
    assert numbers(checks.common_findings(practice)) == []


# E090, E091: practice that leads nowhere


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        ("E090", {"practice_dns_port": 9053}),
        ("E090", {"resolvers": "192.0.2.1:8053"}),
        ("E090", {"resolvers": "nonsense"}),
        ("E091", {"practice_smtp_port": 9025}),
    ],
)
def test_practice_settings_have_to_lead_into_the_practice_world(
    number: str, changes: dict[str, object], given: Given
) -> None:
    practice = {"mode": "practice", "resolvers": "127.0.0.1:8053", "mail_port": 8025}
    assert numbers(checks.common_findings(given(**{**practice, **changes}))) == [number]


# E040 to W044: how the faces can be reached


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.0.2.8", "::"])
def test_e040_a_face_without_tls_on_a_public_address(bind: str, given: Given) -> None:
    found = list(checks.face_findings(given(bind=bind)))
    assert numbers(found) == ["E040", "E040"]
    assert {finding.wrong.split()[1] for finding in found} == {"pages", "desk"}


@pytest.mark.parametrize("bind", ["127.0.0.1", "::1", "localhost"])
def test_a_loopback_address_needs_no_tls(bind: str, given: Given) -> None:
    assert numbers(checks.face_findings(given(bind=bind))) == []


@pytest.mark.parametrize("face", ["report", "partners"])
def test_w041_mails_would_link_to_this_machine(face: str, given: Given) -> None:
    found = list(checks.face_findings(given(**{f"{face}_url": ""})))
    assert numbers(found) == ["W041"]
    assert f"{face}_url" in found[0].advice


@pytest.mark.parametrize("face", ["pages", "report", "desk", "partners"])
def test_w045_an_address_without_tls(face: str, given: Given) -> None:
    found = list(checks.face_findings(given(**{f"{face}_url": f"http://{face}.hotline.example"})))
    assert numbers(found) == ["W045"]
    assert f"{face}_url" in found[0].advice
    assert "W045" not in numbers(checks.face_findings(given(**{f"{face}_url": f"http://127.0.0.1:800{len(face)}"})))


def test_w046_a_setting_that_does_not_exist(given: Given, lykta_home: Path) -> None:
    (lykta_home / "lykta.toml").write_text('name = "A hotline"\nreport_ulr = "https://report.hotline.example"\n')
    [found] = checks.common_findings(given())
    assert numbers([found]) == ["W046"]
    assert "names report_ulr" in found.wrong
    assert "report_url" in found.advice


def test_w012_to_w013_where_the_key_that_opens_letters_lies(given: Given, lykta_home: Path) -> None:
    (lykta_home / "keys").mkdir()
    wrapped = given(letter_key="wrapped")
    assert numbers(checks.letter_key_findings(given())) == ["W012"]
    assert numbers(checks.letter_key_findings(given(mode="practice"))) == []
    assert numbers(checks.letter_key_findings(wrapped)) == []
    assert "E010" in numbers(checks.key_findings(("hotline.key",)))
    assert numbers(checks.key_findings(("hotline.key",), wrapped=True)) == []
    (lykta_home / "keys" / "hotline.key").write_bytes(b"k")
    assert numbers(checks.letter_key_findings(wrapped)) == ["W013"]


@pytest.mark.parametrize("url", ["http://desk.hotline.test", "https://192.0.2.7", "http://0.0.0.0:8002"])
def test_e056_a_desk_at_which_no_passkey_works(url: str, given: Given) -> None:
    assert numbers(checks.passkey_findings(given(desk_url=url))) == ["E056"]


@pytest.mark.parametrize("url", ["https://desk.hotline.test", "http://localhost:8002", ""])
def test_passkeys_work_over_https_with_a_name_and_on_this_machine(url: str, given: Given) -> None:
    assert numbers(checks.passkey_findings(given(desk_url=url))) == []


def test_w042_a_practice_hotline_that_others_can_reach(given: Given) -> None:
    assert numbers(checks.face_findings(given(mode="practice", bind="0.0.0.0"))) == ["W042"]


def test_w043_the_hotline_still_has_the_name_of_the_practice_one(given: Given) -> None:
    assert numbers(checks.face_findings(given(name="Practice hotline"))) == ["W043"]


def test_w044_behind_a_proxy_all_visitors_share_one_limit(given: Given) -> None:
    assert numbers(checks.face_findings(given(trusted_proxy=""))) == ["W044"]


# E070 to W073: data files


@pytest.fixture
def data(lykta_home: Path) -> Path:
    """Data files of 2026-05-01 where the settings expect them."""
    folder = lykta_home / "data"
    folder.mkdir()
    for source in ("first", "second"):
        write_geography(folder, "2026-05-01", source)
    write_bootstrap(folder, "2026-05-01T00:00:00Z")
    return folder


def write_geography(folder: Path, dated: str, source: str) -> None:
    places = folder / "places"
    places.mkdir(exist_ok=True)
    head = f"# source: {source}\n# dated: {dated}\n# licence: CC0\nfirst,last,country,asn,holder,cdn\n"
    (places / f"{source}.csv").write_text(f"{head}192.0.2.0,192.0.2.255,SE,64500,Host One,0\n")


def write_bootstrap(folder: Path, published: str) -> None:
    files = {name: {"publication": published, "services": []} for name in ("ipv4", "ipv6", "dns")}
    (folder / "rdap-bootstrap.json").write_text(json.dumps(files))


def test_data_files_of_last_month_are_good(data: Path, given: Given) -> None:
    assert numbers(checks.data_findings(given(), TODAY)) == []


@pytest.mark.parametrize("content", [None, "", "first,last\n", "# source: x\n# dated: soon\n# licence: y\n"])
def test_e070_address_ranges_that_cannot_be_used(content: str | None, data: Path, given: Given) -> None:
    (data / "places" / "first.csv").unlink()
    (data / "places" / "second.csv").unlink()
    if content is not None:
        (data / "places" / "first.csv").write_text(content)
    assert numbers(checks.data_findings(given(), TODAY)) == ["E070"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"ipv4": {}}', '{"ipv4": []}', '{"fetched": "soon"}'])
def test_e072_a_bootstrap_that_cannot_be_used(content: str, data: Path, given: Given) -> None:
    (data / "rdap-bootstrap.json").write_text(content)
    assert numbers(checks.data_findings(given(), TODAY)) == ["E072"]


def test_w071_and_w073_data_files_that_nobody_looks_after(data: Path, given: Given) -> None:
    write_geography(data, "2026-03-01", "second")
    write_bootstrap(data, "2026-02-01T00:00:00Z")
    assert numbers(checks.data_findings(given(), TODAY)) == ["W071", "W073"]
    assert numbers(checks.data_findings(given(mode="practice"), TODAY)) == []


def test_w074_one_source_of_places_is_not_enough(data: Path, given: Given) -> None:
    (data / "places" / "second.csv").unlink()
    assert numbers(checks.data_findings(given(), TODAY)) == ["W074"]
    assert numbers(checks.data_findings(given(mode="practice"), TODAY)) == []


def test_w073_without_an_own_bootstrap_the_packaged_one_is_used_and_its_age_is_said(data: Path, given: Given) -> None:
    (data / "rdap-bootstrap.json").unlink()
    (found,) = checks.data_findings(given(), TODAY)
    assert (found.number, found.wrong) == ("W073", "The list of registries that comes with Lykta is from 2022-07-08.")
    assert "lykta data refresh" in found.advice


# E080, W081: the clock


def test_e080_a_clock_from_before_the_release() -> None:
    assert numbers(checks.clock_findings(datetime(1970, 1, 2, tzinfo=UTC))) == ["E080"]


def test_w081_files_from_the_future(lykta_home: Path) -> None:
    file = lykta_home / "casebook.sqlite3"
    file.touch()
    assert numbers(checks.clock_findings(datetime.now(UTC))) == []
    tomorrow = time.time() + 86_400
    os.utime(file, (tomorrow, tomorrow))
    assert numbers(checks.clock_findings(datetime.now(UTC))) == ["W081"]


# W060: the sandbox


@pytest.mark.parametrize(("strength", "expected"), [("bubblewrap and limits", []), ("limits only", ["W060"])])
def test_w060_a_weak_sandbox(strength: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykta.lib.sandbox.strength", lambda: strength)
    assert numbers(checks.sandbox_findings()) == expected


# W061, E062: the way out


@pytest.mark.parametrize(
    ("missing", "render", "expected"),
    [("", "when needed", []), ("chromium", "when needed", ["W061"]), ("chromium", "never", [])],
)
def test_w061_no_browser(
    missing: str, render: str, expected: list[str], given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lykta.connectors.web.browser.works", lambda: not missing)
    assert numbers(checks.way_out_findings(given(render=render))) == expected


@pytest.mark.parametrize(
    ("exits", "expected"),
    [("", []), ("look=socks5://127.0.0.1:9050", []), ("look=tor", ["E062"]), ("onion=http://127.0.0.1:1", ["E062"])],
)
def test_e062_an_exit_that_cannot_be_used(exits: str, expected: list[str], given: Given) -> None:
    assert numbers(checks.way_out_findings(given(exits=exits, render="never"))) == expected


# W063: what films need to be seen


@pytest.mark.parametrize(("missing", "expected"), [("", []), ("ffmpeg is missing", ["W063"])])
def test_w063_no_frames_of_films(missing: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykta.connectors.web.films.missing", lambda: missing)
    assert numbers(checks.film_findings()) == expected
