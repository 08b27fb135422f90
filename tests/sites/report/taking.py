"""A page that takes files and says what came of it, for tests of the way that needs no script."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path

from lykta.core.vocabulary import Asked
from lykta.sites.report import uploads, urls
from lykta.sites.report.questions import question


def take(request: HttpRequest) -> HttpResponse:
    uploads.accept(request)
    attached = uploads.read(request)
    if gone := request.POST.get("step", "").removeprefix("remove-"):
        attached = attached.without(gone)
    return JsonResponse(
        {
            "lines": attached.lines,
            "problems": [problem.message for problem in attached.problems],
            "field": attached.field,
            "typed": request.POST.get("typed", ""),
        }
    )


def field(request: HttpRequest) -> HttpResponse:
    """The field alone, in a form that leads to `take`."""
    attached = uploads.Attached.of(request.GET.getlist("line"))
    inside = render_to_string("files_field.html", {"attached": attached, "asks": question(Asked.FILES, {})})
    response = HttpResponse(
        f"""<!doctype html><form method="post" action="/en/take/" enctype="multipart/form-data">{inside}
        <button name="step" value="go">Continue</button><button name="step" value="skip">Skip</button></form>"""
    )
    uploads.let_script_send(response)
    return response


def plain(request: HttpRequest) -> HttpResponse:
    """A page that takes none."""
    return JsonResponse({"files": len(request.FILES), "typed": request.POST.get("typed", "")})


urlpatterns = [
    *urls.urlpatterns,
    *i18n_patterns(path("take/", take), path("field/", field), path("plain/", plain)),
]
handler400 = urls.handler400
