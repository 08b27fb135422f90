"""A film of a list is withdrawn at the desk: shown first, with a reason, by who has just proved who it is."""

from pathlib import Path

import pytest
from tests.sites.desk.scenes import client_of, hidden, page, prove, words

from lykta.core.vocabulary import ListTrust
from lykta.records.matching import actions, queries
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import HashList, Known
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WITHDRAW = {"film": "flower", "deed": "withdraw", "reason": "A film of a <flower>."}


@pytest.fixture
def films(tmp_path: Path, db: None) -> HashList:
    """A list with a film of two frames and its file, and another film."""
    found = actions.set_list(by="test", slug="police", name="National police", trust=ListTrust.POLICE)
    frames = [f",{'0f' * 32},vpdq:flower:0", f",{'3c' * 32},vpdq:flower:1", f",{'0f' * 32},vpdq:tree:0"]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["md5,pdq,reference", *frames, f"{'ab' * 16},,flower"]))
    import_file(by="command", found=found, path=path, mapping={})
    return found


def left() -> int:
    return Known.objects.filter(withdrawn_in=None).count()


def test_a_film_is_shown_before_it_is_withdrawn(lena: Staff, films: HashList) -> None:
    client, address = prove(client_of(lena)), f"/hash-lists/{films.pk}/withdraw-film/"
    assert address in page(client, f"/hash-lists/{films.pk}/")
    assert "Withdraw it" not in page(client, address)
    shown = words(client.post(address, {"film": " vpdq:flower:1 "}).content.decode())
    assert "Withdraw the film flower?" in shown
    assert "It has 2 frames here. 1 more row bears its name, and goes too." in shown
    assert left() == 4
    done = client.post(address, WITHDRAW, follow=True)
    assert done.redirect_chain == [(f"/hash-lists/{films.pk}/", 302)]
    text = words(done.content.decode())
    assert "3 rows were withdrawn." in text
    assert "ready A film of a <flower>." in text
    assert left() == 1
    assert queries.versions_of(films)[0].by == "staff:lena"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"film": ""}, "no frame of such a film"),
        ({"film": "stone"}, "no frame of such a film"),
        ({**WITHDRAW, "film": "stone"}, "no frame of such a film"),
        ({**WITHDRAW, "reason": " "}, "Please say why"),
    ],
)
def test_what_cannot_be_withdrawn_is_said_and_nothing_typed_is_lost(
    lena: Staff, films: HashList, typed: dict[str, str], said: str
) -> None:
    answer = prove(client_of(lena)).post(f"/hash-lists/{films.pk}/withdraw-film/", typed)
    assert (answer.status_code, left()) == (422, 4)
    assert said in answer.content.decode()
    assert f'value="{typed["film"]}"' in answer.content.decode()


def test_who_has_not_proved_it_lately_is_asked_first_and_loses_nothing(lena: Staff, films: HashList) -> None:
    asked = client_of(lena).post(f"/hash-lists/{films.pk}/withdraw-film/", WITHDRAW)
    assert (asked.status_code, left()) == (403, 4)
    assert WITHDRAW.items() <= hidden(asked.content.decode()).items()
