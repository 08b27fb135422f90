"""The checks of what others rely on: that somebody stamps the record."""

from collections.abc import Iterator

from cryptography import x509

from lykta.config.checks import Finding
from lykta.config.environment import Environment, home

ADVICE = "See “The time stamps” in docs/operations/audit.md."


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
