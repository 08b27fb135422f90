"""Time stamps by RFC 3161. The library writes the question and checks the answer; the guarded client carries both."""

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from lykta.connectors.contract import Final, Transient
from lykta.lib import outbound

TIMEOUT = 30.0
MOST_BYTES = 64_000
"""A stamp with the certificates that it rests on has 2 to 8 kB."""


class TimeStamps:
    """A `Stamper`. `roots` are PEM certificates; only stamps that lead to one of them are taken."""

    def __init__(self, *, client: outbound.Client, address: str, roots: bytes, timeout: float = TIMEOUT) -> None:
        """Raises ValueError where `roots` holds no certificate."""
        self._client = client
        self._address = address
        self._timeout = timeout
        self._roots = x509.load_pem_x509_certificates(roots)

    def stamp(self, data: bytes) -> bytes:
        """The response (DER) for these bytes, of which only the digest leaves. Raises Transient or Final."""
        request = (
            TimestampRequestBuilder()
            .data(data)
            .hash_algorithm(HashAlgorithm.SHA256)
            .nonce()
            .cert_request(cert_request=True)
        ).build()
        answered = self._ask(request.as_bytes())
        builder = VerifierBuilder.from_request(request)
        for root in self._roots:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(_read(answered), data)
        except (VerificationError, ValueError) as error:
            raise Final(f"The time stamp does not hold: {error}.") from error
        return answered

    def _ask(self, question: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept-Encoding": "identity"}
        try:
            answer = self._client.post(
                self._address, body=question, headers=headers, timeout=self._timeout, max_bytes=MOST_BYTES
            )
        except outbound.Refused as error:
            raise Final(f"The time-stamping service was not asked: {error.reason}.") from error
        except outbound.NoAnswer as error:
            raise Transient(f"The time-stamping service did not answer: {error.reason}.") from error
        if answer.status == 429 or answer.status >= 500:
            raise Transient(f"The time-stamping service answers {answer.status}.")
        if answer.status != 200 or not answer.complete:
            raise Final(f"The time-stamping service answers {answer.status}, and no time stamp.")
        return answer.body


def _read(answered: bytes) -> TimeStampResponse:
    """Raises VerificationError, also for what is no response at all."""
    try:
        return decode_timestamp_response(answered)
    except ValueError as error:
        raise VerificationError("it cannot be read") from error
