"""Fetches IANA's bootstrap files (RFC 9224 4), which change some days a month."""

import json
from datetime import date
from typing import Any

from lykta.connectors.contract import ConnectorError, Final, Transient
from lykta.connectors.rdap.bootstrap import Bootstrap
from lykta.lib import outbound

IANA = "https://data.iana.org/rdap/"
FILES = {"asn": "asn.json", "dns": "dns.json", "ipv4": "ipv4.json", "ipv6": "ipv6.json", "object": "object-tags.json"}


def fetch(client: outbound.Client, *, today: date, source: str = IANA) -> dict[str, Any]:
    """All five files in one object, as `bootstrap.load` reads them. Raises Transient or Final; half is nothing."""
    found: dict[str, Any] = {"source": source, "fetched": today.isoformat()}
    found |= {kind: _file(client, source + name) for kind, name in FILES.items()}
    try:
        read = Bootstrap.read(found)
    except ValueError as error:
        raise Final(f"What {source} answers is not the bootstrap: {error}.") from error
    if not read.networks or not read.domains or not read.numbers:
        raise Final(f"What {source} answers names no registry.")
    return found


def _file(client: outbound.Client, address: str) -> Any:
    try:
        response = client.get(address, headers={"Accept": "application/json"})
    except outbound.OutboundError as error:
        kind: type[ConnectorError] = Final if isinstance(error, outbound.Refused) else Transient
        raise kind(f"{address}: {error.reason}.") from error
    if response.status != 200 or not response.complete:
        raise Transient(f"{address} answers {response.status}.")
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise Final(f"{address} is not JSON.") from error
