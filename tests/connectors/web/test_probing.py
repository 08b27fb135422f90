import asyncio
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.web import probing
from lykta.connectors.web.facts import Facts
from lykta.connectors.web.probing import Prober, sibling
from lykta.lib.outbound import Hop, Response

PAGE = Facts(title="Ours", likeness="0123456789abcdef", length=10)
NEAR = Facts(title="Ours", likeness="0123456789abcde8", length=10)
FAR = Facts(title="Ours", likeness="fedcba9876543210", length=10)


class Host:
    """Answers every made-up address the same, and counts."""

    def __init__(self, facts: Facts | None, status: int = 200) -> None:
        self.facts = facts
        self.status = status
        self.asked: list[str] = []

    async def __call__(self, address: str) -> tuple[Response, Facts] | None:
        self.asked.append(address)
        if self.facts is None:
            return None
        hops = (Hop(address, "127.10.0.1", self.status),)
        return Response(status=self.status, headers={}, body=b"", complete=True, hops=hops), self.facts


def ask(host: Host, *questions: tuple[str, Facts], now: Callable[[], float] = lambda: 0.0) -> list[bool]:
    async def story() -> list[bool]:
        prober = Prober(fetch=host, now=now)
        return [await prober.is_for_everything(address, facts) for address, facts in questions]

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("host", "same"),
    [
        (Host(PAGE), True),
        (Host(NEAR), True),
        (Host(FAR), False),
        (Host(Facts(title="Other", likeness=PAGE.likeness)), False),
        (Host(Facts(title="Ours")), False),
        (Host(PAGE, status=404), False),
        (Host(None), False),
    ],
)
def test_a_page_that_the_host_shows_for_a_made_up_name_is_for_everything(host: Host, *, same: bool) -> None:
    assert ask(host, ("http://a.test/x/y.html", PAGE)) == [same]
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        ("http://a.test/", PAGE),
        ("http://a.test", PAGE),
        ("http://a.test/x", Facts(title="Ours", likeness="")),
        ("http://a.test/x", Facts(title="Ours", likeness=PAGE.likeness, media=3)),
    ],
)
def test_start_pages_pages_without_words_and_pages_with_media_are_not_probed(address: str, facts: Facts) -> None:
    host = Host(facts)
    assert ask(host, (address, facts)) == [False]
    assert host.asked == []


def test_a_host_is_asked_once_a_day() -> None:
    host, hours = Host(PAGE), count()
    found = ask(host, *[("http://a.test/x", PAGE)] * 30, now=lambda: next(hours) * 3600.0)
    assert found == [True] * 30
    assert len(host.asked) == 2


def test_looks_at_the_same_time_share_one_question() -> None:
    host = Host(PAGE)

    async def story() -> list[bool]:
        prober = Prober(fetch=host)
        return await asyncio.gather(*(prober.is_for_everything("http://a.test/x", PAGE) for _ in range(5)))

    assert asyncio.run(story()) == [True] * 5
    assert len(host.asked) == 1


def test_each_host_and_port_is_asked_for_itself() -> None:
    host = Host(PAGE)
    ask(host, ("http://a.test/x", PAGE), ("http://a.test:8080/x", PAGE), ("https://a.test/x", PAGE))
    assert len(host.asked) == 3


def test_the_oldest_hosts_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST_HOSTS", 2)
    host = Host(PAGE)
    ask(host, *((f"http://{name}.test/x", PAGE) for name in ("a", "b", "c", "a", "c")))
    assert len(host.asked) == 4


@pytest.mark.parametrize(
    ("address", "start", "end"),
    [
        ("http://a.test/x/y.html?q=1#z", "http://a.test/x/", ".html"),
        ("http://a.test:81/x/y/", "http://a.test:81/x/", ""),
        ("https://a.test/x", "https://a.test/", ""),
    ],
)
def test_a_sibling_lies_in_the_same_folder_and_ends_alike(address: str, start: str, end: str) -> None:
    found = sibling(address)
    assert found.startswith(start)
    assert len(found) == len(start) + 16 + len(end)
    assert found.endswith(end)
    assert sibling(address) != found


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="[]?#"), max_size=50))
def test_a_sibling_is_always_at_the_same_host(path: str) -> None:
    assert urlsplit(sibling(f"http://a.test/{path}")).netloc == "a.test"
