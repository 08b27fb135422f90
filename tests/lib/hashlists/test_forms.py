"""JSON and XML of those who share hashes; shapes after the formats' own descriptions, with invented values."""

import base64
import io
import json
from contextlib import suppress
from typing import Any

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import cells, ncmec, opening
from lykta.lib.hashlists.cells import Field
from lykta.lib.hashlists.checks import Rows, checked

MD5, SHA1, SHA256, PDQ = b"\x01" * 16, b"\x02" * 20, b"\x03" * 32, b"\x04" * 32
MEDIA = {
    "MediaID": 1,
    "Category": 1,
    "MD5": MD5.hex().upper(),
    "SHA1": SHA1.hex(),
    "VictimIdentified": "false",
    "AlternativeHashes": [{"HashName": "PDQ", "HashValue": PDQ.hex()}, {"HashName": "PhotoDNA", "HashValue": "x"}, 7],
}
ENTRIES = f"""<?xml version="1.0"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">
  <images count="2" maxTimestamp="2026-01-01T00:00:00Z">
    <image><member id="7">One</member><timestamp>2026-01-01T00:00:00Z</timestamp><id>image-1</id>
      <classification>A1</classification>
      <fingerprints><md5>{MD5.hex()}</md5><sha1>{SHA1.hex()}</sha1><pdna>xyz</pdna><pdq>{PDQ.hex()}</pdq></fingerprints>
      <feedback><md5><affirmative><member id="9">Two</member></affirmative></md5></feedback>
    </image>
    <deletedImage><member id="7">One</member><id>image-2</id></deletedImage>
  </images>
  <videos count="1"><video><member id="8">Two</member><id>image-1</id>
      <fingerprints><md5>{SHA1.hex()}</md5></fingerprints></video></videos>
</queryResult>"""


def rows(text: str | bytes) -> Rows:
    [raw] = opening.read(io.BytesIO(text if isinstance(text, bytes) else text.encode()), mapping={})
    return checked(raw)[0]


def digests(found: Rows) -> list[dict[Field, bytes]]:
    return [
        {field: matrix[place].tobytes() for field, matrix in found.digests.items() if matrix[place].any()}
        for place in range(len(found))
    ]


def words(found: Rows, field: Field) -> list[str]:
    return [row.tobytes().rstrip(b"\0").decode() for row in found.texts[field]]


@pytest.mark.parametrize(
    "envelope",
    [
        {"odata.metadata": "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media", "value": [MEDIA]},
        {"@odata.context": "http://x.example/2.0.xml/US/$metadata#Media", "value": [MEDIA]},
        {"@odata.context": "http://x.example/2.0.xml/US/$metadata#Cases", "value": [{"CaseID": "1", "Media": [MEDIA]}]},
    ],
    ids=["1.3", "2.0", "cases"],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_project_vic_in_each_version(envelope: dict[str, Any], mark: bytes) -> None:
    found = rows(mark + json.dumps(envelope).encode())
    assert digests(found) == [{Field.MD5: MD5, Field.SHA1: SHA1, Field.PDQ: PDQ}]
    assert words(found, Field.CATEGORY) == ["1"]


def test_what_stopncii_withdraws_is_gone() -> None:
    records = [
        {"signalType": "ImagePDQ", "hashValue": PDQ.hex(), "hashStatus": "Active"},
        {"signalType": "VideoMD5", "hashValue": MD5.hex(), "hashStatus": "Withdrawn"},
        {"signalType": "Text", "hashValue": "x", "hashStatus": "Active"},
    ]
    [raw] = opening.read(io.BytesIO(json.dumps({"count": 3, "hashRecords": records}).encode()), mapping={})
    found, wrong = checked(raw)
    assert digests(found) == [{Field.PDQ: PDQ}, {Field.MD5: MD5}]
    assert found.gone.tolist() == [False, True]
    assert [(one.line, one.reason) for one in wrong] == [(3, "It is of a kind that Lykta cannot compare.")]


@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: {"results": found}], ids=["list", "results"])
def test_arachnid_writes_sha1_in_base_32(wrap: Any) -> None:
    sha1 = base64.b32encode(SHA1).decode()
    record = {"sha1_base32": sha1, "sha256_hex": SHA256.hex(), "size_bytes": 5, "classification": "csam"}
    found = rows(json.dumps(wrap([record])))
    assert digests(found) == [{Field.SHA256: SHA256, Field.SHA1: SHA1}]
    assert words(found, Field.CATEGORY) == ["csam"]


def test_ncmec_names_an_entry_by_its_member_and_withdraws_it_by_that_name() -> None:
    [raw] = opening.read(io.BytesIO(ENTRIES.encode()), mapping={})
    found, wrong = checked(raw)
    assert digests(found) == [{Field.MD5: MD5, Field.SHA1: SHA1, Field.PDQ: PDQ}, {}]
    assert words(found, Field.REFERENCE) == ["7/image-1/image", "7/image-2/image"]
    assert words(found, Field.CATEGORY) == ["A1", ""]
    assert found.gone.tolist() == [False, True]
    assert [(one.line, one.reason) for one in wrong] == [(3, "md5 has 32 hexadecimal digits, and this has 40.")]


def test_an_entity_is_refused_before_it_is_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><queryResult>&b;</queryResult>'
    with pytest.raises(NotUnderstood, match="document type"):
        rows(bomb)


@pytest.mark.parametrize("text", [ENTRIES, json.dumps({"@odata.context": "#Media", "value": [MEDIA, MEDIA]})])
def test_what_comes_before_a_broken_end_is_read(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(cells, "ROWS", 1)
    monkeypatch.setattr(ncmec, "PART", 16)
    found = opening.read(io.BytesIO(text[:-30].encode()), mapping={})
    first, _ = checked(next(found))
    assert digests(first)[0][Field.MD5] == MD5
    with pytest.raises(NotUnderstood, match="broken off"):
        list(found)


@pytest.mark.parametrize("text", ['{"a": 1}', "[]", '{"value": 1', "<a", '[{"sha256_hex": nonsense}]'])
def test_another_form_is_refused_or_empty(text: str) -> None:
    with suppress(NotUnderstood):
        assert list(opening.read(io.BytesIO(text.encode()), mapping={})) == []
