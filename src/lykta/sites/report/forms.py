"""What a reporter typed, carried from page to page in the form itself."""

from dataclasses import asdict, dataclass

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lykta.core.vocabulary import Topic
from lykta.sites.common import words
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT, Problem

TOPICS = {
    Topic.WEB: _("Pictures or films of sexual abuse of children on the internet"),
    Topic.CONTACT: _("Someone contacts, threatens or asks a child for pictures"),
    Topic.OWN_PICTURE: _("A picture of me, and I am under 18"),
    Topic.TRAVEL: _("Something that I saw while travelling"),
    Topic.TRADE: _("A child who is sold or trafficked"),
    Topic.PAYMENT: _("Somebody who is paid for abuse material"),
    Topic.OTHER: _("Something else, or I do not know"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is not sent yet."""

    text: str = ""
    topic: str = ""
    contact: str = ""
    nonce: str = ""

    @classmethod
    def read(cls, post: QueryDict) -> "Draft":
        return cls(
            text=words.clean_text(post.get("text", "")),
            topic=post.get("topic", ""),
            contact=words.clean_line(post.get("contact", "")),
            nonce=words.nonce_or_new(post.get("nonce", "")),
        )

    def problems(self) -> list[Problem]:
        """What has to be mended before it can be sent, in the order of the page."""
        found = text_problems(self.text)
        if self.topic and self.topic not in TOPICS:
            found.append(Problem("topic", gettext("Choose one of the topics, or none.")))
        if len(self.contact) > LINE_LIMIT:
            found.append(Problem("contact", too_long(len(self.contact), LINE_LIMIT)))
        return found

    def topic_label(self) -> str:
        return str(TOPICS[Topic(self.topic)]) if self.topic in TOPICS else ""

    def sealed_content(self, *, language: str) -> dict[str, str]:
        """What the hotline will read."""
        return {**asdict(self), "language": language}


def text_problems(text: str) -> list[Problem]:
    """A text has to be there and within the limit."""
    if not text:
        return [Problem("text", gettext("Write a few words or paste an address."))]
    if len(text) > TEXT_LIMIT:
        return [Problem("text", too_long(len(text), TEXT_LIMIT))]
    return []


def too_long(length: int, limit: int) -> str:
    advice = gettext("This has %(length)d characters; %(limit)d fit. Shorten it, or send the rest afterwards.")
    return advice % {"length": length, "limit": limit}
