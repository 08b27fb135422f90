"""`lykta check` and `lykta audit verify`: what is unsafe, and whether the record holds."""

import sys

from lykta.config.checks import Finding, common_findings, key_findings
from lykta.config.environment import environment
from lykta.config.loading import load
from lykta.core.refusals import NotNow

NOTHING_TO_ASK = {"E001", "E010", "E015", "E020", "E021"}
"""Without a home, keys that fit and tables, the other questions have no answer."""


def check(*, quiet: bool, deploy: bool = False) -> int:
    """Print what is wrong with the whole house. Returns 1 where something is an error, else 0.

    `deploy`: also what a hotline has to settle before it opens, as far as there is a casebook to ask.
    """
    found = findings("all")
    if deploy and not {finding.number for finding in found} & NOTHING_TO_ASK:
        from lykta.config.checks_of_trust import deploy_findings

        found += deploy_findings(environment())
    errors = _print(found)
    if not quiet:
        print(f"{errors} errors, {len(found) - errors} warnings." if found else "All is well.")
    return 1 if errors else 0


def require_safe(process: str) -> None:
    """Raises NotNow where something is wrong for a face or for the worker (`work`)."""
    if _print(findings(process)):
        raise NotNow("Not started: mend what is listed above as LYKTA-E.")


def findings(process: str) -> list[Finding]:
    """What is wrong for one process, or for the whole house (`all`); ends early where there is nothing to load."""
    given = environment()
    if process == "all":
        early = [*common_findings(given), *key_findings(wrapped=given.letter_key == "wrapped")]
        if any(finding.number in {"E001", "E010", "E015"} for finding in early):
            return early
    load({"all": "desk", "work": "worker"}.get(process, process))
    # Imports models, which need the settings that were loaded just now.
    from lykta.config.checks_of_records import findings_of

    return findings_of(process, given)


def verify_audit() -> int:
    """Verify the chain of the record against its key and its checkpoints. Returns 0 where it holds, else 1."""
    load("staff")
    from django.conf import settings

    from lykta.records.audit.queries import verify

    entries, fault = verify(settings.AUDIT_CHECKPOINTS)
    if fault:
        print(f"The record does not hold at entry {fault.number}: {fault.what}.", file=sys.stderr)
        return 1
    print(f"The record holds: {entries} entries.")
    return 0


def _print(found: list[Finding]) -> int:
    for finding in found:
        print(finding, file=sys.stderr)
    return sum(finding.is_error for finding in found)
