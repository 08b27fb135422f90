"""What stands on a partner's poster, apart from `posters`, which draws it: a library for PDF takes long to load."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What is written on it. `direction` is `ltr` or `rtl`; `address` is the whole one, as the QR code holds it."""

    language: str
    direction: str
    title: str
    lead: str
    note: str
    hotline: str
    address: str

    @property
    def short(self) -> str:
        """The address as one types it."""
        return self.address.removeprefix("https://")
