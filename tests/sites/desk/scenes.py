"""Cases in the states that the pages of the desk have to show, built through the real verbs."""

import hashlib
import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from lykta.core import locators
from lykta.core.lifecycle import Event
from lykta.core.routing import Duty
from lykta.core.vocabulary import Confidence, Outcome, RecipientKind, Source, Topic
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import intake, moves
from lykta.records.cases.actions.intake import Opened
from lykta.records.cases.models import Case, Item, Report
from lykta.records.people import actions as people
from lykta.records.people import sessions
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.actions import Addressee
from lykta.records.referrals.models import Referral
from lykta.records.tracing import actions as tracing
from lykta.records.tracing.actions import Observed
from lykta.sites.desk.factors import SESSION

ADDRESS = "http://pictures.nordhost.test/album/1"
DEFANGED = "hxxp://pictures[.]nordhost[.]test/album/1"
CONTACT = "somebody@reporter.example"
PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

AT_HOME: dict[str, Any] = {
    "country": "SE",
    "country_from": "practice ranges (2026-01-01)",
    "asn": 64500,
    "holder": "Nordhost AB",
    "host_country": "SE",
    "host_confidence": Confidence.LIKELY,
    "host_because": ["practice ranges: 192.0.2.10 is in SE."],
}


def report(text: str = f"I saw this: {ADDRESS}", **changes: Any) -> Report:
    """A report that came in just now."""
    seed = changes.pop("seed", text)
    given: dict[str, Any] = {
        "digest": hashlib.sha256(seed.encode()).hexdigest(),
        "source": Source.PUBLIC,
        "topic": Topic.WEB,
        "language": "sv",
        "received_at": now(),
        "box_proof": b"p" * 32,
        "box_lookup": hashlib.sha256(seed.encode()).digest()[:16],
        "content": {"text": text, "contact": CONTACT},
        "locators": locators.find(text).locators,
    }
    return intake.take_in(by="worker", opened=Opened(**{**given, **changes}), now=now())


def traced(report: Report, **summary: Any) -> list[Item]:
    """The report's items, traced to a host in Sweden unless `summary` says otherwise."""
    items = cases.items_of(report.case)
    for item in items:
        found = {
            "outcome": Outcome.PRESENT,
            "final_address": item.address,
            "final_host": item.host,
            "addresses": ["192.0.2.10"],
            "contacts": [{"email": "abuse@nordhost.test"}],
            **AT_HOME,
            **summary,
        }
        seen = Observed(what="names", source="name service", at=now(), facts={"host": item.address})
        tracing.keep(by="worker", item_number=item.pk, observed=[seen], summary=found, now=now())
        moves.move(by="worker", item_number=item.pk, event=Event.TRACED, now=now())
        item.refresh_from_db()
    return items


def ready_case(text: str = f"I saw this: {ADDRESS}", **summary: Any) -> tuple[Case, Item]:
    """A case with one item that waits for an analyst."""
    came = report(text)
    return came.case, traced(came, **summary)[0]


def told(item: Item, by: Staff, *, email: str = "abuse@nordhost.test", held: bool = False) -> Referral:
    """Somebody who is told about an item; without an address it fails at once."""
    assessment = item.assessments.create(
        by=by,
        at=now(),
        label_set="lykta-1",
        answers={"finding": "csam", "age": "unknown", "nature": "unknown", "danger": "no"},
        verdict="illegal",
        law="a law",
        routing="routing-1",
        facts={},
        duties=[{"duty": {"rule": "host", "because": "The host is in our country."}, "to": {}}],
    )
    duty = Duty(kind=RecipientKind.HOST, country="SE", rule="host", because="It is here.", after_police=held)
    problem = "" if email else "No contact for complaints was found for the host: please give one."
    to = Addressee("Nordhost AB", email, problem=problem)
    return referrals.plan(by="worker", assessment=assessment, duty=duty, to=to, now=now())


def set_up_factor(staff: Staff) -> Authenticator:
    """An authenticator app with a known secret."""
    return TOTP.activate(staff, SECRET).instance


def code_now(secret: str = SECRET) -> str:
    """The six digits that the app shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def client_of(staff: Staff) -> Client:
    """A browser in which this person has logged in, with the second factor if there is one."""
    client = Client()
    client.force_login(staff)
    authenticator = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).filter(user=staff).first()
    if authenticator:
        begun = sessions.begin(by=staff, factor=authenticator.pk, device="Firefox, Linux", now=now())
        people.note_active(staff=staff, day=now().date())
        session = client.session
        session[SESSION] = str(begun)
        session.save()
    return client


def prove(client: Client) -> Client:
    """The same browser, in which the second factor was given again just now."""
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def page(client: Client, address: str, *, status: int = 200) -> str:
    """The text of a page, which must answer with this status."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def words(html: str) -> str:
    """What a person reads: no tags, one space between words."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the forms on a page."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def in_an_hour() -> datetime:
    return now() + timedelta(hours=1)


def write_again(report: Report, text: str, *, at: datetime | None = None, **content: str) -> None:
    """The reporter writes through the mailbox, an hour from now unless `at` says when."""
    intake.add_words(
        by="worker",
        report=report,
        number=uuid4(),
        content={"text": text, **content},
        locators=(),
        at=at or in_an_hour(),
        now=now(),
    )


WHOLE: dict[str, Any] = {
    "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "outcome": Outcome.PRESENT,
    "final_address": "http://pictures.nordhost.test/album/1",
    "final_host": "pictures.nordhost.test",
    "hops": [{"address": "http://pictures.nordhost.test/album/1", "ip": "192.0.2.10", "status": 200}],
    "names": ["edge.nordhost.test"],
    "addresses": ["192.0.2.10"],
    "name_service": {
        "resolver": "192.0.2.53",
        "nameservers": ["ns1.nordhost.test", "ns2.nordhost.test"],
        "ttl": 300,
        "dnssec": "signed",
    },
    "network": {
        "holder": "Nordhost AB",
        "country": "SE",
        "first_address": "192.0.2.0",
        "last_address": "192.0.2.255",
        "source": "https://rdap.registry.test/ip/192.0.2.10",
    },
    "autnum": {"holder": "Nordhost Backbone", "source": "https://rdap.registry.test/autnum/64500"},
    "domain": {"source": "https://rdap.names.test/domain/nordhost.test", "redacted": ["Registrant Name"]},
    "registrar": "A registrar",
    "registrant_country": "NO",
    "contacts": [{"email": "abuse@nordhost.test", "rank": 1, "found_in": "role abuse"}],
    "places": [
        {"address": "192.0.2.10", "country": "SE", "source": "first ranges", "dated": "2026-01-01"},
        {"address": "192.0.2.10", "country": "SE", "source": "second ranges", "dated": "2026-02-01"},
    ],
    "country": "SE",
    "asn": 64500,
    "holder": "Nordhost AB",
    "host_country": "SE",
    "host_confidence": "certain",
    "host_because": ["first ranges, second ranges: 192.0.2.10 is in SE."],
}
"""A trace to which nothing is missing: fields of `Trace`."""
