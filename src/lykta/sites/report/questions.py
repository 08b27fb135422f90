"""The words of every question. Which one comes when is decided in `lykta.core.asking`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lykta.core import asking
from lykta.core.vocabulary import Asked, Topic

Text = str | Promise


class Kind(StrEnum):
    """What one answers with."""

    CHOICE = "choice"
    CHOICES = "choices"
    LINE = "line"
    TEXT = "text"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks; `summary` is the short form on the check page."""

    title: Text
    summary: Text
    hint: Text = ""
    kind: Kind = Kind.TEXT


TOPICS = {
    Topic.WEB: _("Pictures or films of sexual abuse of children on the internet"),
    Topic.CONTACT: _("Someone contacts, threatens or asks a child for pictures"),
    Topic.OWN_PICTURE: _("A picture of me, and I am under 18"),
    Topic.TRAVEL: _("Something that I saw while travelling"),
    Topic.TRADE: _("A child who is sold or trafficked"),
    Topic.PAYMENT: _("Somebody who is paid for abuse material"),
    Topic.OTHER: _("Something else, or I do not know"),
}

_QUESTIONS = {
    Asked.TOPIC: Question(
        _("What is it about?"),
        _("What it is about"),
        _("Choose what fits best. You do not have to be sure."),
        Kind.CHOICE,
    ),
    Asked.DANGER: Question(
        _("Is a child in danger right now?"),
        _("A child in danger right now"),
        _("For example because somebody is on the way to a child."),
        Kind.CHOICE,
    ),
    Asked.WHERE: Question(
        _("Where is it?"),
        _("Where it is"),
        _("Paste the address, also several, each on a line of its own. No pictures or films."),
    ),
    Asked.SPOT: Question(
        _("Where on the page is it?"),
        _("Where on the page"),
        _("For example: the third picture from the top, or after how many minutes of a film."),
        Kind.LINE,
    ),
    Asked.LOGIN: Question(_("Is a log-in or a payment needed to see it?"), _("Log-in or payment"), kind=Kind.CHOICE),
    Asked.LOGIN_HOW: Question(
        _("What is needed to get in?"),
        _("What is needed to get in"),
        _("The user name, the password or the invitation, if you know it. Do not try it again for us."),
    ),
    Asked.SEEN: Question(
        _("When did you see it?"),
        _("When you saw it"),
        _("As well as you remember. For example: today at nine, or last summer."),
        Kind.LINE,
    ),
    Asked.MORE: Question(
        _("Is there anything else that we should know?"),
        _("Anything else"),
        _("User names, titles, times: whatever helps to find it. Do not look for more."),
    ),
    Asked.WHO: Question(_("Who is the child?"), _("The child"), kind=Kind.CHOICE),
    Asked.DEMANDS: Question(
        _("What does the person do?"), _("What the person does"), _("Choose all that is true."), Kind.CHOICES
    ),
    Asked.WORDS: Question(
        _("What do you want to tell us?"),
        _("Your words"),
        _("In your own words, as much or as little as you want. You do not have to be sure."),
    ),
    Asked.SINCE: Question(_("When did it begin?"), _("When it began"), _("As well as you remember."), Kind.LINE),
    Asked.AGE: Question(_("How old are you in the picture?"), _("Your age in the picture"), kind=Kind.CHOICE),
    Asked.SPREADER: Question(
        _("Do you know who has the picture or spreads it?"),
        _("Who has the picture"),
        _("A name, a user name, or what you know of the person."),
    ),
    Asked.THREAT: Question(_("Does somebody threaten you with the picture?"), _("Threats"), kind=Kind.CHOICE),
    Asked.COUNTRY: Question(
        _("In which country was it?"), _("Country"), _("Begin to write: your device shows what fits."), Kind.LINE
    ),
    Asked.PLACE: Question(
        _("Which place was it?"),
        _("Place"),
        _("Town, street, hotel, bar or beach: as exactly as you can."),
        Kind.LINE,
    ),
    Asked.ADULTS: Question(
        _("Who were the adults?"),
        _("The adults"),
        _("What you remember: age, looks, clothes, language, name."),
    ),
    Asked.CHILDREN: Question(
        _("Who were the children?"),
        _("The children"),
        _("What you remember: about how old, looks, clothes, name."),
    ),
    Asked.VEHICLE: Question(
        _("Was there a vehicle or a room?"),
        _("Vehicle or room"),
        _("For example: number plate, make and colour, or the number of the room."),
        Kind.LINE,
    ),
    Asked.TOLD: Question(
        _("Who has been told already?"),
        _("Who has been told"),
        _("For example the hotel, the guide or the police. When, and what did they say?"),
    ),
    Asked.TRIP: Question(
        _("Do you know how the adults travel?"),
        _("How the adults travel"),
        _("For example: flight, tour operator, hotel, the day on which they go home."),
    ),
    Asked.PHOTOS: Question(
        _("Do you have photographs from there?"),
        _("Photographs"),
        _("Do not take new ones and follow nobody. We only want to know whether there are any."),
        Kind.CHOICE,
    ),
    Asked.METHOD: Question(_("How do people pay?"), _("How people pay"), _("Choose all that is true."), Kind.CHOICES),
    Asked.ACCOUNT: Question(
        _("Which account or name is paid?"),
        _("Account or name"),
        _("Account number, telephone number, user name or shop. Never your own card or account."),
    ),
    Asked.WALLET: Question(
        _("Is there an address for cryptocurrency?"),
        _("Address for cryptocurrency"),
        _("Paste it as it is."),
        Kind.LINE,
    ),
    Asked.AMOUNT: Question(
        _("How much does it cost?"),
        _("How much it costs"),
        _("With the currency. For example: 20 euros a month."),
        Kind.LINE,
    ),
    Asked.FILES: Question(
        _("Do you have messages or documents to send along?"),
        _("Files"),
        _("Chats saved as text, or PDF. No pictures and no films."),
        Kind.FILES,
    ),
    Asked.CONTACT: Question(
        _("How can we reach you?"),
        _("How we reach you"),
        _("Leave it empty to stay anonymous. You get a code for our answer in any case."),
        Kind.LINE,
    ),
}
_OF_A_TOPIC = {
    (Topic.CONTACT, Asked.WHERE): Question(
        _("Where does it happen?"),
        _("Where it happens"),
        _("The app, game or site, and the user names of the person and of the child."),
    ),
    (Topic.CONTACT, Asked.WORDS): Question(
        _("What has happened?"),
        _("What has happened"),
        _("In your own words. Keep the messages: do not delete them. Do not save pictures of a child."),
    ),
    (Topic.OWN_PICTURE, Asked.WHERE): Question(
        _("Where is the picture?"),
        _("Where the picture is"),
        _("The address of the page, or the app and the user name. Do not send the picture."),
    ),
    (Topic.TRAVEL, Asked.WORDS): Question(
        _("What did you see or hear?"),
        _("What you saw or heard"),
        _("What made you worry? You do not have to be sure, and do not look into it yourself."),
    ),
    (Topic.TRAVEL, Asked.SEEN): Question(
        _("When was it?"), _("When it was"), _("Day and time, as well as you remember."), Kind.LINE
    ),
    (Topic.TRADE, Asked.WHERE): Question(
        _("Where does it happen?"),
        _("Where it happens"),
        _("A place, an address, a site, a user name or a telephone number."),
    ),
    (Topic.TRADE, Asked.WORDS): Question(
        _("What do you know about it?"),
        _("What you know"),
        _("In your own words. You do not have to be sure, and do not look into it yourself."),
    ),
    (Topic.PAYMENT, Asked.WHERE): Question(
        _("Which site or seller is it?"),
        _("Site or seller"),
        _("The address of the site, or the name of the shop or the seller."),
    ),
    (Topic.OTHER, Asked.WHERE): Question(
        _("Do you know an address, a user name or a place?"),
        _("Address, user name or place"),
        _("Paste addresses as they are, each on a line of its own."),
    ),
}


def question(asked: Asked, answers: asking.Answers) -> Question:
    """The words of a question, as this report asks it."""
    topic = asking.topic_of(answers)
    return _OF_A_TOPIC.get((topic, asked), _QUESTIONS[asked]) if topic else _QUESTIONS[asked]


def labels(asked: Asked) -> Mapping[str, str]:
    """What can be chosen: stored value -> words for the reporter."""
    if asked is Asked.TOPIC:
        return {str(topic): str(label) for topic, label in TOPICS.items()}
    return {str(choice): gettext(choice.sentence) for choice in asking.CHOICES[asked]}


def spoken(asked: Asked, said: str) -> str:
    """An answer as the reporter reads it on the check page."""
    if asked not in asking.CHOICES:
        return said
    known = labels(asked)
    return "\n".join(known[value] for value in said.split() if value in known)
