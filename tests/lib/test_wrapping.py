"""A key of a passphrase: always the same, and nobody else's."""

from lykta.lib import sealing, wrapping

WORDS = "bada-kilo-remu-tase-vipo"


def test_what_is_sealed_to_a_passphrase_opens_with_it_however_it_is_typed() -> None:
    salt = wrapping.new_salt()
    sealed = sealing.seal_bytes(b"the key", to=sealing.public_key(wrapping.private_key(WORDS, salt=salt)))
    typed = wrapping.private_key(f" {WORDS.upper()}\n", salt=salt)
    assert sealing.unseal_bytes(sealed, private_key=typed) == b"the key"


def test_another_passphrase_or_another_salt_is_another_key() -> None:
    salt = wrapping.new_salt()
    keys = {
        wrapping.private_key(WORDS, salt=salt),
        wrapping.private_key(WORDS + "a", salt=salt),
        wrapping.private_key(WORDS, salt=wrapping.new_salt()),
    }
    assert len(keys) == 3
