"""What lists of known hashes say of a picture or a film, put together to one finding, with the rule and the reasons.

A list is believed as far as its trust goes, and only what is the same to the last bit makes something known illegal:
two pictures may be near to each other and show different things. Whatever speaks against a picture outweighs what
speaks for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lykta.core.vocabulary import ListedAs, ListFinding, ListTrust

VERSION = "matching-2"
"""Of the rules below; a decision names it."""
GOOD = 50
"""Quality, 0 to 100, below which a picture resembles too many others (ThreatExchange, vpdq/README.md)."""
FAR = 31
"""Bits of 256: at most so far apart two PDQ hashes are taken for the same picture (ThreatExchange, pdq/README.md)."""
FEWEST_ONES = 48
"""Of 256 bits. The median makes 128 of them ones, unless most of a picture is the same."""
QUORUM = 2
"""So many verified lists of different makers have to agree."""

LABELS = {ListedAs.ILLEGAL: {"finding": "csam"}}
"""What an analyst says who confirms without a look: no more than a list's category carries."""

SEVERITY = (ListFinding.HARMLESS, ListFinding.UNKNOWN, ListFinding.NEAR, ListFinding.CHECK, ListFinding.ILLEGAL)
"""Of several pictures of one item the last of these counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A row of a list that has a fingerprint which was seen, or one near to it.

    `source` is who makes the list: two lists of one maker are one voice. `algorithm` is how people write it. `exact`:
    a digest of the whole file is the same; else `distance` says in how many of 256 bits two PDQ hashes differ, and
    `limit` how many the list allows. Of a film, `frames` says how many of `all_frames` are near to frames of `film`,
    which is the list's own name for it. `quality` is the lower of both pictures', `flat` says that one of them is of
    one colour nearly everywhere. `withdrawn`: the list has taken the row back; `disputed`: one of ours said that this
    is not what the list means.
    """

    list: str
    source: str
    version: int
    trust: ListTrust
    listed_as: ListedAs
    algorithm: str
    exact: bool
    distance: int = 0
    limit: int = FAR
    quality: int = 100
    flat: bool = False
    withdrawn: bool = False
    disputed: bool = False
    film: str = ""
    frames: int = 0
    all_frames: int = 0

    @property
    def harmless(self) -> bool:
        """Whether it speaks for the picture. What somebody merely reported does not."""
        if self.trust is ListTrust.HARMLESS:
            return self.listed_as in {ListedAs.HARMLESS, ListedAs.UNKNOWN}
        return self.listed_as is ListedAs.HARMLESS

    @property
    def ignored(self) -> str:
        """Why it counts for nothing, in words; "" if it counts."""
        return next((reason for applies, reason in self._reasons() if applies), "")

    @property
    def sentence(self) -> str:
        """What was found on which list, and how near."""
        counts = f"; it does not count: {self.ignored}" if self.ignored else ""
        return f"{self.list}, version {self.version} ({self.trust}), {self._how}, listed as {self.listed_as}{counts}."

    @property
    def _how(self) -> str:
        if self.exact:
            return f"has the same {self.algorithm}"
        if self.film:
            return f"has the film {self.film}, to which {self.frames} of {self.all_frames} frames are near"
        return f"has a picture {self.distance} bits of 256 away"

    def _reasons(self) -> Iterable[tuple[bool, str]]:
        yield self.withdrawn, "the list has withdrawn it"
        yield self.disputed, "it was reported back as a false match"
        yield self.harmless and self.trust is ListTrust.REPORTED, "nobody is known to have judged it"
        if not self.exact:
            yield self.harmless, "what only looks like something harmless may be anything"
            yield self.distance > min(self.limit, FAR), f"more than {min(self.limit, FAR)} bits are too far"
            yield self.quality < GOOD, f"with a quality of {self.quality} it resembles too many others"
            yield self.flat, "one colour nearly everywhere resembles too many others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The finding, the rule that made it, the hits that the rule rests on, and all reasons in sentences."""

    finding: ListFinding
    rule: str
    hits: tuple[Hit, ...] = ()
    because: tuple[str, ...] = ()


ASSESSED_ADDRESS = Found(
    finding=ListFinding.CHECK,
    rule="assessed-address",
    because=(
        "It is at, or leads to, an address that we assessed as illegal; what is there may be something else now.",
    ),
)
NOTHING_SEEN = Found(
    finding=ListFinding.UNKNOWN,
    rule="nothing-seen",
    because=("No picture or film of it could be fingerprinted.",),
)


def find(hits: Sequence[Hit]) -> Found:
    """What the lists say of one picture or film: the first rule that has a hit to rest on."""
    counted = [hit for hit in hits if not hit.ignored]
    exact = [hit for hit in counted if hit.exact and not hit.harmless]
    illegal = [hit for hit in exact if hit.listed_as is ListedAs.ILLEGAL]
    police = [hit for hit in illegal if hit.trust is ListTrust.POLICE]
    verified = [hit for hit in illegal if hit.trust is ListTrust.VERIFIED]
    rules = (
        (police, ListFinding.ILLEGAL, "police-list", "A list that the police of this country keep has exactly this."),
        (
            verified if len({hit.source for hit in verified}) >= QUORUM else [],
            ListFinding.ILLEGAL,
            "two-verified-lists",
            "Verified lists of different makers have exactly this.",
        ),
        (
            exact,
            ListFinding.CHECK,
            "listed",
            "A list has exactly this, but that is not enough to act without a person.",
        ),
        (
            [hit for hit in counted if not hit.exact],
            ListFinding.NEAR,
            "near",
            "It looks like what a list has. That is never enough to act without a person.",
        ),
        (
            [hit for hit in counted if hit.harmless],
            ListFinding.HARMLESS,
            "harmless-list",
            "It is exactly what a list knows as harmless, and nothing speaks against it.",
        ),
    )
    for grounds, finding, rule, sentence in rules:
        if grounds:
            return Found(finding=finding, rule=rule, hits=tuple(grounds), because=(sentence, *_sentences(hits)))
    return Found(finding=ListFinding.UNKNOWN, rule="unlisted", because=("No list has it.", *_sentences(hits)))


def of_item(found: Sequence[Found], *, whole: bool) -> Found:
    """What the findings of an item's pictures and films come to: the gravest counts.

    `whole`: all that is on the item was fingerprinted. An item is harmless only if all of it is.
    """
    gravest = max(found, key=lambda one: SEVERITY.index(one.finding), default=NOTHING_SEEN)
    if gravest.finding is ListFinding.HARMLESS and not whole:
        because = ("What was fingerprinted is known as harmless, but that is not all of it.", *gravest.because[1:])
        return Found(finding=ListFinding.UNKNOWN, rule="harmless-in-part", because=because)
    return gravest


def is_flat(pdq: bytes) -> bool:
    """Whether a PDQ hash (32 bytes) comes from a picture of nearly one colour, or from none."""
    return not FEWEST_ONES <= int.from_bytes(pdq).bit_count() <= 8 * len(pdq) - FEWEST_ONES


def _sentences(hits: Iterable[Hit]) -> Iterable[str]:
    """Each once: a film has many frames, and a list may have several copies."""
    return dict.fromkeys(hit.sentence for hit in hits)
