"""How many steps a far host may have at the same time: few until it has shown that it answers, one while it is slow.

One more for each quick answer, half as many for each slow one: so a network's own pace is found (RFC 5681), too.
"""

from collections import OrderedDict

FIRST = 2
"""For a host that nobody knows yet."""
MOST = 8
"""For one that answers quickly, so that a long list of one host does not keep others waiting."""
SLOW = 10.0
"""Seconds; a trace of a host that answers takes about one, and of one that never does half a minute."""
REMEMBERED = 10_000
"""Hosts; the one that was asked longest ago is forgotten first."""


class Paces:
    """What was seen of each host. All slow ones together may have `slow_places` steps."""

    def __init__(self, *, slow_places: int) -> None:
        self.slow_places = slow_places
        self._allowed: OrderedDict[str, int] = OrderedDict()

    def allowed(self, host: str) -> int:
        """Steps that this host may have at once."""
        return self._allowed.get(host, FIRST)

    def is_slow(self, host: str) -> bool:
        """Whether it kept somebody waiting and has not answered quickly since."""
        return self.allowed(host) < FIRST

    @property
    def slow_hosts(self) -> list[str]:
        """All that are slow."""
        return [host for host in self._allowed if self.is_slow(host)]

    def note(self, host: str, seconds: float) -> None:
        """A step for it took so long, or has been going on for so long. To be said once for each step."""
        before = self.allowed(host)
        self._allowed[host] = max(before // 2, 1) if seconds > SLOW else min(before + 1, MOST)
        self._allowed.move_to_end(host)
        if len(self._allowed) > REMEMBERED:
            self._allowed.popitem(last=False)
