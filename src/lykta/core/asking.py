"""Which pages a reporter meets: one question on each, in the order of the river, chosen by what was answered before.

The branches and what they ask follow what sixteen services ask (Cybertip.ca's questions on contacts, ECPAT's on travel,
Report Remove's on one's own picture). Only *what* and *where* have to be answered; everything else may be left out.
"""

from collections.abc import Mapping

from lykta.core.vocabulary import Asked, Choice, Topic, Word


class Told(Word):
    """A page between two questions that says one thing and asks nothing."""

    EMERGENCY = "emergency", "A child is in danger now: whom to call."
    SUPPORT = "support", "It is about the reporter: not your fault, what we can do and what not."
    THREATENED = "threatened", "What helps against threats."
    KEEP = "keep", "Photographs stay with the reporter; the police may ask for them."


Page = Asked | Told
Answers = Mapping[Asked, str]
"""What was answered: words, or the value of a Choice; several choices are joined by a space."""

_YES_NO = (Choice.YES, Choice.NO, Choice.UNKNOWN)
CHOICES: Mapping[Asked, tuple[Word, ...]] = {
    Asked.TOPIC: tuple(Topic),
    Asked.DANGER: _YES_NO,
    Asked.LOGIN: _YES_NO,
    Asked.WHO: (Choice.ME, Choice.MY_CHILD, Choice.KNOWN_CHILD, Choice.OTHER_CHILD),
    Asked.DEMANDS: (
        Choice.ASKS_PICTURES,
        Choice.HAS_PICTURES,
        Choice.THREATENS,
        Choice.WANTS_MONEY,
        Choice.GIVES,
        Choice.MEETING,
        Choice.SOMETHING_ELSE,
    ),
    Asked.AGE: (Choice.UNDER_13, Choice.FROM_13, Choice.FROM_16, Choice.ADULT),
    Asked.THREAT: (Choice.YES, Choice.NO),
    Asked.PHOTOS: (Choice.YES, Choice.NO),
    Asked.METHOD: (
        Choice.CARD,
        Choice.BANK,
        Choice.PHONE,
        Choice.CRYPTO,
        Choice.VOUCHER,
        Choice.IN_GAME,
        Choice.SOMETHING_ELSE,
    ),
}
SEVERAL = frozenset({Asked.DEMANDS, Asked.METHOD})
"""Questions of which several choices may be true."""

BRANCHES: Mapping[Topic, tuple[Page, ...]] = {
    Topic.WEB: (Asked.WHERE, Asked.SPOT, Asked.LOGIN, Asked.LOGIN_HOW, Asked.SEEN, Asked.MORE),
    Topic.CONTACT: (Asked.WHO, Asked.WHERE, Asked.DEMANDS, Told.THREATENED, Asked.WORDS, Asked.SINCE),
    Topic.OWN_PICTURE: (Told.SUPPORT, Asked.AGE, Asked.WHERE, Asked.SPREADER, Asked.THREAT, Told.THREATENED),
    Topic.TRAVEL: (
        Asked.COUNTRY,
        Asked.PLACE,
        Asked.WORDS,
        Asked.SEEN,
        Asked.ADULTS,
        Asked.CHILDREN,
        Asked.VEHICLE,
        Asked.TOLD,
        Asked.TRIP,
        Asked.PHOTOS,
        Told.KEEP,
    ),
    Topic.TRADE: (Asked.WHERE, Asked.WORDS, Asked.CHILDREN, Asked.ADULTS, Asked.SEEN),
    Topic.PAYMENT: (Asked.WHERE, Asked.METHOD, Asked.ACCOUNT, Asked.WALLET, Asked.AMOUNT, Asked.SEEN),
    Topic.OTHER: (Asked.WORDS, Asked.WHERE),
}
NEEDED: Mapping[Topic, tuple[Asked, ...]] = {
    Topic.WEB: (Asked.WHERE,),
    Topic.CONTACT: (Asked.WHERE,),
    Topic.OWN_PICTURE: (Asked.WHERE,),
    Topic.TRAVEL: (Asked.COUNTRY, Asked.WORDS),
    Topic.TRADE: (Asked.WHERE,),
    Topic.PAYMENT: (Asked.WHERE,),
    Topic.OTHER: (Asked.WORDS,),
}
"""*What* and *where*. A fingerprint says where as well as an address does."""

_TOPICS = {str(topic): topic for topic in Topic}
_THREATS = frozenset({Choice.THREATENS, Choice.WANTS_MONEY})


def topic_of(answers: Answers) -> Topic | None:
    """What the report is about, once that was said."""
    return _TOPICS.get(answers.get(Asked.TOPIC, ""))


def path(answers: Answers, *, files: frozenset[Topic] = frozenset()) -> tuple[Page, ...]:
    """Every page of this report in order, as far as the answers tell; after the last one comes the check.

    `files` are the topics with which this hotline takes chat logs and documents.
    """
    topic = topic_of(answers)
    if topic is None:
        return (Asked.TOPIC,)
    attached = (Asked.FILES,) if topic in files else ()
    pages = (Asked.TOPIC, Asked.DANGER, Told.EMERGENCY, *BRANCHES[topic], *attached, Asked.CONTACT)
    return tuple(page for page in pages if _applies(page, answers))


def missing(answers: Answers) -> tuple[Asked, ...]:
    """What has to be answered before the report can be sent, in order."""
    topic = topic_of(answers)
    if topic is None:
        return (Asked.TOPIC,)
    return tuple(
        asked
        for asked in NEEDED[topic]
        if not (answers.get(asked) or (asked is Asked.WHERE and answers.get(Asked.FINGERPRINTS)))
    )


def needed(asked: Asked, answers: Answers) -> bool:
    """Whether a question of this report may not be left out."""
    topic = topic_of(answers)
    return asked is Asked.TOPIC or (topic is not None and asked in NEEDED[topic])


def says_something(answers: Answers) -> bool:
    """Whether there are words in it, and not only choices: then an abandoned report is worth keeping."""
    return any(text for asked, text in answers.items() if asked not in CHOICES and asked is not Asked.CONTACT)


def _applies(page: Page, answers: Answers) -> bool:
    match page:
        case Told.EMERGENCY:
            return answers.get(Asked.DANGER) == Choice.YES
        case Told.THREATENED:
            demands = answers.get(Asked.DEMANDS, "").split()
            return answers.get(Asked.THREAT) == Choice.YES or not _THREATS.isdisjoint(demands)
        case Told.KEEP:
            return answers.get(Asked.PHOTOS) == Choice.YES
        case Asked.LOGIN_HOW:
            return answers.get(Asked.LOGIN) == Choice.YES
        case _:
            return True
