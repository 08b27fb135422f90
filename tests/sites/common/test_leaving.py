"""The way out is on every face, asks the browser to forget, and leads where the hotline wants."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pydantic import ValidationError
from pytest_django.fixtures import Settings

from lykta.config.environment import Environment
from lykta.sites import common

FACES = ["report", "partners", "pages"]
SCRIPT = Path(common.__file__).parent / "static" / "leave.js"
pytestmark = pytest.mark.usefixtures("pages")


@pytest.mark.parametrize("name", FACES)
def test_without_a_setting_an_empty_page_answers(face: Callable[[str], Client], name: str) -> None:
    response = face(name).get("/leave/")
    assert response.status_code == 200
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert b"<title>-</title></html>" in response.content
    assert b"hotline" not in response.content


@pytest.mark.parametrize("name", FACES)
def test_with_one_the_browser_is_sent_there_and_told_to_forget(
    face: Callable[[str], Client], name: str, settings: Settings
) -> None:
    settings.ENVIRONMENT = Environment(exit_url="https://weather.example/today?in=town")
    response = face(name).get("/leave/")
    assert (response.status_code, response["Location"]) == (303, "https://weather.example/today?in=town")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "ftp://a.example/", "https://", "https://a.example/\nx: y", ""]
)
def test_a_target_that_no_browser_should_follow_is_refused_at_the_start(target: str) -> None:
    with pytest.raises(ValidationError):
        Environment(exit_url=target)


@pytest.mark.parametrize("name", FACES)
def test_the_script_is_small_and_served_by_the_face_itself(face: Callable[[str], Client], name: str) -> None:
    response = face(name).get("/static/leave.js")
    assert "javascript" in response["Content-Type"]
    assert response.getvalue() == SCRIPT.read_bytes()
    assert len(SCRIPT.read_text().splitlines()) <= 25
