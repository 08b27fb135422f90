"""Many rows become few reports, and the same rows are always the same reports."""

import pytest

from lykta.core.vocabulary import Asked, Topic
from lykta.lib import codes, tables
from lykta.workflow import importing
from lykta.workflow.importing import Field, Group, Refused

MAPPING = {Field.URL: "Link", Field.NOTES: "Note", Field.SEEN_AT: "Date", Field.CONTACT: "Who"}
HEADER = "Link,Note,Date,Who\n"


def gathered(text: str, mapping: dict[Field, str] = MAPPING) -> list[Group | Refused]:
    data = text.encode()
    table = tables.read(data, columns=list(mapping.values()))
    return list(importing.groups(table, mapping=mapping, digest=importing.digest_of(data), topic=Topic.TRADE))


def groups(text: str) -> list[Group]:
    return [one for one in gathered(text) if isinstance(one, Group)]


def refused(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.why) for one in gathered(text) if isinstance(one, Refused)]


def test_rows_with_the_same_note_and_contact_are_one_report() -> None:
    found = groups(f"{HEADER}http://a.example/,one,,\nhttp://b.example/,two,,\nhttp://c.example/,one,,\n")
    assert [(one.lines, one.answers[Asked.WHERE], one.answers[Asked.WORDS]) for one in found] == [
        ((2, 4), "http://a.example/\nhttp://c.example/", "one"),
        ((3,), "http://b.example/", "two"),
    ]
    assert {one.answers[Asked.TOPIC] for one in found} == {"trade"}


def test_another_contact_is_another_report() -> None:
    found = groups(f"{HEADER}http://a.example/,one,,Kim\nhttp://b.example/,one,,Robin\n")
    assert [one.answers[Asked.CONTACT] for one in found] == ["Kim", "Robin"]


def test_when_it_was_seen_stands_beside_the_address() -> None:
    [found] = groups(f"{HEADER}http://a.example/,,2026-01-02,\n,only seen,,\nhttp://c.example/,,,\n")[:1]
    assert found.answers[Asked.WHERE] == "http://a.example/ (2026-01-02)\nhttp://c.example/"


def test_a_note_alone_is_a_report() -> None:
    [found] = groups(f"{HEADER},words only,,\n")
    assert (found.answers[Asked.WHERE], found.answers[Asked.WORDS]) == ("", "words only")


def test_a_report_has_at_most_five_hundred_rows() -> None:
    found = groups(HEADER + "".join(f"http://a.example/{number},,,\n" for number in range(1001)))
    assert [len(one.lines) for one in found] == [500, 500, 1]
    assert len({one.code for one in found}) == 3


def test_a_report_is_no_longer_than_its_addresses_can_be_looked_for() -> None:
    long = "x" * 7_000
    found = groups(HEADER + "".join(f"http://a.example/{long}{number},,,\n" for number in range(25)))
    assert [len(one.lines) for one in found] == [21, 4]
    assert all(len(one.answers[Asked.WHERE]) <= importing.CHARACTERS_TOGETHER for one in found)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("not an address,,,", "“Link” holds no address, account or invite."),
        (",,2026-01-02,", "There is neither an address nor a note in it."),
        (f"http://a.example/,{'w' * 10_001},,", "“Note” has 10,001 characters, and 10,000 fit."),
        ("http://first.example/,one,,", "It says the same as line 2."),
        ("http://a.example/,one", "It has 2 cells, and the header has 4."),
    ],
)
def test_a_row_is_refused_with_its_line_and_the_reason_but_not_its_words(row: str, why: str) -> None:
    text = f"{HEADER}http://first.example/,one,,\n{row}\nhttp://last.example/,one,,\n"
    assert refused(text) == [(3, why)]
    assert [one.lines for one in groups(text)] == [(2, 4)]


def test_the_same_rows_of_the_same_file_always_have_the_same_code() -> None:
    text = f"{HEADER}http://a.example/,one,,\nhttp://b.example/,two,,\n"
    first = [one.code for one in groups(text)]
    assert first == [one.code for one in groups(text)]
    assert len(set(first)) == 2
    assert all(codes.read(codes.spell(code)) == code for code in first)


def test_another_file_has_other_codes() -> None:
    text = f"{HEADER}http://a.example/,one,,\n"
    assert groups(text)[0].code != groups(text + "\n")[0].code


def test_columns_that_are_not_mapped_stay_outside() -> None:
    [found] = gathered("Link,Secret\nhttp://a.example/,nobody asked\n", {Field.URL: "Link"})
    assert isinstance(found, Group)
    assert "nobody asked" not in str(found.answers)
