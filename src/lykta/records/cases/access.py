"""The only doors from a face to a case or an item. One same refusal for "not there" and "not yours".

What somebody is not prepared for, or wants to be spared, they may know of: NotForYou says why they are not shown it.
"""

from django.db.models import QuerySet

from lykta.core.refusals import NotAllowed
from lykta.records.cases import fitness
from lykta.records.cases.models import Attachment, Case, Item, Opinion, Report
from lykta.records.cases.opinions import may_settle
from lykta.records.people import queries as people
from lykta.records.people.access import may_decide, may_see_cases
from lykta.records.people.models import Staff


def access_case(by: Staff, number: int) -> Case:
    """The case with this number. Raises NotAllowed, NotForYou."""
    may_see_cases(by)
    case = Case.objects.select_related("claimed_by").filter(pk=number).first()
    if case is None:
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read(by, case)
    return case


def access_item(by: Staff, number: int) -> Item:
    """The item with this number. Raises NotAllowed, NotForYou."""
    may_see_cases(by)
    item = Item.objects.filter(pk=number).first()
    if item is None:
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read_item(by, item)
    return item


def access_item_to_judge(by: Staff, number: int) -> Item:
    """The item with this number, to say what it is: again without a look. Raises NotAllowed, NotForYou."""
    item = access_item(by, number)
    if not item.verdict:
        fitness.require_to_look(by, item)
    return item


def access_report(by: Staff, number: int) -> Report:
    """The report with this number. Raises NotAllowed, NotForYou."""
    may_see_cases(by)
    report = Report.objects.select_related("case").filter(pk=number).first()
    if report is None:
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read(by, report.case)
    return report


def access_attachment(by: Staff, number: int) -> Attachment:
    """The attachment with this number. Raises NotAllowed, NotForYou."""
    may_see_cases(by)
    attachment = Attachment.objects.select_related("report__case").filter(pk=number).first()
    if attachment is None:
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read(by, attachment.report.case)
    return attachment


def access_opinion(by: Staff, number: int) -> Opinion:
    """The second opinion that this person may give, never about their own. Raises as `access_item_to_judge`."""
    may_see_cases(by)
    opinion = _opinions().filter(pk=number).exclude(assessment__by=by).first()
    if opinion is None:
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read_item(by, opinion.assessment.item)
    fitness.require_to_look(by, opinion.assessment.item)
    return opinion


def access_decision(by: Staff, number: int) -> Opinion:
    """The second opinion about which this person decides: both have spoken, others if there are.

    Raises NotAllowed, NotForYou.
    """
    may_see_cases(by)
    may_decide(by)
    opinion = _opinions().exclude(by=None).filter(pk=number).first()
    if opinion is None or not may_settle(by, opinion, deciders=people.deciders()):
        raise NotAllowed("There is nothing here for you.")
    fitness.require_to_read_item(by, opinion.assessment.item)
    return opinion


def _opinions() -> QuerySet[Opinion]:
    return Opinion.objects.select_related("assessment__item", "assessment__by", "by")
