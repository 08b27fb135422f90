"""A case leaves as a bundle that others' programs check: bagit, gpg, openssl, and the program in the manual."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest
from django.conf import settings
from django.test import Client
from tests.house.source import ROOT
from tests.sites.desk.scenes import ADDRESS, CONTACT, page, prove, ready_case, told, words
from tests.support.tsa import TimeStampingService, make_service, verified

from lykta.config.environment import secret
from lykta.lib.clock import now
from lykta.records.audit import days
from lykta.records.audit.models import Entry
from lykta.records.cases.actions import forgetting
from lykta.records.cases.models import Case
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

PROGRAM = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "operations" / "audit.md").read_text(), re.DOTALL)


@pytest.fixture
def case(anna: Staff) -> Case:
    """A case with an assessed item, of whose record all but the newest entries lie in a day's file."""
    case, item = ready_case()
    told(item, anna)
    days.note_day(settings.AUDIT_CHECKPOINTS.parent / "days", today=now().date())
    return case


def load(case: Case, *, desk: Client, lead: Client, **form: str) -> bytes:
    """Asked for by the analyst, agreed to by the lead, loaded."""
    address = f"/cases/{case.pk}/bundle/"
    desk.post(address, {**form, "why": "For the prosecutor."})
    prove(lead).post("/approvals/1/decide/", {"verdict": "approve"})
    response = prove(desk).post(address, form)
    assert response.headers["Content-Disposition"] == f'attachment; filename="case-{case.number}.zip"'
    assert "no-store" in response.headers["Cache-Control"]
    return b"".join(response)


def unpacked(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as bag:
        bag.extractall(folder)
    return next(folder.glob("case-*"))


def stamped(service: TimeStampingService, day: Path) -> None:
    """As a time-stamping service would; the connector has its own tests."""
    question = ["openssl", "ts", "-query", "-data", str(day), "-sha256", "-cert"]
    asked = subprocess.run(question, capture_output=True, check=True).stdout
    days.stamp_of(day).write_bytes(service.stamp(asked))


def gpg(folder: Path, home: Path) -> str:
    """What GnuPG says about the signature, with the hotline's certificate imported."""
    home.mkdir(mode=0o700)
    (home / "bundle.pub.asc").write_bytes(secret("bundle.pub.asc"))
    base = ["gpg", "--homedir", str(home), "--batch", "--status-fd", "1", "--trust-model", "always"]
    subprocess.run([*base, "--import", str(home / "bundle.pub.asc")], capture_output=True, check=True)
    signed = folder / "tagmanifest-sha256.txt"
    done = subprocess.run([*base, "--verify", f"{signed}.asc", str(signed)], capture_output=True, check=False)
    return done.stdout.decode(errors="replace")


def test_others_find_a_bundle_whole_signed_stamped_and_proven(
    case: Case, desk: Client, lead: Client, tmp_path: Path
) -> None:
    service = make_service(tmp_path / "tsa")
    [day] = days.files(settings.AUDIT_CHECKPOINTS.parent / "days")
    stamped(service, day)
    folder = unpacked(load(case, desk=desk, lead=lead), tmp_path / "out")
    bagit.Bag(str(folder)).validate()
    assert "GOODSIG" in gpg(folder, tmp_path / "gpg")
    inside = folder / "data" / "days" / day.name
    assert verified(inside, inside.with_suffix(".tsr"), service.authority) == "Verification: OK"
    assert PROGRAM
    (tmp_path / "check.py").write_text(PROGRAM[1])
    command = [sys.executable, "-I", str(tmp_path / "check.py"), str(folder / "data")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"case.opened  case:{case.pk}  holds in {day.name}" in said
    assert "case.exported" in said
    assert "no day's file covers it yet" in said
    assert "DOES NOT HOLD" not in said
    record = folder / "data" / "record.json"
    record.write_text(record.read_text().replace("worker", "nobody", 1))
    assert "DOES NOT HOLD" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_without_its_reporters_a_bundle_names_none(case: Case, desk: Client, lead: Client, tmp_path: Path) -> None:
    folder = unpacked(load(case, desk=desk, lead=lead), tmp_path)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert CONTACT.encode() not in everything
    facts = json.loads((folder / "data" / "case.json").read_text())
    assert facts["items"][0]["address"] == ADDRESS
    assert facts["items"][0]["told"][0]["rule"] == "host"
    [row] = csv.DictReader((folder / "data" / "items.csv").read_text().splitlines())
    assert (row["address"], row["country"]) == (ADDRESS, "SE")
    assert (folder / "data" / "case.pdf").read_bytes().startswith(b"%PDF-")


def test_with_its_reporters_it_is_asked_for_by_itself(case: Case, desk: Client, lead: Client, tmp_path: Path) -> None:
    folder = unpacked(load(case, desk=desk, lead=lead, whole="yes"), tmp_path)
    facts = json.loads((folder / "data" / "case.json").read_text())
    assert facts["reports"][0]["words"][0]["contact"] == CONTACT
    assert [one.word for one in Entry.objects.filter(word__startswith="case.exp")] == ["case.exported"]
    assert "disclosure" in Entry.objects.get(word="approval.used").facts


def test_an_approval_for_one_bundle_is_none_for_the_other_and_none_for_a_second(
    case: Case, desk: Client, lead: Client
) -> None:
    load(case, desk=desk, lead=lead)
    for form in ({}, {"whole": "yes"}):
        response = prove(desk).post(f"/cases/{case.pk}/bundle/", form)
        assert response.headers["Location"] == f"/cases/{case.pk}/keeping/"
    assert Entry.objects.filter(word="case.exported").count() == 1


def test_it_is_loaded_only_after_a_step_up(case: Case, desk: Client, lead: Client) -> None:
    desk.post(f"/cases/{case.pk}/bundle/", {"why": "For the prosecutor."})
    assert "A second person has to look at it first." in words(page(desk, f"/cases/{case.pk}/keeping/"))
    prove(lead).post("/approvals/1/decide/", {"verdict": "approve"})
    assert "It can be loaded once." in words(page(desk, f"/cases/{case.pk}/keeping/"))
    assert desk.post(f"/cases/{case.pk}/bundle/").status_code == 403
    assert not Entry.objects.filter(word="case.exported").exists()


def test_a_forgotten_case_cannot_be_taken_out(case: Case, desk: Client, lead: Client) -> None:
    desk.post(f"/cases/{case.pk}/bundle/", {"why": "For the prosecutor."})
    prove(lead).post("/approvals/1/decide/", {"verdict": "approve"})
    forgetting.forget(by="worker", case_number=case.pk, now=now())
    prove(desk).post(f"/cases/{case.pk}/bundle/")
    assert "there is nothing left to take out" in words(page(desk, f"/cases/{case.pk}/keeping/"))


def test_nothing_of_it_stays_on_a_disk(
    case: Case, desk: Client, lead: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "empty"))
    before = set(tmp_path.rglob("*"))
    assert load(case, desk=desk, lead=lead, whole="yes")
    assert set(tmp_path.rglob("*")) == before
