import json
import sys
from pathlib import Path

import pytest
from tests.connectors.rdap.anonymise import Names, anonymise, main


def test_structure_stays_and_names_go() -> None:
    answer = {
        "handle": "NET-HOST-ONE",
        "name": "HOST-ONE",
        "startAddress": "198.051.100.000",
        "endAddress": "198.51.100.255/32",
        "links": [{"href": "https://host-one.test/"}],
        "entities": [
            {
                "handle": "PERSON-1",
                "roles": ["abuse"],
                "vcardArray": [
                    "vcard",
                    [
                        ["fn", {}, "text", "Kim Person"],
                        ["email", {"pref": "1"}, "text", "Kim@Host-One.test"],
                        ["email", {}, "text", "hostmaster@ripe.net"],
                        ["adr", {"label": "Street 1"}, "text", ["", "", "Street 1", "Lund", "", "", "SE"]],
                        ["note", {}, "text", "Kim"],
                    ],
                ],
            }
        ],
        "remarks": [{"title": "About Kim", "description": ["Abuse: abuse-desk@host-one.test", "Kim was here"]}],
    }
    found = anonymise(answer, Names())
    assert found == {
        "handle": "HANDLE-1",
        "name": "NETWORK-1",
        "startAddress": "192.000.002.000",
        "endAddress": "192.0.2.255/32",
        "entities": [
            {
                "handle": "HANDLE-2",
                "roles": ["abuse"],
                "vcardArray": [
                    "vcard",
                    [
                        ["fn", {}, "text", "Holder 1"],
                        ["email", {"pref": "1"}, "text", "person1@host1.example"],
                        ["email", {}, "text", "hostmaster@ripe.net"],
                        ["adr", {}, "text", ["", "", "", "", "", "", "SE"]],
                    ],
                ],
            }
        ],
        "remarks": [
            {
                "title": "Words about other things",
                "description": ["For abuse write to abuse@host1.example", "Words about other things"],
            }
        ],
    }


def test_a_file_of_captured_answers_becomes_shapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    captured = tmp_path / "captured.json"
    answer = {"response": {"handle": "N"}, "asn_data": {"asn_registry": "arin"}}
    captured.write_text(json.dumps({"198.51.100.7": answer}))
    monkeypatch.setattr(sys, "argv", ["anonymise", str(captured)])
    main()
    shapes = json.loads(capsys.readouterr().out)
    assert shapes == [{"registry": "arin", "asked": "192.0.2.7", "answer": {"handle": "HANDLE-1"}}]
