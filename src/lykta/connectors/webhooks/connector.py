"""Tells partners' systems something, signed as the Standard Webhooks specification 1.0 says."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

from lykta.connectors.contract import Call, Final, Transient
from lykta.lib import clock, outbound

TIMEOUT = 15.0
"""Seconds for the whole of a call; the specification recommends 15 to 30."""


class Webhooks:
    """A `Caller`. `https_only` is False in a practice world, where nothing leaves the machine."""

    def __init__(self, *, client: outbound.Client, https_only: bool = True, timeout: float = TIMEOUT) -> None:
        self._client = client
        self._https_only = https_only
        self._timeout = timeout

    def call(self, call: Call) -> int:
        """POST it once. Returns the status that was answered. Raises Transient or Final."""
        if self._https_only and urlsplit(call.address).scheme.lower() != "https":
            raise Final("The address is not https.")
        headers = signed(call, now=clock.now())
        try:
            answer = self._client.post(call.address, body=call.body, headers=headers, timeout=self._timeout)
        except outbound.Refused as error:
            raise Final(f"The partner's system was not called: {error.reason}.") from error
        except outbound.NoAnswer as error:
            raise Transient(f"The partner's system did not answer: {error.reason}.", uncertain=True) from error
        if answer.status == 429 or answer.status >= 500:
            raise Transient(f"The partner's system answers {answer.status}.", retry_after=_seconds(answer))
        return answer.status


def signed(call: Call, *, now: datetime) -> dict[str, str]:
    """The headers of a call. The moment is that of this try: receivers refuse what was signed long ago."""
    moment = str(int(now.timestamp()))
    content = f"{call.number}.{moment}.".encode() + call.body
    signatures = [base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode() for secret in call.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lykta",
        "webhook-id": call.number,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _seconds(answer: outbound.Response) -> float | None:
    """Retry-After in seconds; as a date it is left to our own pauses."""
    wait = answer.headers.get("retry-after", "")
    return float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None
