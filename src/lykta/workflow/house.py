"""What the story needs to know of its own house, and the doors to the outside; `lykta.config` makes both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from pathlib import Path

from lykta.connectors.contract import Caller, Geography, Inbox, Looker, NameService, Post, Registry, Returns, Stamper
from lykta.core.exposure import Limits
from lykta.core.labels import LabelSet, Offence
from lykta.core.offering import LEAST_QUORUM
from lykta.core.retention import DEFAULT, Retention
from lykta.core.second_opinion import Policy
from lykta.lib.labels import label_sets


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One hotline. `home` is its country (ISO 3166-1 alpha-2); `look_every` None for the built-in schedule.

    `label_set` is worked with; `label_sets` are all by name, since old assessments keep theirs.
    `decides_known`: what lists know as illegal may be confirmed without a look.
    `quorum`: how many different people must agree before something goes on our list of hashes.
    `viewing` are the limits of what analysts look at, by the clocks of `zone`.
    `people_search`: the country file says that staff may search the casebook for persons.
    """

    name: str
    home: str
    label_set: LabelSet
    offences: tuple[Offence, ...]
    decides_known: bool
    hold: timedelta
    look_every: timedelta | None
    box_days: int
    report_url: str
    partners_url: str
    mail_from: str
    second_opinions: Policy = field(default_factory=Policy)
    label_sets: Mapping[str, LabelSet] = field(default_factory=label_sets)
    quorum: int = LEAST_QUORUM
    zone: tzinfo = UTC
    viewing: Limits = field(default_factory=Limits)
    retention: Retention = DEFAULT
    people_search: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The outside systems that the worker may talk to; `inbox` is None where no mail is taken in.

    `stamper` is None where nobody stamps the days of the record.
    """

    names: NameService
    registry: Registry
    geography: Geography
    looker: Looker
    post: Post
    returns: Returns
    caller: Caller
    inbox: Inbox | None = None
    stamper: Stamper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffroom:
    """What only the worker holds: the key that opens letters, and where public figures, checkpoints and indexes lie."""

    private_key: bytes
    public_folder: Path
    checkpoints: Path
    indexes: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All three together: what a step is given."""

    house: House
    outside: Outside
    staffroom: Staffroom
