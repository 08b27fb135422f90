"""Who must be told of an illegal item, in what order, and why: facts and a country's rules in, duties out.

Own country means server, victim or offender, as ECPAT Sverige counts it. Every duty names the rule that made it, and
the rules carry a version, so that an old decision can be explained with the rules of its day.
"""

from dataclasses import dataclass

from lykta.core.vocabulary import RecipientKind

VERSION = "routing-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an item. Countries are ISO 3166-1 alpha-2 in capitals, "" where unknown.

    `host_country` is where the server is. It is not `host_sure` where sources disagree, where an address is in many
    places, where nobody knows, and behind a delivery network (`behind_cdn`): then nobody abroad and no host is told
    before an analyst has said where it is (`said_by_analyst`). Each `…_basis` is what says so (`vocabulary.Basis`).
    """

    host_country: str
    host_sure: bool = True
    behind_cdn: bool = False
    said_by_analyst: bool = False
    danger: bool = False
    victim_country: str = ""
    offender_country: str = ""
    has_host: bool = True
    host_basis: str = ""
    victim_basis: str = ""
    offender_basis: str = ""

    @property
    def settled(self) -> bool:
        """Whether somebody may be told because of the server's country alone."""
        return self.said_by_analyst or (self.host_sure and not self.behind_cdn)


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


def question(facts: Facts) -> str:
    """What a person is asked before anybody is told because of the server's country; "" where there is no doubt."""
    if not facts.has_host or facts.settled:
        return ""
    return f"{_where(facts)} In which country is it? As long as nobody says, only our police are told."


def _danger(facts: Facts, home: str) -> list[Duty]:
    if not facts.danger:
        return []
    because = "A child may be in danger now: the police are told at once."
    return [Duty(kind=RecipientKind.POLICE, country=home, rule="danger", because=because, urgent=True)]


def _own_country(facts: Facts, home: str) -> list[Duty]:
    reasons = [
        ("server", facts.has_host and facts.settled and facts.host_country == home, _here(facts)),
        ("victim", facts.victim_country == home, "The child is thought to be in our country."),
        ("offender", facts.offender_country == home, "The offender is thought to be in our country."),
        ("no-country", not facts.has_host, "It has no server with a country: the police are told."),
    ]
    return [
        Duty(kind=RecipientKind.POLICE, country=home, rule=rule, because=because)
        for rule, applies, because in reasons
        if applies
    ]


def _here(facts: Facts) -> str:
    if facts.said_by_analyst:
        return "An analyst says that the server is in our country."
    return "The server is in our country."


def _abroad(facts: Facts, home: str, hotlines: frozenset[str]) -> list[Duty]:
    country = facts.host_country
    if not facts.has_host or (country == home and facts.settled):
        return []
    where = _where(facts)
    if not facts.settled:
        because = f"{where} As long as an analyst has not said where it is, only our police are told."
        return [Duty(kind=RecipientKind.POLICE, country=home, rule="unsure", because=because)]
    if country in hotlines:
        because = f"{where} The partner hotline of that country is told."
        return [Duty(kind=RecipientKind.HOTLINE, country=country, rule="abroad", because=because)]
    because = f"{where} No partner hotline is known there: our police are told, who can pass it on."
    return [Duty(kind=RecipientKind.POLICE, country=home, rule="abroad-fallback", because=because)]


def _where(facts: Facts) -> str:
    country = facts.host_country
    if facts.said_by_analyst:
        return f"An analyst says that the server is abroad ({country})."
    if facts.behind_cdn:
        return "A delivery network stands in front of the real host, and the country of the host is not known."
    if not country:
        return "The country of the server is not known."
    if not facts.host_sure:
        return f"It is not sure in which country the server is; it may be {country}."
    return f"The server is abroad ({country})."


def _host(facts: Facts, home: str) -> list[Duty]:
    if not facts.has_host or not facts.settled or facts.host_country != home:
        return []
    because = "The host is in our country: it is asked to remove it when the police agree or their hold is over."
    return [Duty(kind=RecipientKind.HOST, country=home, rule="host", because=because, after_police=True)]
