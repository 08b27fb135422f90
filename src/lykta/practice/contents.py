"""What stands on the hosts of the practice world, and the addresses under which people report it."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from lykta.practice import atlas
from lykta.practice.settings import HOME, PracticeSettings


class Kind(Enum):
    """How a host answers."""

    ALBUM = auto()
    PICTURE = auto()
    FILM = auto()
    REDIRECT = auto()
    PASSWORD_FORM = auto()
    SOFT_404 = auto()
    STATUS = auto()
    GZIP = auto()
    GZIP_BOMB = auto()
    WRONG_LENGTH = auto()
    SLOW_BODY = auto()
    NO_ANSWER = auto()
    HUGE_HEADERS = auto()
    MANY_HEADERS = auto()
    SLOW_HEAD = auto()
    TWO_LENGTHS = auto()
    BROTLI = auto()
    ALWAYS_FURTHER = auto()
    TO_LOCATION = auto()
    SCRIPTED = auto()
    SCRIPTED_INSIDE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One address and what is there.

    `target` is where a redirect leads, `pictures` how many an album names, `film` whether it names a film as well.
    For TO_LOCATION the target is the whole Location, in which `{port}` is the world's.
    """

    host: str
    path: str
    kind: Kind
    about: str
    pictures: int = 0
    film: bool = False
    status: int = 200
    target: str = ""

    @property
    def place(self) -> str:
        """Host and path without scheme and port: what identifies a content."""
        return self.host + self.path


def _album(host: str, path: str, pictures: int, about: str = "An album page with pictures.") -> list[Content]:
    page = Content(host=host, path=path, kind=Kind.ALBUM, pictures=pictures, about=about)
    return [page, *(_picture(host, f"{path}/{number}.png") for number in range(1, pictures + 1))]


def _picture(host: str, path: str) -> Content:
    return Content(host=host, path=path, kind=Kind.PICTURE, about="A picture.")


def _redirect(path: str, target: str, about: str) -> Content:
    return Content(host="redirects.example", path=path, kind=Kind.REDIRECT, target=target, about=about)


def _location(path: str, target: str, about: str) -> Content:
    return Content(host="redirects.example", path=path, kind=Kind.TO_LOCATION, target=target, about=about)


def _status(path: str, status: int, about: str, host: str = "answers.example") -> Content:
    return Content(host=host, path=path, kind=Kind.STATUS, status=status, about=about)


def _odd(path: str, kind: Kind, about: str, host: str = "odd.example") -> Content:
    return Content(host=host, path=path, kind=kind, about=about)


CONTENTS: dict[str, Content] = {
    content.place: content
    for content in [
        *_album("pictures.example", "/gallery", 6),
        _picture("pictures.example", "/single.png"),
        *_album("album.example", "/summer", 4, "An album page behind a CDN; its real host is in no DNS answer."),
        *_album("moving.example", "/set", 3, "An album page whose name can move to another country."),
        *_album("mirrors.example", "/set", 2, "An album page that two servers have."),
        *_album("six.example", "/set", 2, "An album page whose IPv6 address does not answer."),
        Content(
            host="pictures.example",
            path="/evening",
            kind=Kind.ALBUM,
            pictures=1,
            film=True,
            about="An album page with a picture and a film.",
        ),
        _picture("pictures.example", "/evening/1.png"),
        Content(host="pictures.example", path="/evening/film.avi", kind=Kind.FILM, about="A film of three seconds."),
        *_album("board.example", "/thread", 5, "A page at a host that names no abuse contact."),
        *_album("bait.test", "/set", 1, "A name whose answer turns to 127.0.0.1 every second time."),
        *_album("odd.example", "/many", 200, "A page that names 200 pictures."),
        _redirect("/one", "pictures.example/gallery", "Leads to an album."),
        _redirect("/three", "redirects.example/two", "Leads to an album in three hops."),
        _redirect("/two", "redirects.example/one", "Leads to an album in two hops."),
        _redirect("/endless", "redirects.example/endless", "Leads to itself."),
        _redirect("/inside", f"{HOME}/", "Leads to 127.0.0.1; a guard refuses to follow."),
        _location("/metadata", "http://169.254.169.254/latest/meta-data/", "Leads to a cloud's metadata service."),
        _location("/spelled", "http://0x7f.1:{port}/", "Leads to 127.0.0.1 in a spelling that browsers understand."),
        _location("/mapped", "http://[::ffff:127.0.0.1]:{port}/", "Leads to 127.0.0.1 as an IPv6 address."),
        _odd("/further", Kind.ALWAYS_FURTHER, "Leads to ever new addresses.", host="redirects.example"),
        _odd("/login", Kind.PASSWORD_FORM, "A log-in page that answers 200.", host="club.example"),
        _status("/members", 401, "A log-in wall that answers 401.", host="club.example"),
        _odd("/soft", Kind.SOFT_404, "Says “not found” but answers 200.", host="answers.example"),
        _status("/missing", 404, "Answers 404."),
        _status("/gone", 410, "Answers 410."),
        _status("/law", 451, "Answers 451."),
        _status("/fault", 500, "Answers 500."),
        _odd("/gzip", Kind.GZIP, "A compressed page."),
        _odd("/bomb", Kind.GZIP_BOMB, "64 kB that unpack to 64 MB."),
        _odd("/length", Kind.WRONG_LENGTH, "Promises more bytes than it sends."),
        _odd("/slow", Kind.SLOW_BODY, "Sends one byte a second."),
        _odd("/silent", Kind.NO_ANSWER, "Takes the request and never answers."),
        _odd("/headers", Kind.HUGE_HEADERS, "Sends a header of 200 kB."),
        _odd("/many-headers", Kind.MANY_HEADERS, "Sends 5,000 headers."),
        _odd("/slow-head", Kind.SLOW_HEAD, "Sends one byte of its head a second."),
        _odd("/two-lengths", Kind.TWO_LENGTHS, "Says in two ways where it ends."),
        _odd("/brotli", Kind.BROTLI, "Compressed as nobody asked for."),
        _odd("/script", Kind.SCRIPTED, "A page that is empty until its script has built it.", host="board.example"),
        _odd("/script-inside", Kind.SCRIPTED_INSIDE, "Leads to 127.0.0.1 by script."),
    ]
}


def address_of(place: str, settings: PracticeSettings) -> str:
    """The web address of a place: `pictures.example/gallery` with scheme and the world's port."""
    host, slash, path = place.partition("/")
    return f"http://{host}:{settings.web_port}{slash}{path}"


def place_of(address: str) -> str:
    """Host and path of an address, written with or without scheme and port, disguised or not."""
    plain = undisguise(address.strip())
    parts = urlsplit(plain if "://" in plain else f"http://{plain}")
    return (parts.hostname or "") + parts.path


def undisguise(text: str) -> str:
    """The text with `hxxp` and `[.]` turned back, as somebody at an abuse desk reads it."""
    for disguised, plain in (("[.]", "."), ("(.)", "."), ("[:]", ":"), ("[://]", "://")):
        text = text.replace(disguised, plain)
    return re.sub(r"\bhxxp(s?)\b", r"http\1", text, flags=re.IGNORECASE)


def places_named_in(text: str) -> list[str]:
    """The places of this world whose addresses a text names, each once, in order."""
    found = re.findall(r"https?://[^\s<>\"'()]+", undisguise(text), flags=re.IGNORECASE)
    places = (place_of(address.rstrip(".,;:!?")) for address in found)
    return list(dict.fromkeys(place for place in places if place in CONTENTS))


def examples(settings: PracticeSettings) -> list[str]:
    """Addresses to report: in Sweden, behind a CDN with its host abroad, one that does not exist, one on a list."""
    places = (
        "pictures.example/gallery",
        "album.example/summer",
        f"{atlas.UNKNOWN}/gallery",
        "pictures.example/single.png",
    )
    return [address_of(place, settings) for place in places]
