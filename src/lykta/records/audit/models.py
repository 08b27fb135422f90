"""The record of what was done: a chain that cannot be altered unseen."""

from django.db import models


class Entry(models.Model):
    """One thing that was done. `seal` covers this entry and the one before: see `lykta.records.audit.chain`."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    by = models.CharField(max_length=160)
    word = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_index=True)
    facts = models.TextField()
    seal = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.by} {self.word} {self.subject}"


class Head(models.Model):
    """Where the chain ends: one row, locked by whoever writes, so that entries follow one another."""

    last_number = models.BigIntegerField(default=0)
    last_seal = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"entry {self.last_number}"
