"""The checks that ask a database; a process makes those of the databases that it can reach."""

from collections.abc import Iterator
from datetime import date

from django.db import Error, connections

from lykta.config.checks import (
    Finding,
    common_findings,
    data_findings,
    film_findings,
    key_findings,
    letter_key_findings,
    sandbox_findings,
    way_out_findings,
)
from lykta.config.checks_of_mail import mail_findings
from lykta.config.checks_of_trust import stamp_findings
from lykta.config.databases import CASEBOOK, LETTERBOX
from lykta.config.environment import Environment
from lykta.config.keys import PUBLIC, SECRETS
from lykta.config.schema import missing_migrations
from lykta.connectors.contract import Final
from lykta.connectors.mail.openpgp import read_certificate
from lykta.core.vocabulary import RecipientKind
from lykta.lib.clock import now
from lykta.lib.laws import law

LEAST_HOLDERS = 2
_KEYS = {
    "pages": (),
    "report": ("hotline.pub", "form.key"),
    "partners": ("hotline.pub",),
    "desk": ("hotline.pub", "desk-secret", "audit.key", "bundle.asc"),
    "work": ("hotline.key", "audit.key", "mail.asc"),
    "all": (*SECRETS, *PUBLIC),
}
"""Which keys each process reads: with a user of its own for each, the others are out of its reach."""


def findings_of(process: str, given: Environment) -> list[Finding]:
    """All that concerns one process, in the settings of which this one runs; `all` for the whole house."""
    found = [*common_findings(given), *key_findings(_KEYS[process], wrapped=given.letter_key == "wrapped")]
    if process in {"work", "all"}:
        found += [*data_findings(given, now().date()), *sandbox_findings(), *film_findings(), *way_out_findings(given)]
        found += stamp_findings(given)
        found += mail_findings(given, now(), visiting=process == "all")
        found += letter_key_findings(given)
    if process != "pages":
        staff = process not in {"report", "partners"}
        bad = [*database_findings(LETTERBOX), *(database_findings(CASEBOOK) if staff else [])]
        found += bad or (record_findings(given) if staff else [])
        connections.close_all()
    return found


def database_findings(alias: str) -> list[Finding]:
    """Whether a database answers and has its tables."""
    name = "casebook" if alias == CASEBOOK else alias
    try:
        missing = missing_migrations(alias)
    except Error as error:
        wrong = f"The {name} does not answer: {type(error).__name__}."
        return [Finding("E021", wrong, f"Is its server running, and is {name}_url right?")]
    if missing:
        return [Finding("E020", f"The {name} lacks {len(missing)} changes of its tables.", "Run `lykta init`.")]
    return []


def record_findings(given: Environment) -> list[Finding]:
    """Whom the hotline would tell, and who would read."""
    people = [*staff_findings(), *colleague_findings(given), *holder_findings(given)]
    return [*people, *recipient_findings(given, now().date())]


def staff_findings() -> Iterator[Finding]:
    """Somebody has to read."""
    from lykta.records.people.models import Staff

    if not Staff.objects.filter(is_active=True).exists():
        yield Finding("E051", "Nobody has an account at the desk.", "Run `lykta staff add NAME --role lead`.")


def colleague_findings(given: Environment) -> Iterator[Finding]:
    """Whoever has to wait for a colleague needs one."""
    from lykta.records.people.models import Staff

    people = sum(person.sees_cases for person in Staff.objects.filter(is_active=True))
    if given.opinion_rules and people < 2:
        wrong = "Items wait for a second opinion, and fewer than two people work with cases."
        yield Finding("W055", wrong, 'Run `lykta staff add NAME --role analyst`, or set second_opinions = "".')


def holder_findings(given: Environment) -> Iterator[Finding]:
    """A key that is wrapped for one person is lost with that person's passphrase."""
    from lykta.records.people import holders

    held = holders.count()
    if given.letter_key == "wrapped" and held < LEAST_HOLDERS:
        wrong = f"The key that opens letters is wrapped for {held} of the {LEAST_HOLDERS} people who should hold it."
        yield Finding("W014", wrong, "Run `lykta key hold NAME`, or `lykta key recover NAME` with two sheets.")


def recipient_findings(given: Environment, today: date) -> Iterator[Finding]:
    """The police of the own country, and every recipient's OpenPGP certificate."""
    from lykta.records.referrals import queries

    country = law(given.country).country
    if queries.recipient(RecipientKind.POLICE, country) is None:
        wrong = f"No police unit for {country} is known: what is found illegal would reach nobody."
        yield Finding("E050", wrong, "Run `lykta recipients load FILE`.")
    for recipient in queries.recipients():
        if not recipient.key:
            wrong = f"{recipient.name} has no OpenPGP certificate: mail to it is signed, not encrypted."
            yield Finding("W052", wrong, "Ask for it, and run `lykta recipients load FILE`.")
            continue
        try:
            certificate = read_certificate(recipient.key, now=now())
        except Final as error:
            yield Finding("W053", f"{recipient.name}: {error}", "Ask for a new certificate, and load it.")
            continue
        if certificate.expiration and (certificate.expiration.date() - today).days < 30:
            wrong = f"{recipient.name}: the certificate expires on {certificate.expiration:%Y-%m-%d}."
            yield Finding("W054", wrong, "Ask for a new certificate, and load it.")
