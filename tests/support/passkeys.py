"""A passkey in software: answers what a desk asks as a browser and its authenticator would (WebAuthn level 3)."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost:8002"
PRESENT = AuthenticatorData.FLAG.UP
VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Passkey:
    """One key for one account. `verified`: whether its holder gave a PIN or finger; `origin`: where it believes to be."""

    number: bytes
    origin: str = ORIGIN
    verified: bool = True
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""

    def make(self, asked: str) -> str:
        """The answer to `navigator.credentials.create`, as JSON."""
        options = json.loads(asked)["publicKey"]
        self.handle = options["user"]["id"]
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        attested = AttestedCredentialData.create(b"\0" * 16, self.number, public)
        data = AuthenticatorData.create(self._party(), self._flags() | AuthenticatorData.FLAG.AT, 0, bytes(attested))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        said = self._said("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(attestation)})

    def use(self, asked: str) -> str:
        """The answer to `navigator.credentials.get`, as JSON."""
        said = self._said("webauthn.get", json.loads(asked)["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(self._party(), self._flags(), 0))
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(said),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.handle,
            }
        )

    def _party(self) -> bytes:
        return hashlib.sha256((urlsplit(self.origin).hostname or "").encode()).digest()

    def _flags(self) -> AuthenticatorData.FLAG:
        return VERIFIED if self.verified else PRESENT

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        number = websafe_encode(self.number)
        whole = {"id": number, "rawId": number, "type": "public-key", "response": response}
        return json.dumps({**whole, "clientExtensionResults": {"credProps": {"rk": True}}})


def challenged(asked: str) -> bytes:
    """The random bytes in what the desk asks."""
    return bytes(websafe_decode(json.loads(asked)["publicKey"]["challenge"]))
