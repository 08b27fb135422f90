"""Forward and delete: what is known of a suspected person goes to the police with the mail, and is destroyed then."""

import pytest
from tests.workflow.conftest import DUTCH, SWEDISH, Hotline

from lykta.core.vocabulary import SuspicionBasis, SuspicionPurpose
from lykta.records.cases.models import Case
from lykta.records.casework import actions, queries
from lykta.records.casework.models import Suspicion
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
SAID = "A man who calls himself Uncle."
POLICE = "police@polis.test"


def suspect(hotline: Hotline, by: Staff, *, passed_on: bool = True) -> Suspicion:
    return actions.suspect(
        by=by,
        case=Case.objects.get(),
        text=SAID,
        purpose=SuspicionPurpose.REFER,
        basis=SuspicionBasis.CLAIM,
        passed_on=passed_on,
        now=hotline.time,
    )


def text_of(made: Suspicion) -> str | None:
    return queries.suspicion_text(Suspicion.objects.select_related("case").get(pk=made.pk))


def test_it_goes_to_the_police_in_the_mail_alone_and_is_destroyed(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    made = suspect(hotline, anna)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    [mail] = hotline.sent_to(POLICE)
    assert SAID in mail
    assert text_of(made) is None
    assert Suspicion.objects.get().destroyed_at == hotline.time
    assert SAID not in str(hotline.read(hotline.code_sent_to(POLICE)))
    assert SAID not in "".join(hotline.sent_to("abuse@nordhost.test"))


def test_a_partner_hotline_is_told_nothing_of_it(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(DUTCH)
    hotline.work()
    made = suspect(hotline, anna)
    hotline.assess(anna, DUTCH)
    hotline.work()
    [mail] = hotline.sent_to("hotline@polder-hotline.test")
    assert SAID not in mail
    assert text_of(made) == SAID


def test_what_is_not_to_be_forwarded_stays(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    made = suspect(hotline, anna, passed_on=False)
    hotline.assess(anna, SWEDISH)
    hotline.work()
    assert SAID not in hotline.sent_to(POLICE)[0]
    assert text_of(made) == SAID
