import pytest

from lykta.lib.domains import registrable


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("cdn.shop.example", "shop.example"),
        ("shop.example", "shop.example"),
        ("WWW.Shop.Example.", "shop.example"),
        ("a.b.host.co.uk", "host.co.uk"),
        ("someone.github.io", "github.io"),
        ("co.uk", "co.uk"),
        ("example", "example"),
    ],
)
def test_a_host_name_is_cut_to_what_somebody_registered(name: str, domain: str) -> None:
    assert registrable(name) == domain
