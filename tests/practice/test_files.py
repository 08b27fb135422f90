import csv
import json
import tomllib
from ipaddress import IPv4Address
from itertools import pairwise

import pytest
from pysequoia import Cert

from lykta.practice import atlas
from lykta.practice.contents import CONTENTS, place_of, places_named_in, undisguise
from lykta.practice.files import texts_to_paste, write_files
from lykta.practice.known import KNOWN
from lykta.practice.mail import MAILBOXES
from lykta.practice.rdap import bootstrap
from lykta.practice.settings import PracticeSettings


@pytest.fixture
def written(settings: PracticeSettings) -> PracticeSettings:
    write_files(settings)
    return settings


def test_all_files_are_written(written: PracticeSettings) -> None:
    names = {str(path.relative_to(written.folder)) for path in written.folder.rglob("*") if path.is_file()}
    assert names == {
        "places/providers.csv",
        "places/second-opinion.csv",
        "rdap-bootstrap.json",
        "recipients.toml",
        "paste-me.txt",
        "known.csv",
        "keys/police.public.asc",
        "keys/polder.public.asc",
        "keys/lotus.public.asc",
    }


def test_files_can_be_written_again(written: PracticeSettings) -> None:
    before = (written.folder / "recipients.toml").read_bytes()
    write_files(written)
    assert (written.folder / "recipients.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("providers.csv", "first,last,country,asn,holder,cdn"),
        ("second-opinion.csv", "first,last,country,asn,holder,cdn,anycast"),
    ],
)
def test_the_tables_of_places_name_source_date_and_licence(name: str, header: str, written: PracticeSettings) -> None:
    lines = (written.folder / "places" / name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# source: ")
    assert lines[1] == "# dated: 2026-11-01"
    assert lines[2].startswith("# licence: ")
    assert lines[3] == header


def rows_of(written: PracticeSettings, name: str) -> list[dict[str, str]]:
    lines = (written.folder / "places" / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_the_second_opinion_agrees_but_for_two_ranges_and_leaves_no_gap(written: PracticeSettings) -> None:
    rows = rows_of(written, "second-opinion.csv")
    odd = [row for row in rows if row["anycast"] == "1" or row["country"] == "NO"]
    assert [(row["first"], row["country"]) for row in odd] == [("127.11.0.192", "NO"), ("127.11.0.208", "SE")]
    for network in atlas.NETWORKS:
        inside = [row for row in rows if network.holds(row["first"])]
        assert (inside[0]["first"], inside[-1]["last"]) == (network.first, network.last)
        for before, after in pairwise(inside):
            assert IPv4Address(before["last"]) + 1 == IPv4Address(after["first"])
        assert {row["country"] for row in inside if row not in odd} == {network.country}


def test_the_geography_places_every_network(written: PracticeSettings) -> None:
    rows = rows_of(written, "providers.csv")
    assert [row["holder"] for row in rows] == [network.name for network in atlas.NETWORKS]
    assert [row["holder"] for row in rows if row["cdn"] == "1"] == ["Veil CDN"]
    for row, network in zip(rows, atlas.NETWORKS, strict=True):
        assert IPv4Address(row["first"]) < IPv4Address(row["last"])
        assert (row["country"], int(row["asn"])) == (network.country, network.asn)


def test_the_bootstrap_is_written_as_json(written: PracticeSettings) -> None:
    assert json.loads((written.folder / "rdap-bootstrap.json").read_text()) == bootstrap(written)


def test_the_recipients_have_mailboxes_and_keys_of_their_own(written: PracticeSettings) -> None:
    recipients = tomllib.loads((written.folder / "recipients.toml").read_text())["recipient"]
    assert [(each["kind"], each["country"]) for each in recipients] == [
        ("police", "SE"),
        ("hotline", "NL"),
        ("hotline", "TH"),
    ]
    for each in recipients:
        assert each["email"] in MAILBOXES
        key = Cert.from_bytes((written.folder / each["key"]).read_bytes())
        assert each["email"] in str(key.user_ids[0])
        assert each["name"] in str(key.user_ids[0])


def test_no_secret_key_is_handed_out(written: PracticeSettings) -> None:
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in written.folder.rglob("*") if path.is_file())


def test_there_are_texts_to_paste(written: PracticeSettings) -> None:
    pasted = (written.folder / "paste-me.txt").read_text(encoding="utf-8")
    assert pasted.strip().split("\n\n") == texts_to_paste(written)


def test_the_texts_name_a_swedish_page_a_hidden_one_one_that_is_not_there_and_one_that_is_known(
    written: PracticeSettings,
) -> None:
    swedish, hidden, missing, known = texts_to_paste(written)
    assert places_named_in(known) == [KNOWN]
    assert places_named_in(swedish) == ["pictures.example/gallery"]
    assert places_named_in(hidden) == ["album.example/summer"]
    assert atlas.UNKNOWN in missing
    assert place_of(missing.rpartition(" ")[2]) not in CONTENTS


def test_the_texts_are_disguised_and_have_the_real_port(written: PracticeSettings) -> None:
    for text in texts_to_paste(written):
        assert "http://" not in text
        assert f":{written.web_port}/" in undisguise(text)
