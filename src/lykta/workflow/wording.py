"""What the hotline writes: to police and partner hotlines, to hosts (DSA Article 16(2)), to reporters.

Mail to authorities and hosts is in English; a reporter is answered in the language of the report (gettext).
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from lykta.core.vocabulary import RecipientKind, Verdict
from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.records.cases.models import Item
from lykta.records.referrals.models import Referral
from lykta.records.tracing.models import Trace
from lykta.workflow.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message in its parts: the subject inside the encryption, and the text."""

    subject: str
    text: str


def referral(*, referral: Referral, item: Item, trace: Trace | None, code: Code, house: House) -> Written:
    """The message to whoever must be told, with the code to answer with."""
    writers = {
        RecipientKind.POLICE: _to_police,
        RecipientKind.HOTLINE: _to_hotline,
        RecipientKind.HOST: _to_host,
    }
    body = writers[RecipientKind(referral.kind)](referral, item, trace, house)
    answer = (
        f"To answer, open {house.partners_url}/en/ and type this code:\n\n    {codes.spell(code)}\n\n"
        f"Our reference: {referral.reference}"
    )
    subject = f"{'URGENT: ' if referral.urgent else ''}{_SUBJECTS[RecipientKind(referral.kind)]} {referral.reference}"
    return Written(subject=subject, text=f"{body}\n\n{answer}\n\n{house.name}\n{house.mail_from}\n")


def for_box(*, referral: Referral, item: Item, written: Written) -> dict[str, object]:
    """What the recipient reads on the answer page."""
    kind = "notice" if referral.kind == RecipientKind.HOST else "referral"
    return {"type": kind, "title": written.subject, "text": written.text, "addresses": [item.address]}


def with_suspicions(text: str, suspicions: list[str]) -> str:
    """A mail to the police, with what was said of suspected persons at its end."""
    if not suspicions:
        return text
    said = "\n\n".join(suspicions)
    return (
        f"{text}\nAbout suspected persons\n\n{said}\n\n"
        "We destroy our copy of this part now that it is with you: please keep what you need.\n"
    )


def outcome(*, verdicts: list[str], gone: bool, language: str) -> str:
    """What a reporter reads when the case is closed."""
    with translation.override(language):
        if Verdict.ILLEGAL in verdicts and gone:
            return _(
                "Thank you. What you told us about was illegal. We told those who can act, and it has been removed. "
                "You helped."
            )
        if Verdict.ILLEGAL in verdicts:
            return _("Thank you. What you told us about was illegal. We have told those who can act.")
        if verdicts and all(verdict == Verdict.NOT_FOUND for verdict in verdicts):
            return _(
                "Thank you. When we looked, there was nothing left to see, or it could not be opened. "
                "If you see it again, please tell us again."
            )
        return _(
            "Thank you for telling us. We looked carefully at what you sent. It is not something that we can act on, "
            "but it was right to tell us."
        )


_SUBJECTS = {
    RecipientKind.POLICE: "Suspected sexual exploitation of a child",
    RecipientKind.HOTLINE: "Suspected child sexual abuse material in your country",
    RecipientKind.HOST: "Notice of illegal content under Article 16 of Regulation (EU) 2022/2065",
}


def _to_police(referral: Referral, item: Item, trace: Trace | None, house: House) -> str:
    hold = (
        f"The host has not been told. Unless you answer otherwise it will be asked to remove the material "
        f"{_hours(house)} after this message was sent."
    )
    host_waits = any(told["duty"]["kind"] == RecipientKind.HOST for told in referral.assessment.duties)
    parts = [
        f"{house.name} has assessed a report and refers it to you.",
        f"Why you: {referral.because}",
        _facts(referral, item, trace),
        hold if host_waits else "We do not write to the host ourselves in this case.",
    ]
    return "\n\n".join(parts)


def _to_hotline(referral: Referral, item: Item, trace: Trace | None, house: House) -> str:
    parts = [
        f"{house.name} has assessed a report and passes it on to you.",
        f"Why you: {referral.because}",
        _facts(referral, item, trace),
        "Please tell us whether you take it on.",
    ]
    return "\n\n".join(parts)


def _to_host(referral: Referral, item: Item, trace: Trace | None, house: House) -> str:
    address = f"IP address: {', '.join(trace.addresses)}\n" if trace else ""
    return (
        "This is a notice under Article 16 of Regulation (EU) 2022/2065 (Digital Services Act).\n\n"
        f"1. Where it is\n{item.address}\n{address}\n"
        "2. Why it is illegal\nA trained analyst of our hotline has looked at it and found child sexual abuse "
        f"material, illegal under: {referral.assessment.law}. Please do not look at it more than removing it takes.\n\n"
        f"3. Who writes\n{house.name}, {house.mail_from}\n\n"
        "4. Our statement\nWe believe in good faith that what this notice says is accurate and complete.\n\n"
        "What we ask\nRemove the material at that exact address, keep what the police may ask you for, and tell us on "
        "the answer page (Article 16(5)). The police have been told."
    )


def _facts(referral: Referral, item: Item, trace: Trace | None) -> str:
    assessment = referral.assessment
    lines = [
        f"Address: {item.address}",
        f"First reported: {item.first_reported_at:%Y-%m-%d %H:%M} UTC",
        f"Assessed: {assessment.at:%Y-%m-%d %H:%M} UTC, {assessment.verdict} ({assessment.law or 'no law cited'})",
        *(f"  {name}: {value}" for name, value in assessment.answers.items()),
    ]
    if trace is not None:
        lines += [
            f"Traced: {trace.at:%Y-%m-%d %H:%M} UTC, {trace.outcome or 'not looked at'}",
            f"IP addresses: {', '.join(trace.addresses) or 'none found'}",
            f"Network: AS{trace.asn} {trace.holder}" if trace.asn else "Network: not known",
            f"Network registered to: {trace.network.get('country') or 'not known'}",
            f"Country of the server: {trace.host_country or 'not known'} ({trace.host_confidence})",
            *(f"  {reason}" for reason in trace.host_because),
        ]
        if trace.cdn:
            lines.append("A delivery network stands in front of the real host: ask it for the origin.")
            lines += [f"  {way}" for way in trace.in_front.get("ways", ())]
        if trace.registrar:
            lines.append(f"Registrar of the name: {trace.registrar}")
    return "\n".join(lines)


def _hours(house: House) -> str:
    hours = house.hold.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours >= 1 else f"{house.hold.total_seconds():.0f} seconds"
