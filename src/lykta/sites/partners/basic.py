"""HTTP Basic as NCMEC's clients speak it: the user is the partner's short name, the password its token."""

import base64
from hmac import compare_digest

from django.http import HttpRequest

from lykta.records.letterbox.models import Partner
from lykta.records.letterbox.partners import partner_of

CHALLENGE = 'Basic realm="lykta", charset="UTF-8"'


def named_partner(request: HttpRequest) -> tuple[Partner, str] | None:
    """Who asks, with their token; None for a wrong name, a wrong token and a revoked one alike."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, token = base64.b64decode(given.strip() if scheme.lower() == "basic" else "").decode().partition(":")
    except ValueError:
        return None
    partner = partner_of(token) if token else None
    if partner is None or not compare_digest(partner.slug.encode(), name.encode()):
        return None
    return partner, token
