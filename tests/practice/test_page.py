import json
import re
from html import unescape

import pytest
from tests.practice.clients import Reply, fetch, page, send, send_raw
from tests.practice.sealed import sealed_mail

from lykta.practice.contents import examples
from lykta.practice.files import texts_to_paste
from lykta.practice.mail import MAILBOXES, POLICE
from lykta.practice.mailboxes import public_key
from lykta.practice.settings import PracticeSettings
from lykta.practice.world import World, beside

PAGES = ["/", "/mail", f"/mail/{POLICE}", "/hosts", "/authenticator"]


def press(world: World, verb: str, target: str, **headers: str) -> Reply:
    """Press a button as a browser does."""
    sent = headers or {"Origin": f"http://127.0.0.1:{world.settings.page_port}", "Sec-Fetch-Site": "same-origin"}
    return page(world, "/hosts", method="POST", form={"verb": verb, "target": target}, headers=sent)


def read_mail(world: World, mailbox: str) -> Reply:
    """Follow the first link in a mailbox."""
    link = re.search(rf"href='(/mail/{mailbox}/[^']+)'", page(world, f"/mail/{mailbox}").text)
    assert link is not None
    return page(world, link[1])


@pytest.mark.parametrize("path", PAGES)
def test_every_page_works_without_script_and_without_others(world: World, path: str) -> None:
    reply = page(world, path)
    assert reply.status == 200
    assert "<script" not in reply.text
    assert "http-equiv" not in reply.text
    assert re.findall(r"src=|@import|url\(", reply.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_it_does_not_need(world: World, path: str) -> None:
    headers = page(world, path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_suits_phones_and_the_dark(world: World, path: str) -> None:
    text = page(world, path).text
    assert "width=device-width" in text
    assert "prefers-color-scheme: dark" in text


def test_the_welcome_shows_texts_to_paste_with_the_real_port(world: World) -> None:
    text = unescape(page(world).text)
    assert all(each in text for each in texts_to_paste(world.settings))
    assert all(each in text for each in examples(world.settings))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "after 0 seconds"), (20, "after 20 seconds"), (-1, "never remove anything")]
)
def test_the_welcome_says_how_fast_hosts_act(settings: PracticeSettings, seconds: float, words: str) -> None:
    with beside(PracticeSettings.on_free_ports(settings.folder, removal_seconds=seconds)) as world:
        assert words in page(world).text


def test_the_welcome_links_to_the_faces_of_lykta(settings: PracticeSettings) -> None:
    faces = {"report_url": "http://127.0.0.1:8001", "partners_url": "javascript:alert(1)"}
    with beside(PracticeSettings.on_free_ports(settings.folder, **faces)) as world:
        text = page(world).text
    assert "href='http://127.0.0.1:8001'" in text
    assert "javascript:" not in text


def test_all_mailboxes_are_listed_with_their_counts(world: World) -> None:
    send(world.settings, POLICE, "Hello")
    text = page(world, "/mail").text
    assert all(mailbox in text for mailbox in MAILBOXES)
    assert f"{POLICE}</a></td><td class=number>1</td>" in text


def test_an_empty_mailbox_says_so(world: World) -> None:
    assert "No mail yet." in page(world, f"/mail/{POLICE}").text


def test_a_sealed_mail_is_shown_opened_and_the_page_says_so(world: World) -> None:
    send_raw(world.settings, POLICE, sealed_mail("Answer at http://127.0.0.1:8003/a/b.", key=public_key("police")))
    text = read_mail(world, POLICE).text
    assert "The inner subject" in text
    assert "<a href='http://127.0.0.1:8003/a/b' rel=noreferrer>http://127.0.0.1:8003/a/b</a>." in text
    assert "opened here with the recipient’s practice key" in text
    assert "Attachment: item.json" in text


def test_a_sealed_mail_that_does_not_open_is_shown_as_such(world: World) -> None:
    send_raw(world.settings, POLICE, sealed_mail("Hello", key=public_key("lotus")))
    text = read_mail(world, POLICE).text
    assert "has no key that opens it" in text
    assert "Hello" not in text


def test_a_mail_cannot_put_markup_into_the_page(world: World) -> None:
    send(world.settings, POLICE, "<b>bold</b>", subject="<i>slanted</i>")
    text = read_mail(world, POLICE).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    assert "&lt;i&gt;slanted&lt;/i&gt;" in text
    assert "<b>" not in text
    assert "not encrypted" in text


@pytest.mark.parametrize("path", ["/mail/nobody@polis.test", f"/mail/{POLICE}/1-0", "/elsewhere"])
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert page(world, path).status == 404


def test_the_hosts_are_shown_with_links_that_a_browser_can_open(world: World) -> None:
    text = page(world, "/hosts").text
    for name in ("Nordhost AB", "Fjärdnät", "Polderhost BV", "Lotus Hosting", "Prairie Servers", "Veil CDN"):
        assert name in text
    assert "Names no address for complaints." in text
    links = re.findall(r"href='http://([\d.]+):\d+([^']+)'", text)
    assert ("127.10.0.5", "/gallery") in links
    assert ("127.20.0.7", "/summer") in links
    assert fetch(world, *links[0]).status == 200


def test_a_button_removes_and_another_brings_back(world: World) -> None:
    reply = press(world, "remove", "pictures.example/gallery")
    assert (reply.status, reply.headers["location"]) == (303, "/hosts")
    assert fetch(world, "127.10.0.5", "/gallery").status == 404
    assert "removed 20" in page(world, "/hosts").text
    press(world, "bring back", "pictures.example/gallery")
    assert fetch(world, "127.10.0.5", "/gallery").status == 200


def test_a_planned_removal_is_shown_with_its_time(world: World) -> None:
    world.remove("pictures.example/gallery", after_seconds=60)
    assert "will be removed 20" in page(world, "/hosts").text


def test_a_button_moves_a_name_and_another_brings_it_back(world: World) -> None:
    assert "can move to another country." in page(world, "/hosts").text
    assert press(world, "move", "moving.example").status == 303
    assert "has moved here." in page(world, "/hosts").text
    press(world, "bring back", "moving.example")
    assert "can move to another country." in page(world, "/hosts").text


@pytest.mark.parametrize(
    ("verb", "target", "status"),
    [("remove", "pictures.example/never", 404), ("move", "pictures.example", 404), ("burn", "pictures.example", 400)],
)
def test_the_world_refuses_what_it_cannot_do(world: World, verb: str, target: str, status: int) -> None:
    assert press(world, verb, target).status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
        {"X-Nothing": "said"},
    ],
)
def test_forms_from_elsewhere_change_nothing(world: World, headers: dict[str, str]) -> None:
    assert press(world, "remove", "pictures.example/gallery", **headers).status == 403
    assert fetch(world, "127.10.0.5", "/gallery").status == 200


def test_one_of_the_two_headers_is_enough(world: World) -> None:
    own = f"http://127.0.0.1:{world.settings.page_port}"
    assert press(world, "remove", "pictures.example/gallery", Origin=own).status == 303
    assert press(world, "remove", "pictures.example/gallery", **{"Sec-Fetch-Site": "same-origin"}).status == 303


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example:80", "127.0.0.2"])
def test_a_foreign_name_that_leads_here_gets_nothing(world: World, host: str) -> None:
    assert page(world, "/authenticator", host=host).status == 421


@pytest.mark.parametrize("host", ["127.0.0.1:9999", "localhost", "localhost:8010"])
def test_names_of_this_machine_are_answered_on_any_forwarded_port(world: World, host: str) -> None:
    assert page(world, host=host).status == 200


def test_the_authenticator_shows_password_and_code(world: World) -> None:
    entry = {"username": "anna", "password": "lantern & light", "role": "analyst", "totp_secret": "JBSWY3DPEHPK3PXP"}
    (world.settings.folder / "accounts.json").write_text(json.dumps([entry]), encoding="utf-8")
    text = page(world, "/authenticator").text
    assert "anna" in text
    assert "lantern &amp; light" in text
    assert re.search(r"<code class=code>\d{6}</code>", text)
    assert re.search(r"\d+ s left", text)
    assert "href=/authenticator>Refresh" in text


def test_the_authenticator_is_empty_before_there_are_accounts(world: World) -> None:
    assert "no practice accounts yet" in page(world, "/authenticator").text
