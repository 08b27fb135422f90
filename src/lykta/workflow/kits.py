"""What a partner gets to show: its link, a button, a QR code, a bookmark, posters and cards, in any language."""

from dataclasses import dataclass
from html import escape

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext

from lykta.lib import qr
from lykta.lib.poster_words import Poster
from lykta.workflow.house import House

SHEETS = ("poster", "cards")
"""What is printed, by its name."""

_BUTTON = (
    '<a href="{address}" rel="noreferrer" style="display: inline-block; padding: .8em 1.6em; border-radius: .6em; '
    'background: #8c4a00; color: #fff; font: 600 1em system-ui, sans-serif; text-decoration: none" lang="{language}" '
    'dir="{direction}">'
    "{words}</a>"
)
"""A plain link: it loads nothing into the partner's page, and tells us nothing of whoever reads it there."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What the partner with this code gets in this language."""

    house: House
    code: str
    language: str

    @property
    def address(self) -> str:
        """The link."""
        return f"{self.house.report_url}/r/{self.code}"

    @property
    def button(self) -> str:
        """HTML for the partner's page, without script."""
        words = self.words.title.replace("\u200b", "")
        return _BUTTON.format(
            address=escape(self.address), language=self.language, direction=self.words.direction, words=escape(words)
        )

    @property
    def bookmark(self) -> str:
        """The text of a bookmark that reports the page that is open; it is counted as the link is."""
        address = f"{self.house.report_url}/r?via={self.code}&u="
        return f"javascript:location='{address}'+encodeURIComponent(location)"

    @property
    def picture(self) -> str:
        """The QR code of the link, as an SVG file."""
        return qr.of(self.address).svg(alone=True)

    @property
    def words(self) -> Poster:
        """What stands on the poster: what the page `/poster/CODE/` of the report face says, too."""
        with translation.override(self.language):
            return Poster(
                language=self.language,
                direction=Locale.parse(self.language.replace("-", "_")).text_direction,
                title=gettext("Have you seen something? Tell us."),
                lead=gettext(
                    "Have you come across sexual abuse of children on the internet, or does something worry you that "
                    "a child is drawn into? You do not have to be sure. Trained people judge it."
                ),
                note=gettext(
                    "It takes about three minutes, and you can leave out nearly everything. You are anonymous, unless "
                    "you tell us who you are."
                ),
                hotline=self.house.name,
                address=self.address,
            )

    def sheet(self, name: str) -> bytes:
        """A PDF to print, one of `SHEETS`."""
        from lykta.lib import posters  # noqa: PLC0415 - half a second of loading, which only printing needs

        return {"poster": posters.poster, "cards": posters.cards}[name](self.words)

    def files(self) -> dict[str, bytes]:
        """All of it, by the names of files."""
        return {
            "link.txt": f"{self.address}\n".encode(),
            "qr-code.svg": self.picture.encode(),
            "bookmark.txt": f"{self.bookmark}\n".encode(),
            f"button-{self.language}.html": f"{self.button}\n".encode(),
            **{f"{name}-{self.language}.pdf": self.sheet(name) for name in SHEETS},
        }
