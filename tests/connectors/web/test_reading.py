import gzip
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.web.facts import LONGEST_TITLE, Facts
from lykta.connectors.web.reading import HostileError, clean, inflate, read_body

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
    assert facts == Facts(sha256=hashlib.sha256(b"hello").hexdigest(), length=5)


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
    assert read(b"x", complete=False).sha256 == ""
    assert read_body(half, content_type="", encoding="gzip", complete=True, limit=LIMIT).sha256 == ""


def test_a_picture_is_only_measured() -> None:
    page = b"<title>not a page</title><img src=a>"
    assert read(page, content_type="image/jpeg") == Facts(sha256=hashlib.sha256(page).hexdigest(), length=len(page))


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
    assert read(page).media == count


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
