"""Who must be told of an illegal item, in what order, and why: facts and a country's rules in, duties out.

Own country means server, victim or offender, as ECPAT Sverige counts it. Every duty names the rule that made it, and
the rules carry a version, so that an old decision can be explained with the rules of its day.
"""

from dataclasses import dataclass

from lykta.core.vocabulary import RecipientKind

VERSION = "routing-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an item. Countries are ISO 3166-1 alpha-2 in capitals, "" where unknown.

    `host_country` is where the server is; behind a delivery network (`behind_cdn`) it is only the network's own.
    """

    host_country: str
    behind_cdn: bool = False
    danger: bool = False
    victim_country: str = ""
    offender_country: str = ""
    has_host: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Somebody who must be told. `after_police` waits for the police's release or the end of their hold."""

    kind: RecipientKind
    country: str
    rule: str
    because: str
    urgent: bool = False
    after_police: bool = False


def duties(facts: Facts, *, home: str, hotlines: frozenset[str]) -> tuple[Duty, ...]:
    """Everybody who must be told, in order: danger first, then police or partner hotline, then the host.

    `home` is the hotline's own country, `hotlines` the countries in which it knows a partner hotline.
    """
    found = [
        *_danger(facts, home),
        *_own_country(facts, home),
        *_abroad(facts, home, hotlines),
        *_host(facts, home),
    ]
    kept: dict[tuple[RecipientKind, str], Duty] = {}
    for duty in found:
        kept.setdefault((duty.kind, duty.country), duty)
    return tuple(kept.values())


def _danger(facts: Facts, home: str) -> list[Duty]:
    if not facts.danger:
        return []
    because = "A child may be in danger now: the police are told at once."
    return [Duty(kind=RecipientKind.POLICE, country=home, rule="danger", because=because, urgent=True)]


def _own_country(facts: Facts, home: str) -> list[Duty]:
    reasons = [
        ("server", facts.host_country == home and not facts.behind_cdn, "The server is in our country."),
        ("victim", facts.victim_country == home, "The child is thought to be in our country."),
        ("offender", facts.offender_country == home, "The offender is thought to be in our country."),
        ("no-country", not facts.has_host, "It has no server with a country: the police are told."),
    ]
    return [
        Duty(kind=RecipientKind.POLICE, country=home, rule=rule, because=because)
        for rule, applies, because in reasons
        if applies
    ]


def _abroad(facts: Facts, home: str, hotlines: frozenset[str]) -> list[Duty]:
    country = facts.host_country
    if not facts.has_host or (country == home and not facts.behind_cdn):
        return []
    where = _where(facts)
    if country and country != home and country in hotlines:
        because = f"{where} The partner hotline of that country is told."
        return [Duty(kind=RecipientKind.HOTLINE, country=country, rule="abroad", because=because)]
    because = f"{where} No partner hotline is known there: our police are told, who can pass it on."
    return [Duty(kind=RecipientKind.POLICE, country=home, rule="abroad-fallback", because=because)]


def _where(facts: Facts) -> str:
    if facts.behind_cdn:
        return f"A delivery network ({facts.host_country or 'country unknown'}) stands in front of the real host."
    if facts.host_country:
        return f"The server is abroad ({facts.host_country})."
    return "The country of the server is not known."


def _host(facts: Facts, home: str) -> list[Duty]:
    if not facts.has_host or facts.behind_cdn or facts.host_country != home:
        return []
    because = "The host is in our country: it is asked to remove it when the police agree or their hold is over."
    return [Duty(kind=RecipientKind.HOST, country=home, rule="host", because=because, after_police=True)]
