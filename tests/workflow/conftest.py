"""A small world of console twins: a Swedish host, a Dutch one, one behind a delivery network, one that is not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from lykta.connectors.console.connector import (
    ConsoleCaller,
    ConsoleGeography,
    ConsoleLooker,
    ConsoleNames,
    ConsolePost,
    ConsoleRegistry,
    ConsoleReturns,
)
from lykta.connectors.contract import AbuseContact, Hop, Look, NameAnswer, Place, PlaceKind, Registration
from lykta.core.labels import Offence
from lykta.core.vocabulary import Outcome, RecipientKind, Role
from lykta.lib import clock, codes, sealing
from lykta.lib.codes import Code
from lykta.lib.labels import label_set
from lykta.records.cases.models import Item
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.workflow import judging
from lykta.workflow.house import House, Outside, Staffroom, World
from lykta.workflow.worker import Worker

SWEDISH = "http://bilder.nordhost.test/1"
DUTCH = "http://foto.polderhost.test/2"
BEHIND_CDN = "http://album.example/3"
NOT_THERE = "http://nowhere.test/4"
HOTLINE_KEY = sealing.new_private_key()
LAW = (Offence(law="§ 1", findings=frozenset({"csam"}), natures=frozenset({"real", "unknown"})),)
HOLD = timedelta(hours=48)


def _place(country: str, *, cdn: bool = False) -> tuple[Place, ...]:
    first = Place(
        country=country, asn=64500, holder=f"Host in {country}", cdn=cdn, source="test", dated=date(2026, 1, 1)
    )
    second = Place(
        country=country,
        asn=None,
        holder="",
        cdn=False,
        source="second",
        dated=date(2026, 1, 2),
        kind=PlaceKind.COUNTRY,
    )
    return (first, second)


def _there(address: str) -> Look:
    hops = (Hop(address=address, ip="192.0.2.1", status=200),)
    return Look(outcome=Outcome.PRESENT, hops=hops, status=200, media_type="text/html", title="A page", sha256="a" * 64)


def _network(address: str, email: str) -> Registration:
    contacts = (AbuseContact(email=email, rank=1, found_in="role abuse"),)
    return Registration(subject=address, holder="Host", contacts=contacts, source="rdap.test")


@dataclass
class Hotline:
    """A whole hotline over the twins, with a clock that the test moves."""

    world: World
    post: ConsolePost
    returns: ConsoleReturns
    looks: dict[str, Any]
    worker: Worker
    time: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)
    boxes: dict[str, Code] = field(default_factory=dict)

    def wait(self, delta: timedelta) -> None:
        self.time += delta

    def work(self) -> None:
        """Let the worker do everything that is due now."""
        self.worker._clocks.clear()
        for _ in range(30):
            if not self.worker.run_once():
                return
            self.worker._clocks.clear()
        raise AssertionError("the worker does not come to rest")

    def receive(self, text: str, *, code: Code | None = None, sent: bool = True, **answers: str) -> Code:
        """Somebody reports, or stops before they have `sent` it; returns their code."""
        code = code or codes.new()
        content = {"answers": {"topic": "web", "where": text, **answers}, "language": "en"}
        key = sealing.public_key(HOTLINE_KEY)
        post = letterbox.Post(
            hotline_key=key, language="en", now=clock.now(), expires_at=clock.now() + timedelta(days=365)
        )
        put = letterbox.drop_report if sent else letterbox.keep_part
        put(content=content, code=code, post=post)
        return code

    def reply(self, code: Code, **content: str) -> None:
        """The holder of a code writes back."""
        box = letterbox_queries.box_for(code, now=clock.now())
        assert box is not None
        key = sealing.public_key(HOTLINE_KEY)
        letterbox.drop_reply(box=box, code=code, content=content, hotline_key=key, now=clock.now())

    def read(self, code: Code) -> list[dict[str, Any]]:
        """What lies in the mailbox of a code."""
        box = letterbox_queries.box_for(code, now=clock.now())
        assert box is not None
        return [one.content for one in letterbox_queries.delivered_to(box, code)]

    def assess(self, by: Staff, address: str, **answers: str) -> None:
        """An analyst assesses an item, seeing first who will be told."""
        item = Item.objects.get(address=address)
        given = {"finding": "csam", **answers}
        shown = judging.preview(item=item, given=given, house=self.world.house)
        judging.confirm(by=by, item=item, given=given, token=shown.token, house=self.world.house)

    def sent_to(self, email: str) -> list[str]:
        """The texts of the mails to somebody."""
        return [message.text for message in self.post.sent if message.to == email]

    def code_sent_to(self, email: str, which: int = -1) -> Code:
        """The code that a recipient was sent."""
        lines = self.sent_to(email)[which].splitlines()
        place = next(at for at, line in enumerate(lines) if line.endswith("type this code:"))
        return codes.read(lines[place + 2])


@pytest.fixture
def hotline(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    settings.KEYRING = tmp_path / "keyring"
    settings.FORGOTTEN = tmp_path / "forgotten"
    for kind, country, email in (
        (RecipientKind.POLICE, "SE", "police@polis.test"),
        (RecipientKind.HOTLINE, "NL", "hotline@polder-hotline.test"),
    ):
        referrals.set_recipient(by="test", kind=kind, country=country, name=country, email=email, key="key")
    made = _make(tmp_path)
    for module in _clock_users():
        monkeypatch.setattr(f"{module}.now", lambda: made.time)
    monkeypatch.setattr(clock, "now", lambda: made.time)
    return made


def _make(folder: Path) -> Hotline:
    looks: dict[str, Any] = {one: _there(one) for one in (SWEDISH, DUTCH, BEHIND_CDN)}
    post, returns = ConsolePost(), ConsoleReturns()
    outside = Outside(
        names=ConsoleNames(
            {
                "bilder.nordhost.test": NameAnswer(
                    name="bilder.nordhost.test", exists=True, addresses=("192.0.2.1", "192.0.2.2")
                ),
                "foto.polderhost.test": NameAnswer(
                    name="foto.polderhost.test", exists=True, addresses=("198.51.100.1",)
                ),
                "album.example": NameAnswer(
                    name="album.example", exists=True, chain=("album.veil.test",), addresses=("203.0.113.1",)
                ),
            }
        ),
        registry=ConsoleRegistry(
            networks={
                "192.0.2.1": _network("192.0.2.1", "abuse@nordhost.test"),
                "198.51.100.1": _network("198.51.100.1", "abuse@polderhost.test"),
            },
            domains={"nordhost.test": Registration(subject="nordhost.test", registrar="A registrar")},
        ),
        geography=ConsoleGeography(
            {
                "192.0.2.1": _place("SE"),
                "192.0.2.2": _place("SE"),
                "198.51.100.1": _place("NL"),
                "203.0.113.1": _place("US", cdn=True),
            }
        ),
        looker=ConsoleLooker(looks),
        post=post,
        returns=returns,
        caller=ConsoleCaller(),
    )
    house = House(
        name="Practice hotline",
        home="SE",
        label_set=label_set("lykta-1"),
        offences=LAW,
        decides_known=True,
        hold=HOLD,
        look_every=timedelta(hours=1),
        box_days=365,
        report_url="http://report.hotline.test",
        partners_url="http://partners.hotline.test",
        mail_from="desk@hotline.test",
    )
    staffroom = Staffroom(
        private_key=HOTLINE_KEY,
        public_folder=folder / "public",
        checkpoints=folder / "audit" / "checkpoints.txt",
        indexes=folder / "matching",
    )
    world = World(house=house, outside=outside, staffroom=staffroom)
    return Hotline(world=world, post=post, returns=returns, looks=looks, worker=Worker(world, threads=1))


def _clock_users() -> list[str]:
    rooms = (
        "arriving",
        "attachments",
        "letters",
        "matching",
        "offering",
        "tracing",
        "judging",
        "opinions",
        "telling",
        "story",
        "publishing",
        "worker",
    )
    records = ["lykta.records.audit.actions", "lykta.records.matching.actions", "lykta.records.matching.importing"]
    return [*records, *(f"lykta.workflow.{room}" for room in (*rooms, "webhooks"))]


@pytest.fixture
def anna(hotline: Hotline) -> Staff:
    """Anna is an analyst."""
    return people.invite(by="test", username="anna", password="a long enough password", role=Role.ANALYST)


Gone = Callable[[str], None]


@pytest.fixture
def gone(hotline: Hotline) -> Gone:
    """Take something down at its host."""

    def take_down(address: str) -> None:
        hotline.looks[address] = Look(outcome=Outcome.MISSING, status=404, reason="404")

    return take_down


@contextmanager
def outside_of(hotline: Hotline, **changes: Any) -> Iterator[None]:
    """The same hotline with other doors to the outside for a while."""
    before = hotline.worker.world
    hotline.worker.world = replace(before, outside=replace(before.outside, **changes))
    try:
        yield
    finally:
        hotline.worker.world = before


__all__ = ["BEHIND_CDN", "DUTCH", "HOLD", "NOT_THERE", "SWEDISH", "Gone", "Hotline", "outside_of"]
