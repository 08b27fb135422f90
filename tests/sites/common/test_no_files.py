"""A page that asks for no file gets none: not in memory, not on a disk."""

import tempfile
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(databases=["letterbox"])


@pytest.fixture
def no_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)


@pytest.mark.usefixtures("no_temporary_file")
@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_a_file_is_read_past_and_the_words_beside_it_count(report: Client, settings: Settings, size: int) -> None:
    settings.ROOT_URLCONF = "tests.sites.report.taking"
    fields = {"files": SimpleUploadedFile("a.txt", b"x" * size), "typed": "my words"}
    assert report.post("/en/plain/", fields).json() == {"files": 0, "typed": "my words"}


@pytest.mark.usefixtures("no_temporary_file")
@pytest.mark.parametrize(("name", "path"), [("report", "/en/mailbox/"), ("partners", "/en/answer/"), ("pages", "/en/")])
def test_no_public_page_takes_a_file_by_chance(face: Callable[[str], Client], name: str, path: str) -> None:
    answer = face(name).post(path, {"code": "x", "files": SimpleUploadedFile("a.txt", b"x" * 5_000_000)})
    assert answer.status_code in {200, 405, 422}


def test_every_face_has_this_handler_and_no_other() -> None:
    assert django_settings.FILE_UPLOAD_HANDLERS == ["lykta.sites.common.no_files.NoFiles"]
