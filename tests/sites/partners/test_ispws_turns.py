"""No company keeps another from reporting through the CyberTipline interface: neither by many requests nor long files."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.sites import letters
from tests.sites.partners.company import Company, failed, read, report_xml, streamed
from tests.sites.partners.sending import new_partner

from lykta.lib import clock
from lykta.sites.partners.ispws import turns, views
from lykta.sites.partners.ispws.answers import Response

pytestmark = pytest.mark.django_db(databases=["letterbox"])
UPLOAD = views.endpoint("POST", views.upload)


@pytest.fixture
def other(company: Company) -> Company:
    return Company(company.client, new_partner("example-games", scopes="cybertip"), "example-games")


@pytest.fixture
def third(company: Company) -> Company:
    return Company(company.client, new_partner("example-video", scopes="cybertip"), "example-video")


def busy(response: Any, seconds: int) -> str:
    """What a client is told that is to come back: a code that it tries again after, and when."""
    assert response.headers["Retry-After"] == str(seconds)
    answer = read(response)
    assert (answer["status"], failed(answer)) == (503, Response.SERVER_ERROR)
    return str(answer["responseDescription"])


def submitted(company: Company) -> Any:
    return company.client.post("/ispws/submit", report_xml(), content_type="text/xml", headers=company.headers)


@pytest.fixture
def a_few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns.REQUESTS, "burst", 3)


@pytest.mark.usefixtures("a_few_requests")
def test_who_asks_too_often_is_told_when_to_come_back_and_nothing_is_stored(company: Company) -> None:
    for _ in range(3):
        assert submitted(company).status_code == 200
    assert "Wait 30 seconds" in busy(submitted(company), turns.LATER)
    assert len(letters.kinds()) == 3


@pytest.mark.usefixtures("a_few_requests")
def test_who_waits_goes_on(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        response = submitted(company)
    later = clock.now() + timedelta(seconds=int(response.headers["Retry-After"]))
    monkeypatch.setattr(clock, "now", lambda: later)
    assert submitted(company).status_code == 200


@pytest.mark.usefixtures("a_few_requests")
def test_who_asks_too_often_holds_up_nobody_else(company: Company, other: Company) -> None:
    for _ in range(5):
        submitted(company)
    assert submitted(company).status_code == 503
    assert submitted(other).status_code == 200


@pytest.mark.usefixtures("a_few_requests")
def test_a_stranger_uses_up_nobodys_turns(company: Company) -> None:
    for _ in range(5):
        assert submitted(Company(company.client, "wrong", company.slug)).status_code == 401
    assert submitted(company).status_code == 200


def test_a_letterbox_that_fails_says_when_to_come_back(company: Company) -> None:
    with letters.failing("INSERT"):
        assert submitted(company).headers["Retry-After"] == "60"


# Long files


class Slow:
    """The body of a form with a file, in the middle of which something else happens."""

    def __init__(self, number: int, meanwhile: Callable[[], object], *, breaks: bool = False) -> None:
        self._parts = self._made(number, meanwhile, breaks=breaks)

    def _made(self, number: int, meanwhile: Callable[[], object], *, breaks: bool) -> Iterator[bytes]:
        yield f'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'.encode()
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        yield b"some "
        meanwhile()
        if breaks:
            raise ConnectionResetError
        yield b"bytes\r\n--x--\r\n"

    def read(self, _size: int | None = None) -> bytes:
        return next(self._parts, b"")


def upload(company: Company, number: int, meanwhile: Callable[[], object] = bool, *, breaks: bool = False) -> Any:
    return UPLOAD(streamed(company, Slow(number, meanwhile, breaks=breaks)))


def upload_while(company: Company, others: list[Company], then: Callable[[], object]) -> int:
    """Files of these companies are on their way while `then` happens; returns how many of them arrived."""
    if not others:
        then()
        return 0
    first, *rest = others
    inner: list[int] = []
    response = upload(first, first.submit(), lambda: inner.append(upload_while(company, rest, then)))
    return sum(inner) + int(read(response)["responseCode"] == 0)


def test_a_third_file_of_one_company_waits_and_the_two_arrive(company: Company, other: Company) -> None:
    number = company.submit()
    told = []

    def meanwhile() -> None:
        told.append(busy(upload(company, number), turns.SOON))
        assert submitted(company).status_code == 200
        assert read(upload(other, other.submit()))["responseCode"] == 0

    assert upload_while(company, [company, company], meanwhile) == 2
    assert told == ["You may send 2 files at a time. Send it again in 10 seconds."]
    assert read(upload(company, number))["responseCode"] == 0


def test_one_of_the_threads_is_left_whatever_all_companies_send(
    company: Company, other: Company, third: Company
) -> None:
    number = third.submit()
    told = []

    def meanwhile() -> None:
        told.append(busy(upload(third, number), turns.SOON))
        assert submitted(third).status_code == 200

    assert upload_while(company, [company, other, company], meanwhile) == 3
    assert told == ["Others are sending files just now. Send it again in 10 seconds."]
    assert read(upload(third, number))["responseCode"] == 0


def test_a_file_that_is_refused_is_not_read(company: Company) -> None:
    number = company.submit()

    class Untouchable:
        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

    told = []
    upload_while(company, [company] * 2, lambda: told.append(UPLOAD(streamed(company, Untouchable()))))
    busy(told[0], turns.SOON)
    assert read(upload(company, number))["responseCode"] == 0


def test_files_whose_lines_broke_take_no_place_for_ever(company: Company) -> None:
    number = company.submit()
    for _ in range(turns.UPLOADS + 1):
        assert failed(read(upload(company, number, breaks=True))) == Response.FILE_UPLOAD_FAILED
    assert read(upload(company, number))["responseCode"] == 0
