"""In which country an item's host is, how sure that is, and why: stated evidence in, a judgement with reasons out.

Three facts stay three: where data files place an address (geography), to which country its network is registered, and
who announces it (the holder of the AS number). Only geography says where a server stands, and files disagree on two to
nine in a hundred addresses; the other two confirm it or raise a doubt.
"""

from collections import Counter
from dataclasses import dataclass

from lykta.core.vocabulary import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one source says of one address. `country` is ISO 3166-1 alpha-2."""

    address: str
    country: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of where an item's addresses are; everything may be missing.

    `registered` is the country to which the network is registered, `announced` the one to which its AS number is;
    `front` the name of what stands in front of the host and passes its content on, "" for nothing.
    """

    addresses: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    registered: str = ""
    announced: str = ""
    anycast: bool = False
    front: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The judgement. `country` is "" where even the likeliest is not known; `because` are sentences.

    `disagree`: the sources do not agree, on one address or between addresses.
    """

    country: str
    confidence: Confidence
    because: tuple[str, ...]
    disagree: bool


def decide(evidence: Evidence) -> Host:
    """Where the host is, as far as the evidence tells."""
    countries = Counter(one.country for one in evidence.said if one.country)
    disagree = len(countries) > 1
    said = tuple(_words(evidence))
    if not evidence.addresses:
        return Host(country="", confidence=Confidence.UNKNOWN, because=("No address is known.",), disagree=False)
    if evidence.front:
        because = f"{evidence.front} stands in front of the host: where the host is, only {evidence.front} knows."
        return Host(country="", confidence=Confidence.UNKNOWN, because=(because, *said), disagree=disagree)
    if evidence.anycast:
        because = "The address is in many places at once (anycast): the nearest one answers."
        return Host(country="", confidence=Confidence.UNKNOWN, because=(because, *said), disagree=disagree)
    if not countries:
        return _by_registration(evidence, said)
    if disagree:
        return Host(country=_most(countries), confidence=Confidence.UNSURE, because=_split(evidence), disagree=True)
    (country,) = countries
    return _agreed(country, evidence, said)


def _agreed(country: str, evidence: Evidence, said: tuple[str, ...]) -> Host:
    sources = {one.source for one in evidence.said if one.country}
    covered = all(_sources_of(address, evidence) >= 2 for address in evidence.addresses)
    against = evidence.registered not in {"", country}
    confidence = Confidence.CERTAIN if covered and not against else Confidence.LIKELY
    doubts: list[str] = []
    if len(sources) == 1:
        doubts.append("Only one source places it.")
    elif not covered:
        doubts.append("Not every address is placed by two sources.")
    if against:
        doubts.append(
            f"Its network is registered to {evidence.registered}, which says who holds it, not where it stands."
        )
    return Host(country=country, confidence=confidence, because=(*said, *doubts), disagree=False)


def _by_registration(evidence: Evidence, said: tuple[str, ...]) -> Host:
    """A registration says where a holder sits; it is a hint for a person, and no more."""
    hint = evidence.registered or evidence.announced
    confidence = Confidence.UNSURE if hint else Confidence.UNKNOWN
    because = ("No source places its address.", *said)
    return Host(country=hint, confidence=confidence, because=because, disagree=False)


def _most(countries: Counter[str]) -> str:
    """The country that more is said for than for any other, "" where two are level."""
    (first, most), (_, next_most), *_ = countries.most_common()
    return first if most > next_most else ""


def _split(evidence: Evidence) -> tuple[str, ...]:
    """What each source says, one sentence for each country, and then what else is known."""
    by_address = {address: _countries_of(address, evidence) for address in evidence.addresses}
    split = any(len(found) > 1 for found in by_address.values())
    first = "The sources disagree." if split else "Its addresses are in several countries."
    return (first, *_words(evidence))


def _words(evidence: Evidence) -> list[str]:
    places: dict[tuple[str, str], list[str]] = {}
    for one in evidence.said:
        if one.country:
            places.setdefault((one.country, one.address), []).append(one.source)
    words = [f"{', '.join(sources)}: {address} is in {country}." for (country, address), sources in places.items()]
    if evidence.registered:
        words.append(f"Its network is registered to {evidence.registered}.")
    if evidence.announced:
        words.append(f"Its AS number is registered to {evidence.announced}.")
    return words


def _sources_of(address: str, evidence: Evidence) -> int:
    return len({one.source for one in evidence.said if one.country and one.address == address})


def _countries_of(address: str, evidence: Evidence) -> set[str]:
    return {one.country for one in evidence.said if one.country and one.address == address}
