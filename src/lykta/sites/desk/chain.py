"""A trace as a chain that a tired person can read: from what was reported, link by link, to the server's country."""

from dataclasses import dataclass

from django.utils.translation import gettext

from lykta.core.locators import defang
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Trace
from lykta.sites.desk.reading import country


@dataclass(frozen=True, slots=True)
class Link:
    """One link: what it is, the fact, and a remark. `code` says that the fact is an address."""

    what: str
    fact: str
    remark: str = ""
    code: bool = False


def chain(item: Item, trace: Trace | None) -> list[Link]:
    """The links after the item's own address, in order; what is missing stands in `trace.missing`."""
    if trace is None or not item.watchable:
        return []
    links = [_hop(hop) for hop in trace.hops if hop["address"] != item.address]
    names = [_defang_host(name) for name in trace.names if name != item.host]
    if names:
        links.append(Link(gettext("Also named"), " → ".join(names), code=True))
    if trace.addresses:
        links.append(Link(gettext("Answers from"), ", ".join(trace.addresses), code=True))
    if trace.holder or trace.asn:
        links.append(_network(trace))
    links.append(Link(gettext("Country"), country(trace.country), trace.country_from))
    return links


def _hop(hop: dict[str, str | int]) -> Link:
    remark = gettext("answered with status %(status)s") % {"status": hop["status"]}
    return Link(gettext("Leads to"), defang(str(hop["address"])), remark, code=True)


def _network(trace: Trace) -> Link:
    number = f"AS{trace.asn}" if trace.asn else ""
    fact = " ".join(part for part in (trace.holder, number) if part)
    if trace.cdn:
        remark = gettext("A delivery network in front of the host: the real server is not known.")
        return Link(gettext("In front"), fact, remark)
    return Link(gettext("Host"), fact)


def _defang_host(name: str) -> str:
    return name.replace(".", "[.]")
