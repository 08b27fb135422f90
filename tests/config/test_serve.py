import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import pytest
from granian.server.mp import MPServer
from tests.config.conftest import Given

from lykta.config.environment import FACES
from lykta.config.serve import HEAD_BYTES, PUBLIC_FACES, front, longest_address, server_settings
from lykta.config.supervisor import PATIENCE

Start = Callable[..., Any]


@pytest.mark.parametrize("face", FACES)
def test_granian_takes_every_setting(face: str, given: Given) -> None:
    server = MPServer("", **server_settings(face, given()))
    assert (server.bind_addr, server.bind_port) == ("127.0.0.1", getattr(given(), f"{face}_port"))


@pytest.mark.parametrize("face", FACES)
def test_no_access_log_and_no_numbers_for_others(face: str, given: Given) -> None:
    server = MPServer("", **server_settings(face, given()))
    assert not server.log_access
    assert not server.metrics_enabled


def test_the_report_face_is_as_wide_as_its_settings_say(given: Given) -> None:
    environment = given(report_processes=3, report_threads=16)
    report, desk = server_settings("report", environment), server_settings("desk", environment)
    assert (report["workers"], report["blocking_threads"]) == (3, 16)
    assert (desk["workers"], desk["blocking_threads"]) == (1, 4)


def test_public_faces_take_short_addresses_but_for_what_is_shared() -> None:
    assert all(longest_address(face) < longest_address("desk") for face in PUBLIC_FACES - {"report"})


def test_a_long_message_fits_into_what_a_phone_shares_and_the_server_reads() -> None:
    """Two thousand letters of a script that takes nine characters for each, and the browser's own headers beside them."""
    longest = longest_address("report")
    assert len(quote("ဒီ" * 1_000)) < longest < HEAD_BYTES - 4_096


def test_requests_end_before_the_supervisor_loses_patience(given: Given) -> None:
    assert server_settings("report", given())["workers_kill_timeout"] < PATIENCE


def answered(application: Callable[[dict[str, Any], Start], Iterable[bytes]], path: str, query: str = "") -> Any:
    """(status, headers) of the answer to one request."""
    found: list[tuple[str, dict[str, str]]] = []
    body = application(
        {"PATH_INFO": path, "QUERY_STRING": query}, lambda status, headers: found.append((status, dict(headers)))
    )
    return found[0], b"".join(body)


def page(_environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"page"]


def broken(_environ: dict[str, Any], _start: Start) -> Iterable[bytes]:
    raise ValueError("what the reporter wrote")


def test_no_answer_names_the_program() -> None:
    assert answered(front(page, longest=10), "/a") == (
        ("200 OK", {"Content-Type": "text/plain", "Server": "web"}),
        b"page",
    )


@pytest.mark.parametrize(("path", "query", "status"), [("/12345", "6789", "200"), ("/12345", "67890", "414")])
def test_an_address_is_measured_with_its_query(path: str, query: str, status: str) -> None:
    (found, _), _ = answered(front(page, longest=10), path, query)
    assert found.startswith(status)


def test_a_fault_is_answered_and_logged_without_what_it_quotes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        (found, headers), body = answered(front(broken, longest=10), "/secret")
    assert (found, headers["Server"], body) == ("500 Internal Server Error", "web", b"")
    assert "a fault" in caplog.messages[0]
    assert "secret" not in caplog.messages[0]
    assert "wrote" not in caplog.messages[0]
