"""Asks by WHOIS for domains whose registry has no RDAP: IANA which server knows, that server, and one that it names."""

import re

from lykta.connectors.contract import Final, Registration, Transient
from lykta.connectors.whois import reading
from lykta.connectors.whois.client import Client
from lykta.lib import outbound
from lykta.lib.domains import registrable
from lykta.lib.exits import DIRECT, Exit
from lykta.lib.guard import GuardPolicy
from lykta.lib.manners import Manners, NotNow
from lykta.lib.resolvers import Resolvers

REMEMBERED = 2_000
"""Top-level domains whose server is known; there are fewer."""

_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,20}")


class Whois:
    """A `Registry` of domains only. `root` is a server that knows the others, as `name:port`; all have that port."""

    def __init__(
        self,
        *,
        root: str,
        policy: GuardPolicy,
        resolvers: Resolvers,
        manners: Manners | None = None,
        timeout: float = 10.0,
        through: Exit = DIRECT,
    ) -> None:
        self._root, _, port = root.rpartition(":")
        self._client = Client(policy, resolvers, int(port), timeout, through)
        self._manners = manners or Manners()
        self._servers: dict[str, str] = {}

    def network(self, address: str) -> Registration | None:
        """All regional registries have RDAP."""
        del address
        return None

    def autnum(self, number: int) -> Registration | None:
        """All regional registries have RDAP."""
        del number
        return None

    def domain(self, name: str) -> Registration | None:
        """Who registered the domain that a host name lies in. Raises Transient or Final."""
        domain = registrable(name)
        if not _DOMAIN.fullmatch(domain):
            return None
        server = self._responsible(domain.rpartition(".")[2])
        if not server:
            return None
        text = self._ask(server, domain)
        if reading.is_none(text):
            return None
        texts = [text]
        # Of some domains the registry knows only which registrar knows. One hop: who is named there is not asked.
        registrar = reading.server(text, "registrar whois server", "whois server", "whois")
        if registrar and registrar != server:
            texts += self._if_it_answers(registrar, domain)
        return reading.read(domain, texts, source=f"whois://{server}/{domain}")

    def _responsible(self, top: str) -> str:
        """The server for a top-level domain; "" is asked for again, since a refusal in words looks the same."""
        found = self._servers.get(top) or reading.server(self._ask(self._root, top), "whois", "refer")
        if found and len(self._servers) < REMEMBERED:
            self._servers[top] = found
        return found

    def _if_it_answers(self, server: str, domain: str) -> list[str]:
        try:
            return [self._ask(server, domain)]
        except (Transient, Final):
            return []

    def _ask(self, server: str, question: str) -> str:
        try:
            with self._manners.turn(server):
                return self._client.ask(server, question)
        except NotNow as error:
            raise Transient("The WHOIS server is not asked at the moment.", retry_after=error.seconds) from error
        except outbound.Refused as error:
            raise Final(f"The WHOIS server was not asked: {error.reason}.") from error
        except outbound.NoAnswer as error:
            raise Transient(f"The WHOIS server did not answer: {error.reason}.") from error
