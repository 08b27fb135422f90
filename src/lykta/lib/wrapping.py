"""A key of somebody's own, made from a passphrase: what is sealed to it only they can open (Argon2id, libsodium)."""

from nacl import pwhash, utils

from lykta.lib import sealing


def new_salt() -> bytes:
    """16 random bytes, one for each holder."""
    return utils.random(pwhash.argon2id.SALTBYTES)


def private_key(passphrase: str, *, salt: bytes) -> bytes:
    """The X25519 private key that belongs to this passphrase and salt.

    64 MB and two passes (libsodium's INTERACTIVE). Passphrases are drawn with 62 bits, never chosen: nobody guesses
    them at this price, and whoever types one at three in the morning waits for a tenth of a second.
    """
    seed = pwhash.argon2id.kdf(
        32,
        passphrase.strip().lower().encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )
    return sealing.private_key_from_seed(seed)
