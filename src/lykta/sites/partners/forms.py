"""What a recipient may answer, by the kind of mailbox that its code opens."""

from dataclasses import asdict, dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lykta.core.vocabulary import ANSWERS, Answer, BoxKind, RecipientKind
from lykta.sites.common import words
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT, Problem

_SENTENCES: dict[tuple[RecipientKind, Answer], Promise] = {
    (RecipientKind.POLICE, Answer.RECEIVED): _("We have received it"),
    (RecipientKind.POLICE, Answer.RELEASED): _("We have received it, and the host may be told now"),
    (RecipientKind.POLICE, Answer.WAIT): _("Wait: the host must not be told yet"),
    (RecipientKind.HOTLINE, Answer.RECEIVED): _("We have received it and take over"),
    (RecipientKind.HOTLINE, Answer.DECLINED): _("We cannot act on it; the note says why"),
    (RecipientKind.HOST, Answer.RECEIVED): _("We have received the notice"),
    (RecipientKind.HOST, Answer.REMOVED): _("The material has been removed"),
    (RecipientKind.HOST, Answer.DECLINED): _("We will not remove it; the note says why"),
}
CHOICES: dict[BoxKind, dict[Answer, Promise]] = {
    BoxKind(kind): {answer: _SENTENCES[kind, answer] for answer in Answer if answer in answers}
    for kind, answers in ANSWERS.items()
}
"""What the rules accept, in the order of the page, each in a sentence of that kind of recipient."""
NEXT: dict[Answer, Promise] = {
    Answer.RECEIVED: _("We note that our message has arrived. Answer again when there is more to say."),
    Answer.RELEASED: _("We may tell the host from now on. Answer again if that has to change."),
    Answer.WAIT: _("We do not tell the host until you release it or the time agreed with you has passed."),
    Answer.REMOVED: _("We look at the address again ourselves to confirm that the material is gone."),
    Answer.DECLINED: _("An analyst reads your note and decides who else must be told."),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not sent yet."""

    answer: str = ""
    note: str = ""
    reference: str = ""
    nonce: str = ""

    @classmethod
    def read(cls, post: QueryDict) -> "Reply":
        return cls(
            answer=post.get("answer", ""),
            note=words.clean_text(post.get("note", "")),
            reference=words.clean_line(post.get("reference", "")),
            nonce=words.nonce_or_new(post.get("nonce", "")),
        )

    def problems(self, kind: BoxKind) -> list[Problem]:
        """What has to be mended before it can be sent, in the order of the page."""
        found = []
        if self.answer not in CHOICES[kind]:
            found.append(Problem("answer", gettext("Choose one of the answers.")))
        limits = (("reference", self.reference, LINE_LIMIT), ("note", self.note, TEXT_LIMIT))
        found += [
            Problem(field, gettext("This is too long: %(limit)d characters fit.") % {"limit": limit})
            for field, text, limit in limits
            if len(text) > limit
        ]
        if self.answer == Answer.DECLINED and not self.note:
            found.append(Problem("note", gettext("Write in the note why you cannot act.")))
        return found

    def sealed_content(self) -> dict[str, str]:
        """What the hotline will read."""
        return asdict(self)
