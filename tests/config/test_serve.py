import pytest
from gunicorn.config import Config
from tests.config.conftest import Given

from lykta.config.environment import FACES
from lykta.config.serve import PUBLIC_FACES, server_settings
from lykta.config.supervisor import PATIENCE


@pytest.mark.parametrize("face", FACES)
def test_gunicorn_takes_every_setting(face: str, given: Given) -> None:
    config = Config()
    for name, value in server_settings(face, given()).items():
        config.set(name, value)
    assert config.address == [("127.0.0.1", getattr(given(), f"{face}_port"))]


@pytest.mark.parametrize("face", FACES)
def test_no_access_log_and_no_control_socket(face: str, given: Given) -> None:
    found = server_settings(face, given())
    assert found["accesslog"] is None
    assert found["control_socket_disable"] is True


def test_the_report_face_is_as_wide_as_its_settings_say(given: Given) -> None:
    environment = given(report_processes=3, report_threads=16)
    report, desk = server_settings("report", environment), server_settings("desk", environment)
    assert (report["workers"], report["threads"]) == (3, 16)
    assert (desk["workers"], desk["threads"]) == (1, 4)


def test_public_faces_take_short_request_lines_only(given: Given) -> None:
    limits = {face: server_settings(face, given())["limit_request_line"] for face in FACES}
    assert all(limits[face] < limits["desk"] for face in PUBLIC_FACES)


def test_requests_end_before_the_supervisor_loses_patience(given: Given) -> None:
    assert server_settings("report", given())["graceful_timeout"] < PATIENCE
