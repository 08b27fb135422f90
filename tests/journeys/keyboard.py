"""Deciding items at the desk by keyboard alone, counting every key, from the open queue to the decision."""

import subprocess
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect
from tests.journeys.tour import Tour
from tests.support.installation import Installation

from lykta.core.vocabulary import Asked, Choice, Topic

_COME_BACK = """
from lykta.config.loading import load
load("worker")
from lykta.core.lifecycle import Event
from lykta.lib.clock import now
from lykta.records.cases.actions import moves
from lykta.records.cases.models import Item
number = Item.objects.get(address__endswith="by-keyboard").pk
for event in (Event.WENT_AWAY, Event.CAME_BACK):
    moves.move(by="worker", item_number=number, event=event, now=now())
"""
_STATE = "SELECT state FROM cases_item WHERE address LIKE '%by-keyboard'"
_QUEUE = "/?topic=other&host=pictures.example"
"""Whatever else lies in the installation: a child in danger comes first in it."""


@dataclass(frozen=True)
class Keystrokes:
    """Keys pressed from the open queue to the decision."""

    new: int
    known: int


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str, heading: str) -> None:
        """Press a key, and read the heading of the page that comes of it."""
        self.page.keyboard.press(key)
        self.pressed += 1
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)


def keystrokes(running: Installation, browser: Browser) -> Keystrokes:
    """A new item with one Swedish host is decided, is gone, is there again and decided once more."""
    tour = Tour(running, browser, lambda page, name: None)
    seen = f"I saw this: http://pictures.example:{running.port('practice_web')}/gallery?by-keyboard"
    *_, receipt = running.pages({Asked.TOPIC: Topic.OTHER, Asked.DANGER: Choice.YES, Asked.WORDS: seen})
    assert receipt.status == 200
    tour.wait(lambda: running.sql("casebook", _STATE) == [("ready",)])
    tour.log_in()
    queue = running.url("desk") + _QUEUE
    new = decide(tour.desk, queue, new=True)
    tour.wait(lambda: running.sql("casebook", _STATE)[0] in {("referred",), ("notified",)})
    done = subprocess.run([sys.executable, "-c", _COME_BACK], env=running.environment, check=False)
    assert done.returncode == 0
    return Keystrokes(new=new, known=decide(tour.desk, queue, new=False))


def decide(page: Page, queue: str, *, new: bool) -> int:
    """Open the first case of a queue, assess its item, confirm. What is known needs no finding."""
    page.goto(queue)
    keyboard = Keyboard(page)
    keyboard.press("j", "Queue")
    keyboard.press("Enter", "Case")
    keyboard.press("e", "Assess item")
    if new:
        keyboard.press("1", "Assess item")
    keyboard.press("Enter", "Who will be told")
    keyboard.press("Enter", "Case")
    expect(page.locator(".messages")).to_contain_text("Those concerned are being told")
    return keyboard.pressed
