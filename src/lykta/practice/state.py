"""What has changed in the practice world: which contents are removed, which names have moved.

Kept in `state.json`, replaced whole at each change, so that a second run goes on where the first stopped. A change is
noted with the time from which it holds; nothing has to wait for it. Any thread may call.
"""

import json
import time
from pathlib import Path
from threading import Lock

from lykta.practice import atlas
from lykta.practice.atlas import Network
from lykta.practice.contents import CONTENTS


class State:
    """The changes, by place (`removed`) and by name (`moved`), each with its time in seconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "state.json"
        self._lock = Lock()
        self._removed: dict[str, float] = {}
        self._moved: dict[str, float] = {}
        if self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._removed, self._moved = kept["removed"], kept["moved"]

    def remove(self, place: str, *, after_seconds: float = 0.0) -> None:
        """The host takes a content down; a removal that is planned already stays as planned if it is earlier."""
        if place not in CONTENTS:
            raise LookupError(f"There is nothing at {place}.")
        due = time.time() + after_seconds
        with self._lock:
            self._removed[place] = min(due, self._removed.get(place, due))
            self._save()

    def bring_back(self, what: str) -> None:
        """The content, or the name, is where it was at first, and no change is planned."""
        with self._lock:
            self._removed.pop(what, None)
            self._moved.pop(what, None)
            self._save()

    def move(self, name: str, *, after_seconds: float = 0.0) -> None:
        """The name leads to its other address, in another network. Raises LookupError for names that stay."""
        if name not in atlas.NAMES or not atlas.NAMES[name].moves_to:
            raise LookupError(f"{name} does not move.")
        with self._lock:
            self._moved[name] = time.time() + after_seconds
            self._save()

    def removal_due(self, place: str) -> float | None:
        """When a content was or will be removed, in seconds since 1970."""
        return self._removed.get(place)

    def is_removed(self, place: str) -> bool:
        return self._removed.get(place, float("inf")) <= time.time()

    def has_moved(self, name: str) -> bool:
        return self._moved.get(name, float("inf")) <= time.time()

    def addresses(self, name: str) -> tuple[str, ...]:
        """The IPv4 addresses that a name (without alias) has now."""
        here = atlas.NAMES[name]
        return (here.moves_to,) if self.has_moved(name) else here.addresses

    def serves(self, address: str, host: str) -> bool:
        """Whether the server at an IP address has this site, be it as the hidden host behind a CDN."""
        found = atlas.follow(host)
        return found is not None and address in (*self.addresses(found[0]), found[1].origin)

    def hosted_by(self, network: Network, host: str) -> bool:
        """Whether a site stands, openly or behind a CDN, in this network."""
        found = atlas.follow(host)
        if found is None:
            return False
        places = (*self.addresses(found[0]), found[1].origin)
        return any(network.holds(address) for address in places if address)

    def _save(self) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"removed": self._removed, "moved": self._moved}), encoding="utf-8")
        part.replace(self._file)
