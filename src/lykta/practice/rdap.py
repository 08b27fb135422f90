"""The registry: RDAP over HTTP for networks, domains and AS numbers (RFC 7480, 9082, 9083)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from lykta.practice import atlas
from lykta.practice.atlas import Contact, Network
from lykta.practice.servers import listening
from lykta.practice.settings import HOME, REGISTRY, PracticeSettings

BUSY = "busy.example"
SLOW = "sleepy.example"
ELSEWHERE = "elsewhere.example"
INSIDE = "inside.example"
RETRY_AFTER_SECONDS = 1
REGISTRAR = "abuse@names.test"
COUNTRY = "TH"
"""Where all who registered a domain say that they are; their names are held back (RFC 9537)."""

Json = dict[str, Any]


@asynccontextmanager
async def serve_registry(settings: PracticeSettings) -> AsyncIterator[None]:
    """Answer at 127.40.0.1 until left."""
    registry = _Registry(settings)
    app = web.Application()
    app.router.add_get("/ip/{address:.+}", registry.ip)
    app.router.add_get("/autnum/{number}", registry.autnum)
    app.router.add_get("/domain/{name}", registry.domain)
    app.router.add_get("/elsewhere/domain/{name}", registry.domain)
    async with listening(app, [REGISTRY], settings.rdap_port):
        yield


def bootstrap(settings: PracticeSettings) -> dict[str, Json]:
    """IANA's bootstrap registries (RFC 9224, 8521), pointing at this world's registry for all that it holds."""
    server = [f"http://{REGISTRY}:{settings.rdap_port}/"]
    numbers = [network.asn for network in atlas.NETWORKS]
    services: dict[str, list[list[list[str]]]] = {
        "asn": [[[f"{min(numbers)}-{max(numbers)}"], server]],
        "dns": [[["test", "example"], server]],
        "ipv4": [[["127.0.0.0/8"], server]],
        "ipv6": [[["2001:db8::/32"], server]],
        "object": [[["registry@names.test"], ["PRACTICE"], server]],
    }
    return {
        kind: {
            "version": "1.0",
            "publication": "2026-11-01T00:00:00Z",
            "description": "RDAP bootstrap of the practice world",
            "services": entries,
        }
        for kind, entries in services.items()
    }


class _Registry:
    def __init__(self, settings: PracticeSettings) -> None:
        self._settings = settings

    async def ip(self, request: web.Request) -> web.Response:
        try:
            network = atlas.network_of(request.match_info["address"].partition("/")[0])
        except ValueError:
            return _refuse(400, "This is not an address.")
        return await self._answer(_network(network) if network else None)

    async def autnum(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        network = next((network for network in atlas.NETWORKS if str(network.asn) == number), None)
        return await self._answer(_autnum(network) if network else None)

    async def domain(self, request: web.Request) -> web.Response:
        name = request.match_info["name"].lower()
        if name == BUSY:
            retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            return _refuse(429, "Too many questions.", headers=retry)
        if name == SLOW:
            await asyncio.sleep(atlas.SLOW_SECONDS)
        if name == ELSEWHERE and not request.path.startswith("/elsewhere/"):
            return _refuse(302, "Elsewhere.", headers={"Location": f"/elsewhere/domain/{name}"})
        if name == INSIDE:
            inside = f"http://{HOME}:{self._settings.web_port}/domain/{name}"
            return _refuse(302, "Inside.", headers={"Location": inside})
        known = name in atlas.DOMAINS or name in {SLOW, ELSEWHERE}
        return await self._answer(_domain(name) if known else None)

    async def _answer(self, content: Json | None) -> web.Response:
        await asyncio.sleep(self._settings.latency_seconds)
        if content is None:
            return _refuse(404, "The registry has no such object.")
        return web.json_response({"rdapConformance": ["rdap_level_0"]} | content, content_type="application/rdap+json")


def _refuse(status: int, title: str, *, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(
        {"rdapConformance": ["rdap_level_0"], "errorCode": status, "title": title},
        status=status,
        content_type="application/rdap+json",
        headers=headers,
    )


def _network(network: Network) -> Json:
    return {
        "objectClassName": "ip network",
        "handle": f"NET-{network.asn}",
        "startAddress": _written(network, network.first),
        "endAddress": _written(network, network.last),
        "ipVersion": "v4",
        "name": network.domain.partition(".")[0].upper(),
        "type": "ALLOCATED",
        "country": network.country,
        "status": ["active"],
        **_contacts(network),
    }


def _written(network: Network, address: str) -> str:
    """Some registries pad addresses with zeros; the American one here does."""
    return ".".join(f"{int(part):03}" for part in address.split(".")) if network.country == "US" else address


def _autnum(network: Network) -> Json:
    return {
        "objectClassName": "autnum",
        "handle": f"AS{network.asn}",
        "startAutnum": network.asn,
        "endAutnum": network.asn,
        "name": network.domain.partition(".")[0].upper(),
        "country": network.country,
        **_contacts(network),
    }


def _domain(name: str) -> Json:
    abuse = _entity("NAMES-ABUSE", "Abuse desk", ["abuse"], REGISTRAR)
    holder = _entity(f"HOLDER-{name}", "", ["registrant"])
    holder["vcardArray"][1].append(["adr", {"cc": COUNTRY}, "text", [""] * 7])
    return {
        "objectClassName": "domain",
        "handle": f"DOM-{name}",
        "ldhName": name,
        "status": ["active"],
        "entities": [_entity("NAMES", "Practice Names", ["registrar"], entities=[abuse]), holder],
        "redacted": [{"name": {"type": "Registrant Name"}, "method": "emptyValue", "prePath": "$.entities[1]"}],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": f"ns1.{atlas.NETWORKS[0].domain}"}],
    }


def _contacts(network: Network) -> Json:
    """The ways in which real registries tell, or hide, where to complain."""
    handle = f"ORG-{network.asn}"
    desk = _entity(f"{handle}-DESK", "Abuse desk", ["abuse"], network.abuse)
    match network.contact:
        case Contact.ABUSE_ROLE:
            return {"entities": [_entity(handle, network.name, ["registrant"]), desk]}
        case Contact.NESTED_ROLE:
            return {"entities": [_entity(handle, network.name, ["registrant"], entities=[desk])]}
        case Contact.SEVERAL_EMAILS:
            emails = (f"noc@{network.domain}", network.abuse)
            return {"entities": [_entity(handle, network.name, ["registrant", "technical"], *emails)]}
        case Contact.REMARK:
            told = f"Please send reports of abuse to {network.abuse}."
            remarks = [{"title": "Remarks", "description": ["A host by the sea.", told]}]
            return {"entities": [_entity(handle, network.name, ["registrant"])], "remarks": remarks}
        case Contact.NONE:
            return {"entities": [_entity(handle, network.name, ["registrant"])]}


def _entity(handle: str, name: str, roles: list[str], *emails: str, entities: list[Json] | None = None) -> Json:
    """A person or organisation with its jCard (RFC 7095)."""
    card: list[Any] = [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]
    card += [["email", {"type": "work"}, "text", email] for email in emails]
    entity = {"objectClassName": "entity", "handle": handle, "roles": roles, "vcardArray": ["vcard", card]}
    return entity | ({"entities": entities} if entities else {})
