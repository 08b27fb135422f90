"""DKIM: the domain's signature counts where the hotline said so, as far as it covers, and for nobody else."""

import base64
import functools
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Tsk
from tests.connectors.imap.conftest import NOWHERE, Box, inbox_of, signed_mail, write
from tests.connectors.servers import NameServer

from lykta.connectors.contract import Arrived
from lykta.connectors.imap import connector
from lykta.connectors.imap.connector import ImapInbox
from lykta.connectors.imap.domain_signatures import DomainKeys, NoAnswerYet
from lykta.connectors.imap.reading import Said, open_mail
from lykta.connectors.imap.registrations import NotSigned
from lykta.connectors.imap.senders import Senders
from lykta.core.vocabulary import Source
from lykta.lib import clock

FROM = "Desk <desk@polder.test>"
WORDS = "Please look at http://pictures.nordhost.test/album/1"
COVERED = ("from", "subject", "date", "content-type", "content-transfer-encoding")
KEY = Tsk.generate("desk@hotline.test")
Mails = Callable[..., bytes]


@functools.cache
def rsa_key(bits: int) -> tuple[bytes, str]:
    """A private key as the library takes it, and what the domain publishes; by openssl, which makes short ones too."""
    secret = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], capture_output=True, check=True).stdout
    command = ["openssl", "rsa", "-pubout", "-outform", "DER"]
    shown = subprocess.run(command, input=secret, capture_output=True, check=True).stdout
    return secret, f"v=DKIM1; k=rsa; p={base64.b64encode(shown).decode()}"


@functools.cache
def ed25519_key() -> tuple[bytes, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    shown = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return base64.b64encode(key.private_bytes_raw()), f"v=DKIM1; k=ed25519; p={shown}"


def until(seconds: int) -> dict[bytes, bytes]:
    """The tags of a signature that holds for so long."""
    return {b"x": str(int(time.time()) + seconds).encode(), b"t": b""}


def plain(
    *, sender: str = FROM, subject: str = "What we found", kind: str = "text/plain; charset=utf-8", body: str = WORDS
) -> bytes:
    lines = [f"From: {sender}", f"Subject: {subject}", "Date: Mon, 1 Jun 2026 10:00:00 +0000"]
    lines += ["Message-ID: <1@polder.test>", "MIME-Version: 1.0", f"Content-Type: {kind}"]
    return "\r\n".join([*lines, "", body, ""]).encode()


@dataclass
class Domain:
    """A domain that signs its mail and publishes its keys."""

    names: NameServer
    name: str = "polder.test"

    def publish(self, record: str, *, selector: str = "s1") -> None:
        words = [record[place : place + 200] for place in range(0, len(record), 200)]
        quoted = " ".join(f'"{word}"' for word in words)
        self.names.records[f"{selector}._domainkey.{self.name}.", "TXT"] = [quoted]

    def sign(
        self,
        mail: bytes,
        *,
        algorithm: str = "rsa-sha256",
        bits: int = 2048,
        covered: tuple[str, ...] = COVERED,
        length: bool = False,
        tags: dict[bytes, bytes] | None = None,
        shape: str = "relaxed",
        selector: str = "s1",
        publish: Callable[[str], str] = str,
    ) -> bytes:
        """The mail with a signature above it; `tags` changes what stands in it, `publish` the key record."""
        secret, record = ed25519_key() if algorithm.startswith("ed25519") else rsa_key(bits)
        self.publish(publish(record), selector=selector)
        signer = Signer(mail, signature_algorithm=algorithm.encode())
        signer.tags = tags or {}
        signature: bytes = signer.sign(
            selector.encode(),
            self.name.encode(),
            secret,
            signature_algorithm=algorithm.encode(),
            canonicalize=(shape.encode(), shape.encode()),
            include_headers=[name.encode() for name in covered],
            length=length,
        )
        return signature + mail


class Signer(dkim.DKIM):  # type: ignore[misc]  # the library has no types
    """A signer that writes other tags than the library would, and signs them."""

    tags: dict[bytes, bytes]

    def gen_header(self, fields: list[tuple[bytes, bytes]], *others: object) -> object:
        changed = {**dict(fields), **self.tags}
        changed = {**{name: value for name, value in changed.items() if name != b"b"}, b"b": changed[b"b"]}
        fields[:] = [(name, value) for name, value in changed.items() if value]
        return super().gen_header(fields, *others)


@pytest.fixture
def domain(names: NameServer) -> Domain:
    return Domain(names)


@pytest.fixture
def senders(tmp_path: Path) -> Path:
    folder = tmp_path / "senders"
    write(folder / "partner" / "polder.toml", 'address = "Desk@polder.test"\ndkim = true\n')
    return folder


@pytest.fixture
def read(senders: Path, domain: Domain) -> Callable[[bytes], Said]:
    """What a mail says to those who know its sender."""

    def reading(raw: bytes) -> Said:
        keys = DomainKeys(domain.names.resolvers, timeout=0.5)
        return open_mail(raw, Senders(senders, key=KEY, keys=keys, now=clock.now()))[1]

    return reading


Read = Callable[[bytes], Said]


def test_a_mail_that_the_registered_domain_signed_comes_in(
    box: Box, senders: Path, hotline_key: Tsk, domain: Domain
) -> None:
    box.put(domain.sign(plain()))
    inbox = inbox_of(box, senders, hotline_key, resolvers=domain.names.resolvers)
    [arrived] = inbox.collect()
    assert (arrived.sender, arrived.source) == ("polder", Source.PARTNER)
    assert (arrived.text, arrived.message_id) == (f"What we found\n{WORDS}", "<1@polder.test>")
    assert domain.names.asked == [("s1._domainkey.polder.test.", "TXT")]


@pytest.mark.parametrize(
    "made",
    [
        {"algorithm": "ed25519-sha256"},
        {"bits": 1024},
        {"shape": "simple"},
        {"tags": until(3600)},
        {"covered": (*COVERED, "from", "subject", "content-type")},
        {"publish": lambda record: f"{record}; s=email; h=sha1:sha256; t=s"},
        {"publish": lambda record: record.replace("k=rsa; ", "")},
    ],
)
def test_signatures_of_every_good_kind_count(made: dict[str, object], read: Read, domain: Domain) -> None:
    assert read(domain.sign(plain(), **made)).text == f"What we found\n{WORDS}"  # type: ignore[arg-type]


def test_attachments_are_counted_and_dropped(read: Read, domain: Domain) -> None:
    parts = f"--m\r\nContent-Type: text/plain\r\n\r\n{WORDS}\r\n--m\r\nContent-Type: image/png\r\n\r\nx\r\n--m--"
    assert read(domain.sign(plain(kind="multipart/mixed; boundary=m", body=parts))) == Said(
        f"What we found\n{WORDS}", 1
    )


def test_a_subject_that_was_not_signed_is_not_read(read: Read, domain: Domain) -> None:
    mail = domain.sign(plain(), covered=("from", "content-type"))
    assert read(mail.replace(b"What we found", b"Something else")).text == WORDS


def forged(domain: Domain, mail: bytes, **made: object) -> bytes:
    """Signed, rightly, by another domain."""
    return Domain(domain.names, name="evil.test").sign(mail, **made)  # type: ignore[arg-type]


def body_as_parts(mail: bytes) -> bytes:
    """The type of the mail changed, so that a part within its words becomes the whole."""
    return mail.replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=q")


HOSTILE: dict[str, tuple[str, Callable[[Domain], bytes]]] = {
    "not signed": ("there is none", lambda domain: plain()),
    "another domain, rightly signed": ("another one", lambda domain: forged(domain, plain())),
    "a domain that ends alike": (
        "another one",
        lambda domain: Domain(domain.names, name="notpolder.test").sign(plain()),
    ),
    "a subdomain": ("another one", lambda domain: Domain(domain.names, name="mail.polder.test").sign(plain())),
    "another address": ("whose domain may sign", lambda domain: domain.sign(plain(sender="boss@polder.test"))),
    "another's domain and address": ("may sign", lambda domain: forged(domain, plain(sender="desk@evil.test"))),
    "the address as a name": (
        "may sign",
        lambda domain: domain.sign(plain(sender='"desk@polder.test" <boss@polder.test>')),
    ),
    "two addresses": ("may sign", lambda domain: domain.sign(plain(sender=f"{FROM}, boss@polder.test"))),
    "two From lines, signed": ("or several", lambda domain: domain.sign(b"From: boss@polder.test\r\n" + plain())),
    "a From line above": ("or several", lambda domain: b"From: boss@evil.test\r\n" + domain.sign(plain())),
    "no From line": ("no From line", lambda domain: domain.sign(plain()).replace(b"\r\nFrom:", b"\r\nFrm:")),
    "a body that goes on": ("a part of the body", lambda domain: domain.sign(plain(), length=True) + b"and more\r\n"),
    "l= where nothing was added": ("a part of the body", lambda domain: domain.sign(plain(), length=True)),
    "Content-Type left out": ("does not cover", lambda domain: domain.sign(plain(), covered=("from", "subject"))),
    "another Content-Type above": (
        "does not cover",
        lambda domain: b"Content-Type: text/html\r\n" + domain.sign(plain()),
    ),
    "an encoding added": (
        "does not cover",
        lambda domain: (
            b"Content-Transfer-Encoding: base64\r\n" + domain.sign(plain(), covered=("from", "content-type"))
        ),
    ),
    "Content-Type changed": ("does not hold", lambda domain: body_as_parts(domain.sign(plain()))),
    "From not covered": (
        "does not cover",
        lambda domain: domain.sign(plain()).replace(b"h=from : subject", b"h=sender : subject"),
    ),
    "From changed": ("does not hold", lambda domain: domain.sign(plain(sender=f"B{FROM}")).replace(b"BDesk", b"Desk")),
    "body changed": ("does not hold", lambda domain: domain.sign(plain()).replace(b"album/1", b"album/2")),
    "body added to": ("does not hold", lambda domain: domain.sign(plain()) + b"and more\r\n"),
    "expired": ("expired", lambda domain: domain.sign(plain(), tags=until(-1))),
    "expires at no time": ("expired", lambda domain: domain.sign(plain(), tags={b"x": b"never"})),
    "SHA-1": ("does not count", lambda domain: domain.sign(plain(), algorithm="rsa-sha1")),
    "a short key": ("does not hold", lambda domain: domain.sign(plain(), bits=1023)),
    "a key for trying out": (
        "does not hold",
        lambda domain: domain.sign(plain(), publish=lambda record: f"{record}; t=y:s"),
    ),
    "a key for other uses": (
        "does not hold",
        lambda domain: domain.sign(plain(), publish=lambda record: f"{record}; s=tlsrpt"),
    ),
    "a key for SHA-1": (
        "does not hold",
        lambda domain: domain.sign(plain(), publish=lambda record: f"{record}; h=sha1"),
    ),
    "a revoked key": ("does not hold", lambda domain: domain.sign(plain(), publish=lambda _: "v=DKIM1; k=rsa; p=")),
    "a key that is none": ("does not hold", lambda domain: domain.sign(plain(), publish=lambda _: "v=DKIM1; p=AAAA")),
    "a record that is none": ("does not hold", lambda domain: domain.sign(plain(), publish=lambda _: "hello;;=")),
    "a key of another kind": (
        "does not hold",
        lambda domain: domain.sign(plain(), publish=lambda _: ed25519_key()[1]),
    ),
    "a signature of another kind": (
        "does not hold",
        lambda domain: domain.sign(plain(), tags={b"a": b"ed25519-sha256"}),
    ),
    "a selector that is none": ("names no key", lambda domain: domain.sign(plain()).replace(b"s=s1;", b"s=s1/*;")),
    "a signature as long as a book": (
        "another one",
        lambda domain: domain.sign(plain()).replace(b"h=from", b"h=" + b"to : " * 1_000 + b"from"),
    ),
    "a signature that is none": ("another one", lambda domain: b"DKIM-Signature: hello\r\n" + plain()),
    "a bare return in the head": (
        "not what a mail program writes",
        lambda domain: b"X-A: b\rContent-Type: text/plain\r\r\rother words\r\n" + domain.sign(plain()),
    ),
    "a bare line end in the head": (
        "not what a mail program writes",
        lambda domain: b"X-A: b\n\nother words\r\n" + domain.sign(plain()),
    ),
    "no colon in the head": (
        "not what a mail program writes",
        lambda domain: b"nothing that is a header\r\n" + domain.sign(plain()),
    ),
    "a head as long as a book": (
        "not what a mail program writes",
        lambda domain: b"X-A: b\r\n" + b" a\r\n" * 40_000 + domain.sign(plain()),
    ),
    "blanks in a row": ("padded", lambda domain: domain.sign(plain()) + b" \t" * 100),
    "blanks all over": ("padded", lambda domain: domain.sign(plain()) + b"x " * 500_000),
    "empty lines": ("padded", lambda domain: domain.sign(plain()) + b"\r\n" * 200_000),
    "a signed mail inside another": (
        "none",
        lambda domain: plain(
            kind="multipart/mixed; boundary=o",
            body="--o\r\nContent-Type: message/rfc822\r\n\r\n" + domain.sign(plain()).decode() + "\r\n--o--",
        ),
    ),
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_all_else_is_refused_and_the_reason_names_nobody(what: str, read: Read, domain: Domain) -> None:
    reason, build = HOSTILE[what]
    mail = build(domain)
    with pytest.raises(NotSigned, match=re.escape(reason)) as refusal:
        read(mail)
    assert not any(word in str(refusal.value) for word in ("polder", "evil", "@"))


def test_a_good_signature_counts_beside_one_that_does_not(read: Read, domain: Domain) -> None:
    mail = domain.sign(plain())
    assert read(forged(domain, mail)).text.endswith(WORDS)
    assert read(domain.sign(mail, algorithm="rsa-sha1", selector="s2")).text.endswith(WORDS)


def test_no_name_server_is_asked_for_a_stranger(read: Read, domain: Domain) -> None:
    with pytest.raises(NotSigned):
        read(forged(domain, plain()))
    with pytest.raises(NotSigned):
        read(Domain(domain.names).sign(plain(sender="boss@polder.test")))
    assert domain.names.asked == []


def test_a_mail_full_of_signatures_asks_a_few_times(read: Read, domain: Domain) -> None:
    false = [domain.sign(plain(), selector=f"s{place}").partition(b"\r\nFrom:")[0] + b"\r\n" for place in range(9)]
    with pytest.raises(NotSigned):
        read(b"".join(false) + plain(body="Other words"))
    assert len(domain.names.asked) == 3


def test_a_sender_whose_domain_is_not_said_to_be_enough_needs_more(senders: Path, read: Read, domain: Domain) -> None:
    write(senders / "partner" / "polder.toml", 'address = "desk@polder.test"\n')
    with pytest.raises(NotSigned, match="it is not signed"):
        read(domain.sign(plain()))


@pytest.fixture
def organisation(senders: Path) -> Callable[[str], None]:
    def register(address: str) -> None:
        write(senders / "partner" / "polder.toml", f'address = "{address}"\ndkim = true\norganisation = true\n')

    return register


@pytest.mark.parametrize(
    ("signing", "address"), [("mail.polder.test", "desk@polder.test"), ("polder.test", "desk@nl.polder.test")]
)
def test_another_domain_of_the_organisation_counts_where_the_registration_says_so(
    signing: str, address: str, organisation: Callable[[str], None], read: Read, names: NameServer
) -> None:
    organisation(address)
    assert read(Domain(names, name=signing).sign(plain(sender=address))).text.endswith(WORDS)


@pytest.mark.parametrize(
    ("signing", "address"),
    [
        ("other.test", "desk@polder.test"),
        ("evil.github.io", "desk@polder.github.io"),
        ("test", "desk@polder.test"),
    ],
)
def test_a_neighbour_is_not_the_organisation(
    signing: str, address: str, organisation: Callable[[str], None], read: Read, names: NameServer
) -> None:
    organisation(address)
    with pytest.raises(NotSigned, match="another one"):
        read(Domain(names, name=signing).sign(plain(sender=address)))


def test_what_a_signature_does_not_cover_makes_no_other_report(
    box: Box, senders: Path, hotline_key: Tsk, domain: Domain
) -> None:
    """Sent again by whoever holds it: with another Message-ID, other blanks, more headers."""
    mail = domain.sign(plain())
    again = mail.replace(b"<1@polder.test>", b"<2@evil.test>").replace(b"look at", b"look   at") + b"\r\n\r\n"
    box.put(mail, b"Received: from evil.test\r\n" + again)
    first, second = collect(box, senders, hotline_key, domain)
    assert first.digest == second.digest
    assert second.message_id == "<2@evil.test>"


def test_the_same_words_on_another_day_are_the_same_report(
    box: Box, senders: Path, hotline_key: Tsk, domain: Domain
) -> None:
    box.put(domain.sign(plain()), domain.sign(plain().replace(b"1 Jun", b"8 Jun")))
    first, second = collect(box, senders, hotline_key, domain)
    assert first.digest == second.digest


def test_a_message_id_that_comes_again_hides_no_other_mail(
    box: Box, senders: Path, hotline_key: Tsk, domain: Domain
) -> None:
    box.put(domain.sign(plain()), domain.sign(plain(body="Something new")))
    first, second = collect(box, senders, hotline_key, domain)
    assert first.message_id == second.message_id
    assert first.digest != second.digest


def collect(box: Box, senders: Path, key: Tsk, domain: Domain) -> tuple[Arrived, ...]:
    return inbox_of(box, senders, key, resolvers=domain.names.resolvers).collect()


@pytest.mark.parametrize("fault", ["SERVFAIL", "silent"])
def test_a_key_that_cannot_be_fetched_is_no_refusal(fault: str, read: Read, domain: Domain) -> None:
    mail = domain.sign(plain())
    domain.names.records["s1._domainkey.polder.test.", "TXT"] = fault
    with pytest.raises(NoAnswerYet, match="does not answer") as delay:
        read(mail)
    assert "polder" not in str(delay.value)


@pytest.mark.parametrize("shown", [{}, {("s1._domainkey.polder.test.", "A"): ["127.0.0.1"]}, "twice"])
def test_a_key_that_is_not_there_or_twice_is_one(shown: object, read: Read, domain: Domain) -> None:
    mail = domain.sign(plain())
    if shown == "twice":
        records = domain.names.records["s1._domainkey.polder.test.", "TXT"]
        assert isinstance(records, list)
        records.append(f'{records[0]} "; n=again"')
    else:
        domain.names.records = shown  # type: ignore[assignment]
    with pytest.raises(NotSigned, match="does not hold"):
        read(mail)


@pytest.fixture
def patient(box: Box, senders: Path, hotline_key: Tsk, domain: Domain) -> ImapInbox:
    """An inbox whose mail waits for a name server that fails."""
    box.put(domain.sign(plain()))
    domain.names.records["s1._domainkey.polder.test.", "TXT"] = "SERVFAIL"
    return inbox_of(box, senders, hotline_key, resolvers=domain.names.resolvers)


def test_a_mail_waits_for_the_name_server(patient: ImapInbox, box: Box, domain: Domain) -> None:
    assert patient.collect() == ()
    assert (box.unread(), box.unread("Refused")) == (1, 0)
    domain.publish(rsa_key(2048)[1])
    assert len(patient.collect()) == 1


def test_it_does_not_wait_for_ever(patient: ImapInbox, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "PATIENCE", 2)
    for _ in range(2):
        assert patient.collect() == ()
    assert (box.unread(), box.unread("Refused")) == (0, 1)


def test_a_persons_signature_that_does_not_hold_is_not_mended_by_the_domains(
    read: Read, domain: Domain, strange_key: Tsk
) -> None:
    part = b"Content-Type: text/plain\r\n\r\nwords\r\n"
    mail = signed_mail(part, strange_key).replace(b"Somebody Else <president@country.example>", FROM.encode())
    with pytest.raises(NotSigned, match="no signature of a known sender holds"):
        read(domain.sign(mail))


@given(st.binary(max_size=300), st.binary(max_size=200))
def test_whatever_stands_in_a_signature_is_refused_calmly(more: bytes, tags: bytes) -> None:
    nobody = Senders(Path("/nonexistent"), key=KEY, keys=DomainKeys(NOWHERE), now=clock.now())
    with pytest.raises(NotSigned):
        open_mail(b"DKIM-Signature: d=polder.test;" + tags + b"\r\n" + plain() + more, nobody)
