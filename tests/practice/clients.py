"""Small clients for the tests: they ask the practice world as any stranger would."""

import http.client
import json
import smtplib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import dns.message
import dns.query

from lykta.practice.settings import HOME, REGISTRY, PracticeSettings
from lykta.practice.world import World

PATIENCE = 3.0


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(world: World, name: str, kind: str = "A", *, timeout: float = PATIENCE) -> dns.message.Message:
    """The name server's answer, over UDP and, if it is too long for that, over TCP."""
    query = dns.message.make_query(name, kind)
    port = world.settings.dns_port
    answer, _ = dns.query.udp_with_fallback(query, HOME, timeout=timeout, port=port)
    return answer


def values(answer: dns.message.Message) -> list[str]:
    return [record.to_text() for rrset in answer.answer for record in rrset]


def fetch(
    world: World,
    address: str,
    path: str,
    *,
    host: str = "",
    timeout: float = PATIENCE,
    port: int = 0,
    method: str = "GET",
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One HTTP request to an IP address, with the Host header of a site; redirects are not followed."""
    body = urlencode(form) if form is not None else None
    sent = {"Host": host or address, **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection(address, port or world.settings.web_port, timeout=timeout)) as connection:
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def page(world: World, path: str = "/", **others: Any) -> Reply:
    """The world's own page, asked for by its own address unless told otherwise."""
    others.setdefault("host", f"{HOME}:{world.settings.page_port}")
    return fetch(world, HOME, path, port=world.settings.page_port, **others)


def rdap(world: World, path: str, **others: Any) -> Reply:
    return fetch(world, REGISTRY, path, port=world.settings.rdap_port, **others)


def rdap_json(world: World, path: str) -> dict[str, Any]:
    reply = rdap(world, path)
    assert reply.status == 200
    content: dict[str, Any] = json.loads(reply.body)
    return content


def send(settings: PracticeSettings, mailbox: str, text: str, *, subject: str = "A notice") -> bytes:
    """Send a plain mail; returns the bytes that went out."""
    raw = f"From: desk@hotline.test\r\nTo: {mailbox}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    send_raw(settings, mailbox, raw)
    return raw


def send_raw(settings: PracticeSettings, mailbox: str, raw: bytes) -> None:
    with smtplib.SMTP(HOME, settings.smtp_port, timeout=PATIENCE) as server:
        server.sendmail("desk@hotline.test", [mailbox], raw)
