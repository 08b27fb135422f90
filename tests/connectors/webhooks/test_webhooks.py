"""Calls to partners' systems: signed so that their own library takes them, guarded, never led elsewhere."""

import base64
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from tests.connectors.receiver import Receiver, receiver

from lykta.connectors.contract import Call, Final, Transient
from lykta.connectors.webhooks.connector import Webhooks, signed
from lykta.lib import clock, outbound
from lykta.lib.guard import GuardPolicy

SECRET, OLD = b"s" * 32, b"o" * 32
POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
NOBODY = (("127.0.0.1", 9),)


def spelt(secret: bytes) -> str:
    return f"whsec_{base64.b64encode(secret).decode()}"


def call(address: str, *secrets: bytes) -> Call:
    return Call(address=address, number="msg_1", body=b'{"type":"report.status"}', secrets=secrets or (SECRET,))


@pytest.fixture
def partner() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


@pytest.fixture
def client() -> Iterator[outbound.Client]:
    client = outbound.Client(policy=POLICY, resolvers=NOBODY)
    yield client
    client.close()


@pytest.fixture
def webhooks(client: outbound.Client) -> Webhooks:
    return Webhooks(client=client, https_only=False, timeout=5)


def test_a_call_arrives_with_a_signature_that_the_partners_library_takes(webhooks: Webhooks, partner: Receiver) -> None:
    assert webhooks.call(call(partner.address)) == 204
    assert partner.verified(spelt(SECRET)) == {"type": "report.status"}
    headers, _ = partner.taken[0]
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "Lykta"


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_while_a_secret_is_replaced_both_are_good(webhooks: Webhooks, partner: Receiver, secret: bytes) -> None:
    webhooks.call(call(partner.address, SECRET, OLD))
    assert partner.verified(spelt(secret)) == {"type": "report.status"}


def test_who_holds_another_secret_takes_nothing(webhooks: Webhooks, partner: Receiver) -> None:
    webhooks.call(call(partner.address))
    with pytest.raises(WebhookVerificationError):
        partner.verified(spelt(OLD))


ASCII = st.text(st.characters(max_codepoint=127), min_size=1, max_size=200)


@given(body=ASCII, place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=127))
def test_a_body_that_was_tampered_with_fails(body: str, place: int, flip: int) -> None:
    made = Call(address="https://a.test/", number="msg_1", body=body.encode(), secrets=(SECRET,))
    headers = signed(made, now=clock.now())
    assert Webhook(spelt(SECRET)).verify(made.body, headers, json_parse=False) is None
    tampered = bytearray(made.body)
    tampered[place % len(tampered)] ^= flip
    with pytest.raises(WebhookVerificationError):
        Webhook(spelt(SECRET)).verify(bytes(tampered), headers, json_parse=False)


@pytest.mark.parametrize(("name", "value"), [("webhook-id", "msg_2"), ("webhook-timestamp", "1")])
def test_number_and_moment_are_signed_too(name: str, value: str) -> None:
    made = call("https://a.test/")
    headers = {**signed(made, now=clock.now()), name: value}
    with pytest.raises(WebhookVerificationError):
        Webhook(spelt(SECRET)).verify(made.body, headers)


def test_we_sign_as_the_specifications_own_library_signs() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    moment = datetime(2021, 2, 25, 18, 28, 9, tzinfo=UTC)
    made = Call(
        address="https://a.test/",
        number="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=b'{"test": 2432232314}',
        secrets=(secret,),
    )
    theirs = Webhook(spelt(secret)).sign(made.number, moment, made.body.decode())
    assert signed(made, now=moment)["webhook-signature"] == theirs


def test_a_redirect_is_an_answer_and_is_not_followed(webhooks: Webhooks, partner: Receiver) -> None:
    with receiver("127.10.0.4") as elsewhere:
        partner.statuses, partner.location = [307], elsewhere.address
        assert webhooks.call(call(partner.address)) == 307
        assert elsewhere.taken == []


@pytest.mark.parametrize("status", [200, 299, 400, 404, 410])
def test_a_status_is_the_answer(webhooks: Webhooks, partner: Receiver, status: int) -> None:
    partner.statuses = [status]
    assert webhooks.call(call(partner.address)) == status


@pytest.mark.parametrize(("status", "wait"), [(500, None), (503, 120), (429, None)])
def test_a_system_that_is_busy_is_called_again_later(
    webhooks: Webhooks, partner: Receiver, status: int, wait: float | None
) -> None:
    partner.statuses = [status]
    with pytest.raises(Transient, match=str(status)) as caught:
        webhooks.call(call(partner.address))
    assert (caught.value.retry_after, caught.value.uncertain) == (wait, False)


def test_of_a_call_that_breaks_off_nobody_knows(webhooks: Webhooks, partner: Receiver) -> None:
    partner.statuses = [None]
    with pytest.raises(Transient, match="did not answer") as caught:
        webhooks.call(call(partner.address))
    assert caught.value.uncertain


def test_a_slow_system_is_not_waited_for(client: outbound.Client, partner: Receiver) -> None:
    partner.slow = threading.Event()
    with pytest.raises(Transient, match=r"0\.3 seconds"):
        Webhooks(client=client, https_only=False, timeout=0.3).call(call(partner.address))
    partner.slow.set()


@pytest.mark.parametrize("address", ["http://a.example/hook", "HTTP://a.example/", "ftp://a.example/"])
def test_outside_practice_nothing_but_https_is_called(client: outbound.Client, address: str) -> None:
    with pytest.raises(Final, match="not https"):
        Webhooks(client=client).call(call(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "192.168.1.1", "0x7f.1"])
def test_a_private_address_is_never_called(host: str) -> None:
    client = outbound.Client(policy=GuardPolicy(), resolvers=NOBODY)
    try:
        with pytest.raises(Final, match="not public"):
            Webhooks(client=client).call(call(f"https://{host}/hook"))
    finally:
        client.close()


def test_secrets_stand_in_no_traceback() -> None:
    assert "ssss" not in repr(call("https://a.test/"))


def test_a_later_try_is_signed_for_its_own_moment() -> None:
    made, now = call("https://a.test/"), clock.now()
    first, second = signed(made, now=now), signed(made, now=now + timedelta(hours=1))
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
