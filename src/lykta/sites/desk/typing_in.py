"""A report by telephone or by letter: an analyst types it in, and it goes the way of all others."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lykta.core import asking
from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.core.vocabulary import Asked, Choice, Source, Topic
from lykta.lib import codes
from lykta.lib.clock import now
from lykta.lib.codes import Code
from lykta.records.letterbox.actions import Post
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT, clean_line, clean_text
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import bringing
from lykta.workflow.bringing import Bringer


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form holds. The code is drawn with the form, so that a button pressed twice is one report."""

    code: Code
    topic: str = ""
    danger: str = Choice.UNKNOWN
    where: str = ""
    words: str = ""
    contact: str = ""
    language: str = ""

    def answers(self) -> dict[Asked, str]:
        """As the public form would have asked it."""
        return {
            Asked.TOPIC: self.topic,
            Asked.DANGER: self.danger,
            Asked.WHERE: self.where,
            Asked.WORDS: self.words,
            Asked.CONTACT: self.contact,
        }


@answers("GET", "POST")
def type_in(request: HttpRequest, by: Staff) -> HttpResponse:
    """The form; then the receipt code, which is shown once and stored nowhere."""
    may_see_cases(by)
    if request.method != "POST":
        return _form(request, Draft(code=codes.new(), language=settings.LANGUAGES[0][0]))
    draft = _typed(request)
    with SayRefusals(request):
        _check(draft)
        return _receipt(request, draft, _keep(by, draft))
    return _form(request, draft, status=422)


def _typed(request: HttpRequest) -> Draft:
    typed = request.POST
    return Draft(
        code=_code(typed.get("code", "")),
        topic=typed.get("topic", ""),
        danger=typed.get("danger", ""),
        where=clean_text(typed.get("where", "")),
        words=clean_text(typed.get("words", "")),
        contact=clean_line(typed.get("contact", "")),
        language=typed.get("language", ""),
    )


def _code(typed: str) -> Code:
    """The code of the form, or a new one where it came back damaged."""
    try:
        return codes.read(typed)
    except NotUnderstood:
        return codes.new()


def _check(draft: Draft) -> None:
    """Raises NotUnderstood for the first thing that is missing or does not fit."""
    if draft.topic not in set(Topic):
        raise NotUnderstood("Please choose what it is about.")
    if draft.danger not in asking.CHOICES[Asked.DANGER]:
        raise NotUnderstood("Please choose whether a child is in danger now.")
    if not (draft.where or draft.words):
        raise NotUnderstood("Please write where it is, or what was said.")
    if len(draft.where) + len(draft.words) > TEXT_LIMIT:
        raise NotUnderstood("That is too long for one report: please type it in as several.")
    if len(draft.contact) > LINE_LIMIT:
        raise NotUnderstood("Please shorten the contact.")
    if draft.language not in dict(settings.LANGUAGES):
        raise NotUnderstood("Please choose a language.")


def _keep(by: Staff, draft: Draft) -> Post:
    """Sealed and durable when it returns. Raises NotUnderstood where the caller has thrown it away meanwhile."""
    key = settings.HOTLINE_PUBLIC_KEY
    post = Post.for_days(house().box_days, hotline_key=key, language=draft.language, now=now())
    try:
        bringing.bring_in(bringer=Bringer(Source.STAFF, by.actor), answers=draft.answers(), code=draft.code, post=post)
    except NotAllowed:
        raise NotUnderstood("Whoever holds the code has deleted this report: begin anew if it is wanted.") from None
    return post


def _form(request: HttpRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    context = {
        "draft": draft,
        "topics": [str(topic) for topic in Topic],
        "dangers": asking.CHOICES[Asked.DANGER],
        "languages": settings.LANGUAGES,
    }
    return render(request, "type_in.html", context, status=status)


def _receipt(request: HttpRequest, draft: Draft, post: Post) -> HttpResponse:
    context = {"code": codes.spell(draft.code), "expires_at": post.expires_at, "report_url": house().report_url}
    return render(request, "typed_in.html", context)
