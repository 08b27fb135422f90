"""The mail server of everybody who is told: takes mail over SMTP and keeps it as it came, one file each."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP

from lykta.practice import atlas
from lykta.practice.rdap import REGISTRAR
from lykta.practice.returning import give_back
from lykta.practice.servers import settle
from lykta.practice.settings import HOME, PracticeSettings

POLICE = "police@polis.test"
POLDER_HOTLINE = "hotline@polder-hotline.test"
LOTUS_HOTLINE = "hotline@lotus-hotline.test"
FULL = "full@polis.test"
SLOW = "slow@polis.test"
MOVED = "moved@polis.test"
MAILBOXES = (
    POLICE,
    POLDER_HOTLINE,
    LOTUS_HOTLINE,
    *(network.abuse for network in atlas.NETWORKS if network.abuse),
    REGISTRAR,
    FULL,
    SLOW,
    MOVED,
)
_FULL_TIMES = 2
_SLOW_MAIL_SECONDS = 2.0


def mail_folder(settings: PracticeSettings) -> Path:
    return settings.folder / "mail"


def returned_folder(settings: PracticeSettings) -> Path:
    """The Maildir of what comes back to the hotline."""
    return settings.folder / "returned"


@asynccontextmanager
async def serve_mail(settings: PracticeSettings, on_mail: Callable[[str, bytes], None]) -> AsyncIterator[None]:
    """Take mail until left. `on_mail` is given the mailbox and the raw message once it is kept."""
    postman = _Postman(settings, on_mail)
    loop = asyncio.get_running_loop()
    conversations: WeakSet[Any] = WeakSet()

    def converse() -> asyncio.Protocol:
        conversation = SMTP(postman, hostname="mail.practice.test", enable_SMTPUTF8=True, loop=loop)
        conversations.add(conversation)
        protocol: asyncio.Protocol = conversation
        return protocol

    server = await loop.create_server(converse, HOME, settings.smtp_port)
    try:
        yield
    finally:
        server.close()
        await settle()
        for conversation in conversations:
            if conversation.transport is not None:
                conversation.transport.abort()
        await settle()


class _Postman:
    """The hooks that aiosmtpd calls; their names are its own."""

    def __init__(self, settings: PracticeSettings, on_mail: Callable[[str, bytes], None]) -> None:
        self._home = settings
        self._folder = mail_folder(settings)
        self._on_mail = on_mail
        self._turned_away: Counter[str] = Counter()
        self._number = count()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        del server, session, options
        mailbox = address.lower()
        if mailbox not in MAILBOXES:
            return "550 5.1.1 There is no such mailbox"
        if mailbox == FULL and self._turned_away[mailbox] < _FULL_TIMES:
            self._turned_away[mailbox] += 1
            return "452 4.2.2 The mailbox is full, try again later"
        if mailbox == SLOW:
            await asyncio.sleep(_SLOW_MAIL_SECONDS)
        envelope.rcpt_tos.append(mailbox)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        del server, session
        for mailbox in dict.fromkeys(envelope.rcpt_tos):
            if mailbox == MOVED:
                give_back(returned_folder(self._home), mailbox, envelope.content)
                continue
            self._keep(mailbox, envelope.content)
            self._on_mail(mailbox, envelope.content)
        return "250 2.0.0 Kept"

    def _keep(self, mailbox: str, raw: bytes) -> None:
        folder = self._folder / mailbox
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{time.time_ns()}-{next(self._number)}.eml"
        part = file.with_suffix(".part")
        part.write_bytes(raw)
        part.replace(file)
