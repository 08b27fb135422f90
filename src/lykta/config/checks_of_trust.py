"""The checks of what others rely on: a record that is stamped, and what has to be settled before a hotline opens."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography import x509
from django.core import checks as django_checks

from lykta.config.checks import Finding
from lykta.config.checks_of_machine import backup_findings, kept_clock_findings, post_findings
from lykta.config.environment import FACES, Environment, home
from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.lib.countries import FOLDER

ADVICE = "See “The time stamps” in docs/operations/audit.md."
LEFT_TO_OTHERS = {
    "security.W001": "our own middleware sets the headers",
    "security.W002": "our own middleware sets X-Frame-Options and frame-ancestors",
    "security.W004": "the proxy sends Strict-Transport-Security",
    "security.W008": "the proxy leads from http to https",
}
"""Findings of Django's that are about what is done elsewhere."""


def stamp_findings(given: Environment) -> Iterator[Finding]:
    """Whether the days of the record are stamped, by a service whose certificate is known."""
    if not given.timestamp_url:
        if given.mode == "production":
            yield Finding("W110", "Nobody stamps the record: only the hotline can say when an entry was made.", ADVICE)
        return
    path = home() / given.timestamp_certificates
    try:
        x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        yield Finding("E111", f"{path} holds no certificate of the time-stamping service: {error}.", ADVICE)


def deploy_findings(given: Environment) -> Iterator[Finding]:
    """What `lykta check --deploy` adds; in the desk's settings, with a database that answers."""
    yield from country_findings(given)
    yield from two_people_findings()
    yield from host_findings(given)
    yield from post_findings(given)
    yield from backup_findings(now())
    yield from kept_clock_findings()
    for message in django_checks.run_checks(tags=[django_checks.Tags.security], include_deployment_checks=True):
        if message.id not in LEFT_TO_OTHERS:
            advice = "Give the desk an https address (desk_url), or tell us." if not message.hint else str(message.hint)
            yield Finding("W115", f"Django finds {message.id}: {message.msg}", advice)


def country_findings(given: Environment) -> Iterator[Finding]:
    """What nobody has confirmed for this country: its law, how long a host waits, when what is forgotten."""
    tables = tomllib.loads((FOLDER / f"{given.country}.toml").read_text(encoding="utf-8"))
    parts = {"law": tables["law"], "notice": tables["notice"]}
    parts |= {f"retention.{name}": one for name, one in tables["retention"].items() if isinstance(one, dict)}
    for name, table in parts.items():
        if table["verified"] is not True:
            wrong = f"Nobody has confirmed [{name}] of the country file {given.country}.toml."
            yield Finding("W112", wrong, "Have a lawyer read it, the police what concerns them; then mark it verified.")


def two_people_findings() -> Iterator[Finding]:
    """Four eyes need two people, one of whom leads."""
    from lykta.records.people.models import Staff

    active = [one for one in Staff.objects.filter(is_active=True) if one.sees_cases]
    if len(active) < 2 or not any(one.role == Role.LEAD for one in active):
        wrong = "Fewer than two people see cases, or nobody leads: what needs a second person cannot be done."
        yield Finding("W113", wrong, "Run `lykta staff add NAME --role lead`.")


def host_findings(given: Environment) -> Iterator[Finding]:
    """A host name for each face, so that browsers keep them apart (ASVS 3.5.4)."""
    names = Counter(urlsplit(given.url(face)).hostname for face in FACES)
    for name, faces in names.items():
        if faces > 1:
            wrong = f"{faces} faces share the name {name}: a browser lets one read the other's."
            yield Finding("W114", wrong, "Give each face a name of its own, and set its …_url.")
