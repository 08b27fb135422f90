"""What a page asks of the browser, and which of it is let through."""

import asyncio
from typing import Any

from lykta.connectors.web.browser_proxy import FilteringProxy, place_of
from lykta.connectors.web.browser_wire import ENDED, Event, Wire, WireError
from lykta.lib.outbound import Hop

MOST_REQUESTS = 400
MOST_HOPS = 8
"""Addresses that the page itself may lead on to, by redirects or by script."""
MOST_MEDIA = 10_000
LONGEST_ADDRESS = 4_000

FETCHED = frozenset({"Document", "Script", "Stylesheet", "XHR", "Fetch", "EventSource", "Preflight"})
SHOWN = frozenset({"Image", "Media"})
PAGE_TYPES = ("text/html", "application/xhtml+xml")


class Page:
    """One page in one browser. Every request of it waits for a word of ours before it leaves the browser."""

    def __init__(self, proxy: FilteringProxy) -> None:
        self._proxy = proxy
        self._wire: Wire | None = None
        self._frame = ""
        self._requests = 0
        self._last = 0.0
        self.loaded = asyncio.Event()
        self.hops: list[Hop] = []
        self.wanted = ""
        self.media: dict[str, None] = {}
        self.hosts: set[str] = set()
        self.refusal = ""

    async def open(self, wire: Wire, address: str, user_agent: str) -> None:
        """Send the browser to the address. Raises WireError."""
        made = await wire.ask("Target.createTarget", url="about:blank")
        self._frame = str(made["targetId"])
        attached = await wire.ask("Target.attachToTarget", targetId=self._frame, flatten=True)
        await wire.ask("Browser.setDownloadBehavior", behavior="deny")
        own: str = (await wire.ask("Browser.getVersion"))["userAgent"]
        wire.session = attached["sessionId"]
        self._wire, wire.on_event = wire, self._on_event
        await wire.ask("Network.setUserAgentOverride", userAgent=user_agent or own.replace("Headless", ""))
        patterns = [{"requestStage": "Request"}, {"requestStage": "Response", "resourceType": "Document"}]
        await wire.ask("Fetch.enable", patterns=patterns)
        await wire.ask("Page.enable")
        self._last = asyncio.get_running_loop().time()
        gone = (await wire.ask("Page.navigate", url=address)).get("errorText")
        if gone and not self.hops:
            raise WireError(f"the browser got nowhere: {str(gone)[:100]}")

    async def html(self, wire: Wire) -> str:
        """The page as it stands now, with what scripts have built. Raises WireError."""
        root = (await wire.ask("DOM.getDocument", depth=0))["root"]
        if not str(root.get("documentURL", "")).startswith(("http://", "https://")):
            raise WireError("the page led on to where nothing is")
        outer = await wire.ask("DOM.getOuterHTML", nodeId=root["nodeId"], includeShadowDOM=True)
        return str(outer["outerHTML"])

    async def quiet(self, seconds: float) -> None:
        """Wait until the page has asked for nothing for so long."""
        loop = asyncio.get_running_loop()
        while (left := self._last + seconds - loop.time()) > 0:  # noqa: ASYNC110 — it is the absence of events
            await asyncio.sleep(left)

    def _on_event(self, name: str, event: Event) -> None:
        if name == "Fetch.requestPaused":
            self._last = asyncio.get_running_loop().time()
            answer = "responseStatusCode" in event or "responseErrorReason" in event
            passes = self._answers(event) if answer else self._asks(event)
            self._say(passes, event["requestId"])
        elif name in {"Page.loadEventFired", ENDED}:
            self.loaded.set()
        elif name == "Page.javascriptDialogOpening" and self._wire:
            self._wire.tell("Page.handleJavaScriptDialog", accept=False)
        elif name == "Inspector.targetCrashed" and self._wire:
            self._wire.end(WireError("the page made the browser fail"))

    def _say(self, passes: bool, request: Any) -> None:  # noqa: FBT001 — the answer to one question
        if self._wire is None:
            return
        if passes:
            self._wire.tell("Fetch.continueRequest", requestId=request)
        else:
            self._wire.tell("Fetch.failRequest", requestId=request, errorReason="BlockedByClient")

    def _asks(self, event: Event) -> bool:
        """Whether a request may leave the browser; its host may then be connected to."""
        address = str(event["request"]["url"])
        place, kind = place_of(address), event["resourceType"]
        if place is None or len(address) > LONGEST_ADDRESS:
            return False
        if kind in SHOWN and len(self.media) < MOST_MEDIA:
            self.media[address] = None
        self._requests += 1
        if kind not in FETCHED or "Sec-Purpose" in event["request"]["headers"] or self._requests > MOST_REQUESTS:
            return False  # Sec-Purpose: fetched ahead, for a page that nobody may ever open
        if self._is_main(event):
            if len(self.hops) > MOST_HOPS:
                self.refusal = f"the page leads on more than {MOST_HOPS} times"
                return False
            self.wanted = address
        self._proxy.allow(address, place)
        self.hosts.add(place[0])
        return True

    def _answers(self, event: Event) -> bool:
        """Whether the answer to a request for a document may be shown: if it is a page."""
        if not self._is_main(event) or "responseStatusCode" not in event:
            return True
        address, status = str(event["request"]["url"]), int(event["responseStatusCode"])
        place = place_of(address)
        self.hops.append(Hop(address, self._proxy.reached.get(place, "") if place else "", status))
        named = {str(pair["name"]).lower(): str(pair["value"]) for pair in event.get("responseHeaders", [])}
        if "location" in named and 300 <= status < 400:
            return True
        if named.get("content-type", "").partition(";")[0].strip().lower() not in PAGE_TYPES:
            self.refusal = "what is there is not a page"
        elif named.get("content-disposition", "").strip().lower().startswith("attachment"):
            self.refusal = "what is there is a file to be downloaded"
        return not self.refusal

    def _is_main(self, event: Event) -> bool:
        return event["resourceType"] == "Document" and event.get("frameId") == self._frame
