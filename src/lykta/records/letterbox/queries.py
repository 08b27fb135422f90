"""Reads of the letterbox: a code finds its own mailbox, the worker finds waiting letters, and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox.code_in_use import DATABASE, code_in_use
from lykta.records.letterbox.models import Box, Letter, Parcel


@dataclass(frozen=True, slots=True)
class Delivered:
    """One opened parcel: what the staff side wrote, and when."""

    content: dict[str, Any]
    written_at: datetime


def box_for(code: Code, *, now: datetime) -> Box | None:
    """The mailbox that this code opens, if there is one and its date has not passed."""
    lookup = codes.lookup(code)
    with code_in_use(lookup):
        return Box.objects.using(DATABASE).filter(lookup=lookup, expires_at__gt=now).first()


def delivered_to(box: Box, code: Code) -> list[Delivered]:
    """What lies in the mailbox, oldest first, opened with the code."""
    private_key = sealing.private_key_from_seed(codes.key_seed(code))
    with code_in_use(codes.lookup(code)):
        parcels = list(Parcel.objects.using(DATABASE).filter(box=box).order_by("written_at", "pk"))
    return [
        Delivered(sealing.unseal(bytes(parcel.sealed), private_key=private_key), parcel.written_at)
        for parcel in parcels
    ]


def waiting_letters(limit: int) -> list[Letter]:
    """Letters that the staff side has not taken in yet, oldest first."""
    letters = Letter.objects.using(DATABASE).select_related("box")
    return list(letters.filter(failed_at=None).order_by("received_at", "pk")[:limit])
