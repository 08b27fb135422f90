from pathlib import Path

import pytest
from pysequoia import Cert

from lykta.config import keys
from lykta.lib import sealing


def make(folder: Path) -> list[str]:
    return keys.make_keys(folder, name="Example hotline", mail="desk@hotline.example")


def test_every_key_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert sorted(make(folder)) == sorted([*keys.SECRETS, *keys.PUBLIC])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert make(folder) == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_only_the_owner_can_read_a_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    make(folder)
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_what_is_sealed_to_the_public_key_opens_with_the_private_one(tmp_path: Path) -> None:
    make(tmp_path)
    sealed = sealing.seal({"text": "hello"}, to=(tmp_path / "hotline.pub").read_bytes())
    assert sealing.unseal(sealed, private_key=(tmp_path / "hotline.key").read_bytes()) == {"text": "hello"}


@pytest.mark.parametrize(("private", "public"), keys.PAIRS)
def test_after_a_crash_between_the_halves_the_public_half_is_derived_again(
    private: str, public: str, tmp_path: Path
) -> None:
    make(tmp_path)
    whole, secret = (tmp_path / public).read_bytes(), (tmp_path / private).read_bytes()
    (tmp_path / public).unlink()
    assert make(tmp_path) == [public]
    assert (tmp_path / private).read_bytes() == secret
    if private == "hotline.key":
        assert (tmp_path / public).read_bytes() == whole
    else:
        assert Cert.from_bytes((tmp_path / public).read_bytes()).fingerprint == Cert.from_bytes(whole).fingerprint


@pytest.mark.parametrize(("private", "public"), keys.PAIRS)
def test_a_lost_private_half_is_never_replaced_silently(private: str, public: str, tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / private).unlink()
    with pytest.raises(RuntimeError, match="bring it back from its safe copy"):
        make(tmp_path)
    assert not (tmp_path / private).exists()


def test_half_a_file_of_an_earlier_crash_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "audit.key.part").write_bytes(b"half")
    make(tmp_path)
    assert len((tmp_path / "audit.key").read_bytes()) >= 32
    assert not list(tmp_path.glob("*.part"))


def test_the_certificate_names_the_hotline(tmp_path: Path) -> None:
    make(tmp_path)
    certificate = Cert.from_bytes((tmp_path / "mail.pub.asc").read_bytes())
    assert "Example hotline <desk@hotline.example>" in str(certificate.user_ids[0])
