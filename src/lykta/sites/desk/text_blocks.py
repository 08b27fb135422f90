"""Text blocks for answers: a lead reads them in each language and puts the hotline's own wording in their place."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.records.casework import actions, queries
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_text
from lykta.sites.desk.verbs import SayRefusals, answers
from lykta.workflow.text_blocks import Block, blocks, names


@answers("GET")
def text_blocks(request: HttpRequest, by: Staff) -> HttpResponse:
    """All blocks in one language, each in a field."""
    may_lead(by)
    language = _language(request.GET.get("language", ""))
    context = {"blocks": blocks_in(language), "language": language, "languages": settings.LANGUAGES}
    return render(request, "text_blocks.html", context)


@answers("POST")
def keep_text_block(request: HttpRequest, by: Staff) -> HttpResponse:
    """Keep the wording of one; an empty one, or the one that comes along, brings that back."""
    may_lead(by)
    language, name = _language(request.POST.get("language", "")), request.POST.get("name", "")
    text = clean_text(request.POST.get("text", ""))
    if name in names():
        came_along = {one.name: one.text for one in blocks(language, {})}
        with SayRefusals(request):
            own = "" if text == came_along[name] else text
            actions.change_text_block(by=by, name=name, language=language, text=own)
            messages.success(request, gettext("The text block is kept."))
    return redirect(f"{reverse('text-blocks')}?language={language}")


def blocks_in(language: str) -> list[Block]:
    """The blocks as this hotline words them in a language."""
    return blocks(language, queries.own_text_blocks(language))


def _language(typed: str) -> str:
    return typed if typed in dict(settings.LANGUAGES) else "en"
