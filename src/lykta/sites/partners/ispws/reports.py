"""A report between its first request and its last: what its draft holds, and the letter that comes of it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from lykta.core.vocabulary import Asked, LetterKind
from lykta.lib import clock, codes
from lykta.lib.codes import Code
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import drafts, queries
from lykta.records.letterbox.drafts import Amended, Draft
from lykta.sites.partners.ispws.answers import Failed, Response
from lykta.sites.partners.ispws.documents import Details, Reported
from lykta.sites.partners.ispws.files import Fingerprints

OPEN, FINISHED, RETRACTED = "open", "finished", "retracted"
LARGEST_NUMBER = 2**53 - 1
"""The schema allows 63 bits; clients in JavaScript read a number, which is exact up to here."""
MOST_FILES = 1_000
"""Each one is written once more with those before it."""
MOST_CHARACTERS = 2_000_000
"""Of what is said about all files of a report together."""
OPEN_FOR = timedelta(days=2)
"""For so long after the last change the mailbox of an unfinished report stays; NCMEC's stays a day."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The partner, by its short name, and its token: who has neither can name none of its reports."""

    slug: str
    token: str

    def code(self, number: int) -> Code:
        """The code of a report. Nothing has to be remembered for it, so any process knows it after any crash."""
        return codes.derived(self.token.encode(), f"ispws {number}")


def submit(sender: Sender, reported: Reported) -> int:
    """Open a report: from here on the hotline has it, unfinished. Returns its number. Raises django.db.Error."""
    number = 1 + secrets.randbelow(LARGEST_NUMBER)
    draft = {"state": OPEN, "answers": reported.answers, "reporter": reported.reporter, "files": []}

    def begin(known: Draft | None) -> Amended:
        if known is not None:
            raise Failed(Response.SAVE_FAILED, "Nothing was stored. Send it again.")
        return Amended(draft, _letter(sender, number, draft))

    _amend(sender, number, begin)
    return number


def add_file(sender: Sender, number: int, found: Fingerprints) -> str:
    """Returns the file's number: 32 hexadecimal digits. Raises Failed and django.db.Error."""

    def add(draft: Draft) -> Draft:
        if len(draft["files"]) >= MOST_FILES:
            message = f"A report may have {MOST_FILES} files. Open another one for the rest."
            raise Failed(Response.INVALID_REQUEST, message, report=number)
        file = _file_number(sender.code(number), len(draft["files"]))
        return {**draft, "files": [*draft["files"], {"id": file, **asdict(found), "details": ""}]}

    files = _change(sender, number, add)["files"]
    return str(files[-1]["id"])


def add_details(sender: Sender, details: Details) -> None:
    """What the sender says about a file, in place of what it said before. Raises Failed and django.db.Error."""

    def add(draft: Draft) -> Draft:
        if details.file not in {file["id"] for file in draft["files"]}:
            raise Failed(Response.NO_SUCH_FILE, "The report has no such file.", report=details.report)
        files = [{**file, "details": details.text} if file["id"] == details.file else file for file in draft["files"]]
        if sum(len(file["details"]) for file in files) > MOST_CHARACTERS:
            message = "That is too much about the files of one report."
            raise Failed(Response.INVALID_REQUEST, message, report=details.report)
        return {**draft, "files": files}

    _change(sender, details.report, add)


def finish(sender: Sender, number: int) -> list[str]:
    """Nothing can be added from here on. Returns the numbers of its files. Raises Failed and django.db.Error."""
    found: list[str] = []

    def end(known: Draft | None) -> Amended:
        draft = _opened(known, sender, number)
        found[:] = [file["id"] for file in draft["files"]]
        return Amended({"state": FINISHED}, _letter(sender, number, draft), LetterKind.PARTNER)

    _amend(sender, number, end, lasting=timedelta(days=settings.ENVIRONMENT.box_days))
    return found


def retract(sender: Sender, number: int) -> None:
    """Take an unfinished report back; what the hotline has read of it by then is forgotten. Raises as `finish`.

    What was retracted already is emptied once more: whoever died in between has told its sender nothing.
    """
    code, now = sender.code(number), clock.now()

    def take_back(known: Draft | None) -> Amended:
        if known is None or known["state"] != RETRACTED:
            _opened(known, sender, number)
        return Amended({"state": RETRACTED})

    before = drafts.draft_of(code)
    _amend(sender, number, take_back)
    box = queries.box_for(code, now=now)
    if box is not None:
        letterbox.close_box(box=box, code=code, hotline_key=settings.HOTLINE_PUBLIC_KEY, now=now)
    if before is not None and before["state"] == RETRACTED:
        _opened(before, sender, number)


def _change(sender: Sender, number: int, change: Callable[[Draft], Draft]) -> Draft:
    def changed(known: Draft | None) -> Amended:
        draft = change(_opened(known, sender, number))
        return Amended(draft, _letter(sender, number, draft))

    return _amend(sender, number, changed)


def _amend(
    sender: Sender, number: int, change: Callable[[Draft | None], Amended], *, lasting: timedelta = OPEN_FOR
) -> Draft:
    now = clock.now()
    post = letterbox.Post(hotline_key=settings.HOTLINE_PUBLIC_KEY, language="en", now=now, expires_at=now + lasting)
    return drafts.amend(code=sender.code(number), post=post, change=change)


def _opened(known: Draft | None, sender: Sender, number: int) -> Draft:
    """Raises Failed where nothing can be added. A finished report is known as long as its mailbox, not its draft."""
    state = known["state"] if known else None
    if known is not None and state == OPEN:
        return known
    if state == RETRACTED:
        raise Failed(Response.ALREADY_RETRACTED, "The report was retracted.", report=number)
    if state == FINISHED or queries.box_for(sender.code(number), now=clock.now()) is not None:
        raise Failed(Response.ALREADY_FINISHED, "The report is finished.", report=number)
    raise Failed(Response.NO_SUCH_REPORT, "There is no such report.", report=number)


def _letter(sender: Sender, number: int, draft: Draft) -> dict[str, Any]:
    """As `workflow/partner_letters.py` opens it."""
    files = draft["files"]
    answers = {
        **draft["answers"],
        str(Asked.WORDS): "\n\n".join([draft["answers"][str(Asked.WORDS)], *map(_described, files)]),
        str(Asked.FINGERPRINTS): "\n".join(dict.fromkeys(f"sha256:{file['sha256']}" for file in files)),
    }
    return {
        "partner": sender.slug,
        "id": str(number),
        "reference": " · ".join(filter(None, [str(number), draft["reporter"]])),
        "answers": {asked: said for asked, said in answers.items() if said},
        "language": "en",
    }


def _described(file: dict[str, Any]) -> str:
    lines = [
        f"file: {file['name']} ({file['size']} bytes)",
        *(f"  {name}: {file[name]}" for name in ("sha256", "sha1", "md5")),
        *(f"  {line}" for line in file["details"].splitlines()),
    ]
    return "\n".join(lines)


def _file_number(code: Code, index: int) -> str:
    """Begins with a letter: some clients take digits, or digits around an `e`, for a number."""
    digits = hashlib.blake2b(f"{code} {index}".encode(), digest_size=16, person=b"lykta-fileid").hexdigest()
    return "abcdef"[int(digits[0], 16) % 6] + digits[1:]
