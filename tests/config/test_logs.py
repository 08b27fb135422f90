import logging
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.config import logs

Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """What the log holds. The root logger is put back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def fail_with(text: str) -> None:
    raise ValueError(text)


def test_a_line_holds_time_name_level_and_text(written: Written) -> None:
    logs.set_up("work", public=False)
    logging.getLogger("lykta.workflow.worker").warning("step %s failed", "trace")
    line = written()
    time, name, level, text = line.split(maxsplit=3)
    assert (name, level, text) == ("work", "WARNING", "step trace failed\n")
    assert time.endswith("Z")
    assert logs.is_line(line)


def test_the_lines_of_all_processes_stand_below_each_other() -> None:
    starts = [logs.line(name, "INFO", "text").index("INFO") for name in ("desk", "partners", "up")]
    assert len(set(starts)) == 1


@given(st.text())
def test_nobody_can_forge_a_second_line(text: str) -> None:
    assert logs.line("report", "INFO", text).isprintable()
    assert len(logs.line("report", "INFO", text).splitlines()) == 1


@pytest.mark.parametrize("public", [True, False])
def test_an_exception_is_its_class_and_its_place_and_never_its_message(public: bool, written: Written) -> None:  # noqa: FBT001
    logs.set_up("report", public=public)
    try:
        fail_with("what the reporter wrote")
    except ValueError:
        logging.getLogger("lykta.sites").exception("the page failed")
    line = written()
    assert "ValueError in test_logs.py:" in line
    assert "fail_with" in line
    assert "reporter wrote" not in line


def test_the_cause_of_an_exception_is_named_too() -> None:
    try:
        try:
            fail_with("inner words")
        except ValueError as error:
            raise KeyError("outer words") from error
    except KeyError as error:
        found = logs.places(error)
    assert found.startswith("KeyError in ")
    assert ", after ValueError in " in found
    assert "words" not in found


@pytest.mark.parametrize(
    ("logger", "message"),
    [
        ("django.request", "Not Found: /sv/http://pictures.example/"),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'secret.example'"),
    ],
)
def test_a_public_face_never_logs_what_a_visitor_sent(logger: str, message: str, written: Written) -> None:
    logs.set_up("report", public=True)
    logging.getLogger(logger).warning(message)
    line = written()
    assert line.count("\n") == 1
    for secret in ("secret", "pictures", "192.0.2.7"):
        assert secret not in line


@pytest.mark.parametrize("public", [True, False])
def test_only_the_first_line_of_what_the_server_says_is_kept(public: bool, written: Written) -> None:  # noqa: FBT001
    logs.set_up("desk", public=public)
    logging.getLogger("_granian.utils").error("Application callable raised an exception\nKeyError: 'their words'")
    assert written().endswith(" Application callable raised an exception\n")


def test_a_public_face_does_log_that_a_request_failed(written: Written) -> None:
    logs.set_up("report", public=True)
    logging.getLogger("django.request").error("Internal Server Error: %s", "/sv/x", extra={"status_code": 500})
    assert "a request was answered with 500" in written()


def test_a_flood_does_not_fill_the_log(written: Written) -> None:
    logs.set_up("report", public=True)
    logging.getLogger("django.request").warning("Too Many Requests: %s", "/sv/x", extra={"status_code": 429})
    assert written() == ""
