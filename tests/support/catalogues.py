"""What the public faces say, and the catalogues that hold it in other languages.

`python -m tests.support.catalogues` brings every catalogue up to date: new sentences are added without a translation,
and what no page says any more is taken out. `python -m tests.support.catalogues LANGUAGE` begins a new one.
The desk has catalogues of its own: `tests.support.desk_words`.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from lykta import sites
from lykta.core import counting
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Choice, ReporterStatus
from lykta.lib import codes

SITES = Path(sites.__file__).parent
LOCALE = SITES.parent / "locale"
ROOMS = ("common", "report", "partners", "pages")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_with_unit": (2, 3),
}

EMPTY_HEADERS = tuple(
    f'"{name}:'
    for name in (
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)

Saying = str | tuple[str, ...]
"""A sentence, or its singular and plural."""


def catalogue(language: str, locale: Path = LOCALE) -> Catalog:
    with (locale / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str, locale: Path = LOCALE) -> list[Message]:
    return [message for message in catalogue(language, locale) if message.id]


def languages(locale: Path = LOCALE) -> list[str]:
    """Those with a catalogue of their own, without English, in which everything is written."""
    return sorted(path.parts[-3] for path in locale.glob("*/LC_MESSAGES/django.po") if path.parts[-3] != "en")


def said_on_pages() -> dict[Saying, None]:
    """In the order of the files, so that what stands together is translated together."""
    pages = sorted(path for room in ROOMS for path in (SITES / room).rglob("*") if path.suffix in {".html", ".py"})
    files = [*pages, SITES.parent / "workflow" / "wording.py"]  # which answers reporters in their language
    return {message: None for path in files for message in said_in(path) if message}


def said_in(path: Path) -> list[Saying]:
    text = path.read_text(encoding="utf-8")
    source = templatize(text, origin=str(path)) if path.suffix == ".html" else text
    return [message for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)]


def said_by_the_rules() -> dict[Saying, None]:
    """Sentences that pages show but other floors write."""
    definitions = [figure.definition for figure in counting.figures([], reports=0)]
    sentences = [word.sentence for words in (ReporterStatus, Choice) for word in words]
    return dict.fromkeys([*sentences, *definitions, *said_by_codes()])


def said_by_codes() -> list[str]:
    found = []
    for typed in ("short", "0" * 26 + "1"):
        try:
            codes.read(typed)
        except NotUnderstood as refusal:
            found.append(str(refusal))
    return found


def names_of_figures() -> list[str]:
    return [figure.name for figure in counting.figures([], reports=0)]


def brought_up_to_date(old: Catalog, said: Iterable[Saying], figures: Iterable[str] = ()) -> Catalog:
    """The same catalogue with exactly these sentences; those that it had keep their translation."""
    new = Catalog(old.locale, header_comment=old.header_comment, charset="utf-8", fuzzy=False)
    new.mime_headers = old.mime_headers
    for saying in said:
        _add(new, old.get(saying[0] if isinstance(saying, tuple) else saying), saying)
    for name in figures:
        _add(new, old.get(name, context="figure"), name, context="figure")
    return new


def _add(new: Catalog, known: Message | None, saying: Saying, context: str | None = None) -> None:
    translated = known.string if known else None
    flags = ["python-format"] if "%" in str(saying) else []
    new.add(saying, translated, flags=flags, context=context)


def keep(language: str, said: Iterable[Saying], figures: Iterable[str] = (), locale: Path = LOCALE) -> str:
    """Writes the catalogue as it has to be, and says how much of it waits for a translation."""
    path = locale / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    old = catalogue(language, locale) if path.exists() else Catalog(language)
    new = brought_up_to_date(old, said, figures)
    written = io.BytesIO()
    write_po(written, new, width=110, ignore_obsolete=True)
    lines = written.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(EMPTY_HEADERS)), encoding="utf-8")
    missing = sum(not any(message.string or ()) for message in new if message.id)
    return f"{language}: {missing} of {len(new)} are not translated\n"


def main() -> None:
    said = [*said_on_pages(), *said_by_the_rules()]
    for language in sys.argv[1:] or languages():
        sys.stdout.write(keep(language, said, names_of_figures()))


if __name__ == "__main__":
    main()
