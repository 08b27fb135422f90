"""What a partner's system sent is a report like any other, and says which partner it came from.

Its letter holds `partner` (the short name), `reference` (the partner's own), `language`, and `answers` by the words of
the public form (`core.vocabulary.Asked`), `where` or `words` at least; `id` is what the partner's system calls it.
"""

from typing import Any

from lykta.core.vocabulary import Asked, Topic
from lykta.records.letterbox.partners import partner_named


def as_report(content: dict[str, Any]) -> dict[str, Any] | None:
    """The content of such a letter as that of a report; None where it names no partner of this hotline.

    A public face that was taken over could write one in the name of any partner: it stands there as who is said to
    have sent it, and gives no right to anything.
    """
    partner = partner_named(str(content.get("partner", "")))
    given = content.get("answers")
    if partner is None or not isinstance(given, dict):
        return None
    reference = str(content.get("reference", ""))
    sender = f"{partner.name} ({partner.slug})"
    answers = {
        str(Asked.TOPIC): str(Topic.WEB),
        **given,
        str(Asked.CONTACT): f"{sender}: {reference}" if reference else sender,
    }
    return {"answers": answers, "language": content.get("language", ""), "proof": content.get("proof", "")}
