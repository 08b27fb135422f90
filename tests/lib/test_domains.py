import pytest

from lykta.lib.domains import organisation, registrable


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


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("mail.Polder.example.", "polder.example"),
        ("polder.example", "polder.example"),
        ("a.host.co.uk", "host.co.uk"),
        ("mail.someone.github.io", "someone.github.io"),
        ("github.io", "github.io"),
        ("", ""),
    ],
)
def test_an_organisation_is_not_that_of_its_hosting_company(name: str, domain: str) -> None:
    assert organisation(name) == domain
