"""Bodies of clients that stream: they say no length and send in chunks, which Django by itself takes for nothing."""

from io import BytesIO

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest


def is_chunked(request: HttpRequest) -> bool:
    """Whether the length is not said, and the server tells where the body ends (PEP 3333 and `input_terminated`)."""
    return not int(request.META.get("CONTENT_LENGTH") or 0) and bool(request.META.get("wsgi.input_terminated"))


def measured(request: HttpRequest, most: int) -> HttpRequest:
    """The same request with a length; what is beyond `most` bytes of a chunked one is not read. Raises OSError."""
    if not is_chunked(request):
        return request
    body = request.META["wsgi.input"].read(most)
    return WSGIRequest({**request.META, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)})
