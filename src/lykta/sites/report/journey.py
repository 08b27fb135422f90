"""A report that is being written. No session and no cookie: it travels from page to page, sealed, in the form itself.

The seal is this face's own (`form.key`): the reporter's device keeps nothing that others could read, and nobody can
change what the journey says. It holds the receipt code, too, so that pressing a button twice is one report.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from lykta.core import asking
from lykta.core.asking import Page, Told
from lykta.core.vocabulary import Asked, Topic
from lykta.lib import codes, sealing
from lykta.lib.codes import Code

SECONDS = 86_400
"""How long a page may lie open: a day. What was said before stays with the hotline in any case."""
CHARACTERS = 250_000
"""Of all answers together: what a page carries stays within what a face accepts."""

_PAGES: dict[str, Page] = {str(page): page for page in (*Asked, *Told)}


@dataclass(frozen=True, kw_only=True)
class Journey:
    """What was said so far, and where the reporter is: `at` is None on the check page.

    `stored`: the fingerprint of what lies in the letterbox, empty while nothing does. `checked`: the reporter has seen
    the check page and changes one answer. `files` are the numbers of the uploads that belong to it. `link` is the code
    of the partner's link that it began with; it is counted, and never becomes part of the report.
    """

    code: Code
    started: int
    answers: Mapping[Asked, str] = field(default_factory=dict)
    at: Page | None = Asked.TOPIC
    stored: str = ""
    checked: bool = False
    files: tuple[str, ...] = ()
    link: str = ""

    @classmethod
    def new(cls, now: datetime, *, link: str = "") -> "Journey":
        return cls(code=codes.new(), started=int(now.timestamp()), link=link)

    @classmethod
    def read(cls, carried: str, now: datetime) -> "Journey | None":
        """What `carried` made; None for what is too old, damaged, made up or of another version."""
        try:
            sealed = sealing.Sealed(base64.urlsafe_b64decode(carried))
            found = sealing.unlock(sealed, key=settings.FORM_KEY)
            journey = cls(
                code=Code(found["code"]),
                started=found["started"],
                answers={Asked(asked): said for asked, said in found["answers"].items()},
                at=_PAGES.get(found["at"]),
                stored=found["stored"],
                checked=found["checked"],
                files=tuple(found["files"]),
                link=found["link"],
            )
        except (sealing.CannotOpen, KeyError, ValueError):
            return None
        return journey if 0 <= now.timestamp() - journey.started <= SECONDS else None

    def carried(self) -> str:
        """The hidden field: sealed, in letters and digits."""
        content = {
            "code": self.code,
            "started": self.started,
            "answers": {str(asked): said for asked, said in self.answers.items()},
            "at": str(self.at or ""),
            "stored": self.stored,
            "checked": self.checked,
            "files": list(self.files),
            "link": self.link,
        }
        return base64.urlsafe_b64encode(sealing.lock(content, key=settings.FORM_KEY)).decode()

    @property
    def expires_at(self) -> datetime:
        """Until when the mailbox of the report works: to the end of the day that the receipt names."""
        last = datetime.fromtimestamp(self.started, UTC) + timedelta(days=settings.ENVIRONMENT.box_days)
        return last.replace(hour=23, minute=59, second=59)

    @cached_property
    def path(self) -> tuple[Page, ...]:
        return asking.path(self.answers, files=settings.ENVIRONMENT.attachment_topics)

    @property
    def fields(self) -> tuple[Asked, ...]:
        """What its page asks: nearly always one thing."""
        return self._asked_on(self.at)

    @property
    def begun(self) -> bool:
        """Whether something of it lies in the letterbox."""
        return bool(self.stored)

    @property
    def safe(self) -> bool:
        """Whether all of it lies in the letterbox."""
        return self.stored == self._fingerprint

    def kept(self) -> "Journey":
        """After all of it was stored."""
        return replace(self, stored=self._fingerprint)

    @property
    def length(self) -> int:
        """Characters of all answers."""
        return sum(map(len, self.answers.values()))

    @property
    def ready(self) -> bool:
        """Whether it could be sent as it is."""
        return not asking.missing(self.answers)

    def said(self, answers: Mapping[Asked, str]) -> "Journey":
        """With these answers; empty ones are left out."""
        kept = {asked: said for asked, said in {**self.answers, **answers}.items() if said}
        return replace(self, answers=kept)

    def onward(self) -> "Journey":
        """To the next page. After a change from the check page: back to it, unless something is missing now.

        What an answer brings up at once, as the emergency number, is said in any case.
        """
        pages = self.path
        rest: tuple[Page, ...] = pages[pages.index(self.at) + 1 :] if self.at in pages else pages
        if self.checked and not (isinstance(self.at, Asked) and rest and isinstance(rest[0], Told)):
            rest = asking.missing(self.answers)
        return replace(self, at=next(iter(rest), None))

    def back(self) -> "Journey":
        """To the page before; from the first one to itself."""
        pages = self.path
        here = pages.index(self.at) if self.at in pages else len(pages)
        return replace(self, at=pages[max(here - 1, 0)], checked=False)

    def to_check(self) -> "Journey":
        """To the check page, or to what has to be said or answered before."""
        return replace(self, checked=True).onward()

    def content(self, language: str) -> dict[str, Any]:
        """What the hotline will read: what the check page shows, and no answer to a question that fell away since."""
        asked = {one for page in self.path for one in self._asked_on(page)}
        return {
            "answers": {str(one): said for one, said in self.answers.items() if one in asked},
            "files": list(self.files),
            "language": language,
        }

    def _asked_on(self, page: Page | None) -> tuple[Asked, ...]:
        if page is Told.EMERGENCY:
            return (Asked.COUNTRY,)
        if page is Asked.WHERE and asking.topic_of(self.answers) is Topic.OWN_PICTURE:
            return (Asked.WHERE, Asked.FINGERPRINTS)
        return (page,) if isinstance(page, Asked) and page is not Asked.FILES else ()

    @cached_property
    def _fingerprint(self) -> str:
        content = json.dumps(self.content(""), sort_keys=True)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
