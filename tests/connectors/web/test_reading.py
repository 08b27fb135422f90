import gzip
import hashlib
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.drawings import draw, encoded

from lykta.connectors.web.facts import (
    LONGEST_LINE,
    LONGEST_TITLE,
    Facts,
    Picture,
    clean,
    read_facts,
    write_facts,
)
from lykta.connectors.web.reading import HostileError, inflate, likeness, read_body

LIMIT = 100_000


def read(page: str | bytes, *, content_type: str = "text/html; charset=utf-8", complete: bool = True) -> Facts:
    body = page.encode() if isinstance(page, str) else page
    return read_body(body, content_type=content_type, encoding="", complete=complete, limit=LIMIT)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"hello", ""),
        (b"hello", "identity"),
        (gzip.compress(b"hello", mtime=0), "gzip"),
        (gzip.compress(b"hello", mtime=0), " X-GZIP "),
        (zlib.compress(b"hello"), "deflate"),
        (zlib.compress(b"hello")[2:-4], "deflate"),
    ],
)
def test_a_body_is_decompressed_before_it_is_measured(body: bytes, encoding: str) -> None:
    facts = read_body(body, content_type="image/png", encoding=encoding, complete=True, limit=LIMIT)
    assert (facts.sha256, facts.length) == (hashlib.sha256(b"hello").hexdigest(), 5)
    assert (facts.sha1, facts.md5) == ("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "5d41402abc4b2a76b9719d911017c592")


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(bytes(LIMIT + 1), mtime=0), "gzip", "more than"),
        (zlib.compress(bytes(50 * LIMIT)), "deflate", "more than"),
        (b"not gzip", "gzip", "cannot be decompressed"),
        (b"x", "br", "not asked for"),
        (b"x", "gzip, gzip", "not asked for"),
    ],
)
def test_a_hostile_encoding_is_refused(body: bytes, encoding: str, reason: str) -> None:
    facts = read_body(body, content_type="text/html", encoding=encoding, complete=True, limit=LIMIT)
    assert reason in facts.hostile
    assert facts.sha256 == ""


def test_as_much_as_the_limit_is_decompressed() -> None:
    assert inflate(gzip.compress(bytes(LIMIT)), "gzip", limit=LIMIT) == (bytes(LIMIT), True)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity", ""]))
def test_no_bytes_make_decompression_fail_otherwise(body: bytes, encoding: str) -> None:
    try:
        decoded, _ = inflate(body, encoding, limit=1000)
    except HostileError:
        return
    assert len(decoded) <= 1000


def test_half_a_body_has_no_digest() -> None:
    half = gzip.compress(b"hello" * 100)[:-9]
    facts = read(b"x", complete=False)
    assert facts.sha256 == facts.sha1 == facts.md5 == ""
    assert read_body(half, content_type="", encoding="gzip", complete=True, limit=LIMIT).sha256 == ""


def test_what_is_sent_as_a_picture_is_not_read_as_a_page() -> None:
    facts = read(b"<title>not a page</title><img src=a>", content_type="image/jpeg")
    assert (facts.title, facts.media, facts.kind, facts.picture) == ("", 0, "", None)
    assert facts.sha256


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "text/html", "application/zip", ""])
def test_a_picture_is_known_by_its_bytes_whatever_it_is_called(content_type: str) -> None:
    facts = read(encoded(draw("rings", seed=1, height=60, width=90)), content_type=content_type)
    assert facts.picture
    assert (facts.kind, facts.picture.width, facts.picture.height, facts.picture.problem) == ("image/png", 90, 60, "")
    assert len(facts.picture.hashes) == 8


def test_a_page_that_begins_like_a_picture_is_read_as_both() -> None:
    facts = read(b"GIF89a <title>both</title>")
    assert facts.title == "both"
    assert facts.picture
    assert facts.picture.problem.startswith("cannot be decoded")


def test_half_a_picture_is_not_looked_at() -> None:
    facts = read(encoded(draw("rings", seed=1, height=60, width=90)), complete=False)
    assert facts.picture == Picture(problem="only a part of it came")


def test_of_a_body_that_a_decoder_died_of_only_digests_are_made() -> None:
    body = encoded(draw("rings", seed=1, height=60, width=90))
    facts = read_body(body, content_type="text/html", encoding="", complete=True, limit=LIMIT, opaque=True)
    assert (facts.sha256, facts.picture) == (hashlib.sha256(body).hexdigest(), None)


def test_a_title_is_one_visible_line() -> None:
    assert read("<title>\n A &amp;\tB \u202egnp\u2066\x00\u200b\x07 </title>").title == "A & B gnp"
    assert len(read("<title>" + "å" * 5000 + "</title>").title) == LONGEST_TITLE


@pytest.mark.parametrize(
    ("page", "content_type"),
    [
        ("<title>ÅÄÖ</title>".encode("latin-1"), "text/html; charset=iso-8859-1"),
        ("<meta charset='windows-1251'><title>ÅÄÖ</title>".encode("cp1252"), "text/html; charset=windows-1252"),
        ("<meta charset=latin-1><title>ÅÄÖ</title>".encode("latin-1"), "text/html"),
        ("<title>ÅÄÖ</title>".encode(), "text/html; charset=unheard-of"),
        ("<title>ÅÄÖ</title>".encode(), "application/xhtml+xml"),
    ],
)
def test_a_title_is_read_in_the_charset_of_the_page(page: bytes, content_type: str) -> None:
    assert read(page, content_type=content_type).title == "ÅÄÖ"


def test_a_codec_that_is_no_charset_is_not_used() -> None:
    assert read(b"<title>a</title>", content_type="text/html; charset=zlib").title == "a"


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("<img src=a.png><img src=a.png><img src=b>", 2),
        ("<video src=a.mp4></video><video><source src=b.webm></video>", 2),
        ("<a href='a.JPG?x=1'>1</a><a href=b.mp4#t>2</a><a href=c.html>3</a>", 2),
        ("<meta property='og:image' content='a.png'><meta name='og:video' content='b'>", 2),
        ("<img src='data:image/png;base64,xx'><img><img src=''>", 0),
        ("<embed src=a.wmv><object data=b.swf></object>", 1),
        ("".join(f"<img src={number}>" for number in range(300)), 300),
    ],
)
def test_pictures_and_films_are_counted_once_each(page: str, count: int) -> None:
    facts = read(page)
    assert facts.media == facts.pictures + facts.films == count


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("<img src=a.png><img src='/b.png#x'>", ["http://h.test/p/a.png", "http://h.test/b.png"]),
        ("<img src=late.gif data-src=real.png>", ["http://h.test/p/real.png"]),
        ("<img srcset='one.png 1x, two.png 2x'>", ["http://h.test/p/one.png"]),
        ("<base href='//cdn.test/x/'><img src=a.png>", ["http://cdn.test/x/a.png"]),
        ("<video poster=p.png src=v.mp4></video>", ["http://h.test/p/v.mp4", "http://h.test/p/p.png"]),
        ("<img src=a.png><a href=b.webm>b</a>", ["http://h.test/p/b.webm", "http://h.test/p/a.png"]),
        ("<meta property=og:video content=https://v.test/v.mp4>", ["https://v.test/v.mp4"]),
        ("<meta property=og:title content=words><meta name=x content=y.png>", []),
        ("<img src='javascript:1'><img src='ftp://a.test/b'><img src='http://[x'>", []),
        ("<img src=a.png><meta property=og:image content=http://h.test/p/a.png>", ["http://h.test/p/a.png"]),
    ],
)
def test_pictures_and_films_are_named_by_whole_addresses_films_first(page: str, named: list[str]) -> None:
    facts = read_body(
        page.encode(), content_type="text/html", encoding="", complete=True, limit=LIMIT, address="http://h.test/p/q"
    )
    assert list(facts.named) == named


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="<>'&"), max_size=700), max_size=80))
def test_named_addresses_fit_through_the_pipe(sources: list[str]) -> None:
    page = "".join(f"<img src='{source}'>" for source in sources).encode("utf-8", "replace")
    facts = read_body(page, content_type="text/html", encoding="", complete=True, limit=10**6, address="http://h.test/")
    assert len(write_facts(facts)) < LONGEST_LINE
    assert read_facts(write_facts(facts)).named == facts.named


def test_a_page_that_names_more_than_fits_is_cut() -> None:
    page = "".join(f"<img src='{number}{'å' * 900}'>" for number in range(60))
    facts = read_body(
        page.encode(), content_type="text/html", encoding="", complete=True, limit=10**6, address="http://h.test/"
    )
    assert facts.pictures == 60
    assert 10 < len(facts.named) < 60


def test_texts_that_say_nearly_the_same_are_alike() -> None:
    words = [f"word{number}" for number in range(200)]
    one, near, other = (likeness(" ".join(given)) for given in (words, [*words[:-3], "x", "y", "z"], words[::-1][:20]))
    assert bits_between(one, near) <= 6
    assert bits_between(one, other) > 15
    assert likeness(" \n ") == ""


def bits_between(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("<html lang=sv-SE><p>Hello to you and to all of this", "sv"),
        ("<html xml:lang=EN><p>x", "en"),
        ("<html lang='?'><p>the words and the things that are not of this", "en"),
        ("<p>x", ""),
    ],
)
def test_a_page_has_the_language_that_it_names_or_speaks(page: str, language: str) -> None:
    assert read(page).language == language


MANY = "".join(f"<img src={number}.png>" for number in range(5))
LONG = "word " * 1000


@pytest.mark.parametrize(
    ("page", "gone"),
    [
        ("<h1>404</h1>", True),
        ("<title>Page Not Found</title>" + LONG, True),
        ("<p>This file has been <b>removed</b>.</p><img src=logo.png>", True),
        ("<p>Sidan finns inte längre</p>", True),
        ("<p>Bilden är borttagen.</p>", True),
        ("<p>File not&nbsp;found</p>", True),
        ("<p>Call 4041 or 14044</p>", False),
        ("<p>The undeleted archive</p>", False),
        (LONG + "not found", False),
        ("<p>Removed by request: two of seven</p>" + MANY, False),
        ("<script>var message = 'not found'</script><p>Hello</p>", False),
        ("<p>ขออภัย ไม่พบหน้านี้</p>", True),
        ("<p>Hello</p>", False),
    ],
)
def test_a_page_that_only_says_it_is_gone_is_told_from_one_with_content(page: str, gone: bool) -> None:  # noqa: FBT001
    assert read(page).says_gone is gone


@pytest.mark.parametrize(
    ("page", "asks"),
    [
        ("<form><input name=u><input type=PASSWORD></form>", True),
        ("<img src=logo.png><input type='password'/>", True),
        ("<h1>Please log in</h1>", True),
        ("<p>Logga in för att se bilderna</p>", True),
        ("<p>Please log in</p>" + LONG, False),
        ("<input type=text>", False),
        ("<input type=password>" + MANY, False),
    ],
)
def test_a_log_in_wall_is_told_from_a_page_with_a_log_in_in_its_corner(page: str, asks: bool) -> None:  # noqa: FBT001
    assert read(page).asks_password is asks


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(["<", ">", "<!--", "<title>", "&#x", "<a ", "</", "x"])).map("".join)
)
def test_no_page_makes_reading_fail(page: str) -> None:
    facts = read(page.encode("utf-8", "replace"))
    assert len(facts.title) <= LONGEST_TITLE


@given(st.text())
def test_a_cleaned_text_is_printable_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable() or cleaned == ""
    assert clean(cleaned) == cleaned
