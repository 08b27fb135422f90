"""A desk on which there is one of everything, and the addresses of all its pages: for axe and for pictures."""

import json
import subprocess
import sys
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver
from tests.support.installation import Installation

from lykta.core.vocabulary import Asked, Topic

_MAKE = """
from lykta.config.loading import load
load("worker")
import json, time
from datetime import timedelta
from lykta.core.vocabulary import ApprovalKind, SuspicionBasis, SuspicionPurpose
from lykta.lib.clock import now
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.cases.models import Assessment, Item, Opinion
from lykta.records.casework import actions as casework
from lykta.records.matching import uploads
from lykta.records.matching.models import HashList
from lykta.records.people.models import Staff
from lykta.records.tracing import queries as tracing
from lykta.workflow import partner_links
anna, lena, adam = (Staff.objects.get(username=name) for name in ("anna", "lena", "adam"))
seen = Item.objects.filter(address__endswith="every-page-of-the-desk", state="ready")
while not seen.exists():
    time.sleep(0.2)
item = seen.get()
case = item.mentions.get().report.case
casework.write_note(by=anna, case=case, text="Read it twice.", now=now())
casework.make_task(by=anna, case=case, assignee=lena, text="Ask.", due_at=now() - timedelta(days=1), now=now())
suspicion = casework.suspect(by=anna, case=case, text="Somebody.", purpose=next(iter(SuspicionPurpose)),
    basis=next(iter(SuspicionBasis)), passed_on=False, now=now())
said = [Assessment.objects.create(item=item, by=anna, label_set="lykta-1", answers={"finding": "csam"}, facts={}, duties=[],
    verdict="illegal", law="a law", routing="routing-1", at=now()) for _ in range(2)]
waiting = Opinion.objects.create(assessment=said[0], reasons=[], holds=False, state="waiting", asked_at=now())
differs = Opinion.objects.create(assessment=said[1], reasons=[], holds=False, state="disagreed", asked_at=now(), by=adam,
    answers={"finding": "not_child"}, verdict="not_illegal")
approvals.ask(by=anna, deed=Deed(ApprovalKind.DELETION, f"case:{case.pk}", {"case": case.number}), reason="A reason.",
    now=now())
link = partner_links.add(by="staff:lena", code="DSK-T5", name="An airport")
incoming = uploads.Incoming("list.csv")
incoming.add(b"Digest,Class\\n" + b"ab" * 16 + b",7\\n")
upload = uploads.keep(by="staff:lena", found=HashList.objects.get(pk=1), incoming=incoming.end(), mapping={"md5": "Digest"},
    now=now())
print(json.dumps({"list-file": upload.pk, "cases": case.pk, "items": item.pk, "suspicions": suspicion.pk,
    "opinions": waiting.pk, "links": link.pk, "decide": differs.pk, "people": anna.pk,
    "networks": tracing.trace_of(item).asn, "recipients": 1, "calibration": 1}))
"""
ELSEWHERE = {
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "join",
    "account_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "fetches",
    "withdraw",
    "looking-at",
    "download",
    "read-here",
}
"""Pages for who is not in yet, or has no key yet, and pages of things that are not made here; other tests read them."""
FILES = {"look-picture", "link-picture", "link-sheet", "refused-csv", "list-feedback"}
"""What an address answers that is no page."""


def made(running: Installation) -> dict[str, int]:
    """One of each thing that an address names: its number, by the address's first word or the page's name."""
    seen = f"I saw this: http://pictures.example:{running.port('practice_web')}/gallery?every-page-of-the-desk"
    *_, receipt = running.pages({Asked.TOPIC: Topic.OTHER, Asked.WORDS: seen})
    assert receipt.status == 200
    command = [sys.executable, "-c", _MAKE]
    done = subprocess.run(command, env=running.environment, capture_output=True, check=True, timeout=60)
    numbers: dict[str, int] = json.loads(done.stdout)
    return numbers


def addresses(numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every address of the desk with its name, but for files and what is opened elsewhere."""
    for one in get_resolver("lykta.sites.desk.urls").url_patterns:
        assert isinstance(one, URLPattern)
        route, name = str(one.pattern), str(one.name)
        if name not in ELSEWHERE | FILES:
            number = numbers.get(name, numbers.get(route.partition("/")[0], 1))
            yield name, "/" + route.replace("<int:number>", str(number))
