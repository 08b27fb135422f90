"""How the world's page looks: facts in, HTML out. Everything is escaped where it is put in (`format_html`)."""

import re
import time
from collections.abc import Iterable
from importlib import resources

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lykta.practice import atlas
from lykta.practice.accounts import Account
from lykta.practice.atlas import Network
from lykta.practice.contents import CONTENTS, Content, Kind, address_of, examples
from lykta.practice.files import texts_to_paste
from lykta.practice.mailboxes import Mail
from lykta.practice.settings import PracticeSettings
from lykta.practice.state import State

STYLE = resources.files("lykta.practice").joinpath("data", "page.css").read_text(encoding="utf-8")
_OURS_STYLE = mark_safe(STYLE)  # noqa: S308  # our own file, not a visitor's words
_LINKS = (("/", "Welcome"), ("/mail", "Mail"), ("/hosts", "Hosts"), ("/authenticator", "Authenticator"))


def welcome(settings: PracticeSettings) -> str:
    """What this is, what to paste, where the faces of Lykta are."""
    faces = [("Report something", settings.report_url), ("The partners’ face", settings.partners_url)]
    return _page(
        "Welcome",
        format_html(
            "<p class=lead>This is a practice world: a small internet on this machine, with hosts, a registry, police "
            "and partner hotlines. Nothing here is real, no picture shows anything but rings of colour, and nothing "
            "leaves this machine.</p><p>{}</p><h2>Paste one of these into a report</h2>{}"
            "<h2>Addresses</h2><ul>{}</ul><p>Then watch the <a href=/mail>mail</a> arrive and the "
            "<a href=/hosts>hosts</a> act{}.</p>",
            _join(
                "<a class=button href='{}'>{}</a> ",
                [(url, name) for name, url in faces if url.startswith(("http://", "https://"))],
            ),
            _join("<pre>{}</pre>", [(text,) for text in texts_to_paste(settings)]),
            _join("<li><code>{}</code></li>", [(address,) for address in examples(settings)]),
            _speed(settings.removal_seconds),
        ),
    )


def mailboxes(counts: dict[str, int]) -> str:
    rows = [(mailbox, mailbox, count) for mailbox, count in counts.items()]
    table = _join("<tr><td><a href='/mail/{}'>{}</a></td><td class=number>{}</td></tr>", rows)
    return _page("Mail", format_html("<table><tr><th>Mailbox</th><th>Mails</th></tr>{}</table>", table))


def mailbox(name: str, mails: list[Mail]) -> str:
    rows = [(_moment(mail.kept_at.timestamp()), name, mail.number, mail.subject or "–") for mail in mails]
    table = _join("<tr><td>{}</td><td><a href='/mail/{}/{}'>{}</a></td></tr>", rows)
    body = format_html("<table>{}</table>", table) if mails else format_html("<p>{}</p>", "No mail yet.")
    return _page(name, body)


def mail(found: Mail) -> str:
    """One mail, readable; what was sealed is shown opened, and the page says so."""
    headers = (("From", found.sender), ("To", found.mailbox), ("Kept", _moment(found.kept_at.timestamp())))
    return _page(
        found.subject or "A mail",
        format_html(
            "<dl>{}</dl><p class=note>{}</p><pre>{}</pre>{}",
            _join("<dt>{}</dt><dd>{}</dd>", headers),
            _sealing(found),
            _with_links(found.text),
            _join("<p>Attachment: {}</p>", [(name,) for name in found.attachments]),
        ),
    )


def hosts(settings: PracticeSettings, state: State) -> str:
    """Every network with its contents, and what can be done with them."""
    sections = [_network(network, settings, state) for network in atlas.NETWORKS]
    return _page("Hosts", _join("{}", [(section,) for section in sections]))


def authenticator(found: list[Account]) -> str:
    rows = [(each.username, each.role, each.password, each.code, each.seconds_left) for each in found]
    table = _join(
        "<tr><td>{}<br><small>{}</small></td><td><code>{}</code></td>"
        "<td><code class=code>{}</code><br><small>{} s left</small></td></tr>",
        rows,
    )
    body = (
        format_html("<table><tr><th>Account</th><th>Password</th><th>Code</th></tr>{}</table>", table)
        if found
        else format_html("<p>{}</p>", "There are no practice accounts yet.")
    )
    return _page("Authenticator", format_html("{}<p><a class=button href=/authenticator>Refresh</a></p>", body))


def _network(network: Network, settings: PracticeSettings, state: State) -> SafeString:
    contents = [each for each in CONTENTS.values() if _is_listed(each) and state.hosted_by(network, each.host)]
    movers = [name for name, here in atlas.NAMES.items() if here.moves_to and state.hosted_by(network, name)]
    return format_html(
        "<section><h2>{} <small>{}, AS{}, {}</small></h2><p>{}</p>{}<table>{}</table></section>",
        network.name,
        network.country,
        network.asn,
        network.block,
        f"Complaints: {network.abuse}" if network.abuse else "Names no address for complaints.",
        _join("{}", [(_mover(name, state),) for name in movers]),
        _join("{}", [(_content(each, network, settings, state),) for each in contents]),
    )


def _is_listed(content: Content) -> bool:
    """Pictures inside albums would drown the rest."""
    return content.kind is not Kind.PICTURE or content.path.count("/") == 1


def _content(content: Content, network: Network, settings: PracticeSettings, state: State) -> SafeString:
    due = state.removal_due(content.place)
    verb = "remove" if due is None else "bring back"
    status = "there" if due is None else f"{'removed' if due <= time.time() else 'will be removed'} {_moment(due)}"
    return format_html(
        "<tr><td><a href='{}'><code>{}</code></a><br>{}</td><td>{}</td><td>{}</td></tr>",
        _link(content, network, settings, state),
        address_of(content.place, settings),
        content.about,
        status,
        _button(verb, content.place),
    )


def _link(content: Content, network: Network, settings: PracticeSettings, state: State) -> str:
    """By bare IP address, since a browser does not ask this world's name server."""
    found = atlas.follow(content.host)
    places = (*state.addresses(found[0]), found[1].origin) if found else ()
    address = next(place for place in places if place and network.holds(place))
    return f"http://{address}:{settings.web_port}{content.path}"


def _mover(name: str, state: State) -> SafeString:
    moved = state.has_moved(name)
    return format_html(
        "<div class=mover><span><code>{}</code> {}</span>{}</div>",
        name,
        "has moved here." if moved else "can move to another country.",
        _button("bring back" if moved else "move", name),
    )


def _button(verb: str, target: str) -> SafeString:
    return format_html(
        "<form method=post action=/hosts><input type=hidden name=target value='{}'>"
        "<button name=verb value='{}'>{}</button></form>",
        target,
        verb,
        verb,
    )


def _with_links(text: str) -> SafeString:
    """Every second piece of the split is an address."""
    pieces = re.split(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])", text)
    return _join(
        "{}",
        [
            (format_html("<a href='{}' rel=noreferrer>{}</a>", piece, piece) if at % 2 else piece,)
            for at, piece in enumerate(pieces)
        ],
    )


def _sealing(found: Mail) -> str:
    if not found.encrypted:
        return "This mail was not encrypted."
    if found.opened:
        return "This mail was encrypted; it was opened here with the recipient’s practice key."
    return "This mail is encrypted, and this mailbox has no key that opens it."


def _speed(removal_seconds: float) -> str:
    if removal_seconds < 0:
        return " (here they never remove anything by themselves)"
    return f" (they remove what a notice names after {removal_seconds:g} seconds)"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def _join(form: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    return format_html_join("", form, rows)


def _page(title: str, body: SafeString) -> str:
    return format_html(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{} – practice world</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'><style>{}</style></head>"
        "<body><header><strong>Practice world</strong><nav>{}</nav></header><main><h1>{}</h1>{}</main></body></html>",
        title,
        _OURS_STYLE,
        _join("<a href='{}'>{}</a> ", _LINKS),
        title,
        body,
    )
