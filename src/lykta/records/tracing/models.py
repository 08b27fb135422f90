"""What the machine learnt about where an item is: every observation, the newest picture of it, and what changed."""

from typing import Any, ClassVar

from django.db import models

from lykta.core.vocabulary import Changed, Confidence, Outcome
from lykta.records.cases.models import Item


class Observation(models.Model):
    """One thing that was seen or not seen, when, and who said so. Never changed, never overwritten."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=24)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    facts = models.JSONField()
    problem = models.CharField(max_length=300, default="")

    def __str__(self) -> str:
        return f"{self.what} of item {self.item_id}"


class Trace(models.Model):
    """Where an item is, as far as the newest observations tell.

    Found by looking: `outcome` to `hosts`; `final_domain` is the registrable part of `final_host` where that is another
    than the item's own; `fingerprints` are `contract.Medium` as dictionaries, `media` counts what
    the page names. `seen_later` are those that later looks found there and the trace had not, the last of them at
    `seen_later_at`. Said by the name service: `names` (the CNAME chain), `addresses`, and `name_service` (`resolver`,
    `nameservers`, `mail_servers`, `zone`, `ttl`, `ttls`, `dnssec`, `absent`, `unanswered` as in `contract.NameAnswer`).
    Said by registries: `network`, `autnum` and `domain` (`contract.Registration` without its contacts, {} where
    nothing is known), `registrar`, `registrant_country`, and `contacts`, ranked, best first.

    Said by data files: `places`, {address, country, asn, holder, source, dated, licence, kind} from each source for
    each address; `country` is what all of them agree on, "" where they do not (`disagree`). `in_front` is {} or
    {name, how, because, ways}: who stands in front of the host, by what that is known ("range", "name", "header"), the
    sentence that says so, and ways to ask for the origin.

    Judged by `core.hosting`: `host_country` with `host_confidence` and its reasons, `host_because`. `last_known` is
    `core.whereabouts.Whereabouts` as a dictionary, so that a trace that learnt nothing hides no change. `missing` says
    in sentences what could not be learnt.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+", primary_key=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Outcome], default="")
    reason = models.CharField(max_length=300, default="")
    final_address = models.TextField(default="")
    final_host = models.CharField(max_length=255, default="")
    final_domain = models.CharField(max_length=255, default="")
    hops = models.JSONField(default=list)
    title = models.CharField(max_length=200, default="")
    language = models.CharField(max_length=16, default="")
    media_type = models.CharField(max_length=100, default="")
    media = models.PositiveIntegerField(default=0)
    pictures = models.PositiveIntegerField(default=0)
    films = models.PositiveIntegerField(default=0)
    fingerprints = models.JSONField(default=list)
    seen_later = models.JSONField(default=list)
    seen_later_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    rendered = models.BooleanField(default=False)
    hosts = models.JSONField(default=list)

    names = models.JSONField(default=list)
    addresses = models.JSONField(default=list)
    name_service = models.JSONField(default=dict)

    network = models.JSONField(default=dict)
    autnum = models.JSONField(default=dict)
    domain = models.JSONField(default=dict)
    registrar = models.CharField(max_length=200, default="")
    registrant_country = models.CharField(max_length=2, default="")
    contacts = models.JSONField(default=list)

    places = models.JSONField(default=list)
    country = models.CharField(max_length=2, default="")
    country_from = models.CharField(max_length=200, default="")
    disagree = models.BooleanField(default=False)
    anycast = models.BooleanField(default=False)
    asn = models.BigIntegerField(null=True)
    holder = models.CharField(max_length=200, default="")
    cdn = models.BooleanField(default=False)
    in_front = models.JSONField(default=dict)

    host_country = models.CharField(max_length=2, default="")
    host_confidence = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in Confidence], default=Confidence.UNKNOWN
    )
    host_because = models.JSONField(default=list)
    last_known = models.JSONField(default=dict)
    missing = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["final_domain", "item"], name="trace_leads_elsewhere"),
            models.Index(fields=["asn", "item"], name="trace_network"),
        ]

    def __str__(self) -> str:
        return f"trace of item {self.item_id}"

    @property
    def all_fingerprints(self) -> list[dict[str, Any]]:
        """What the trace found, and what later looks did."""
        return [*self.fingerprints, *self.seen_later]

    @property
    def host_is_sure(self) -> bool:
        """Whether the host's country is sure enough to act on without a person having said it."""
        return Confidence(self.host_confidence).is_enough


class ServedFrom(models.Model):
    """An IP address that an item's host had when it was traced last: which items share one is asked by it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=45)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["address", "item"], name="served_from_once")]

    def __str__(self) -> str:
        return f"{self.address} served item {self.item_id}"


class Change(models.Model):
    """An item is elsewhere, or in other hands, than an earlier trace found.

    `raised`: a notice to the host was stopped because of it, so that a person looks before it goes to the wrong one.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=8, choices=[(word, word.sentence) for word in Changed])
    before = models.CharField(max_length=300)
    after = models.CharField(max_length=300)
    raised = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.what} of item {self.item_id}: {self.before} → {self.after}"
