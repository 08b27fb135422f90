"""The hotline's own house, from the settings and the country file: what the desk and the worker both need to know."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from lykta.config.environment import Environment, home
from lykta.core.exposure import Limits, read_hours
from lykta.core.second_opinion import Policy
from lykta.lib.labels import label_set, label_sets
from lykta.lib.laws import law
from lykta.workflow.house import House


def house(environment: Environment) -> House:
    """The house that the settings describe. Raises NotUnderstood for a broken country file or label set."""
    rules = law(environment.country)
    opens, closes = read_hours(environment.viewing_hours)
    own = home() / "labels"
    seconds = environment.look_again_seconds
    return House(
        name=environment.name,
        home=rules.country,
        label_set=label_set(environment.labels, own),
        second_opinions=Policy(rules=environment.opinion_rules, sample=environment.second_opinion_sample),
        label_sets=label_sets(own),
        offences=rules.offences,
        decides_known=rules.decides_known or _tries_it(environment),
        hold=timedelta(seconds=environment.hold_seconds) if environment.hold_seconds else rules.hold,
        look_every=timedelta(seconds=seconds) if seconds else None,
        quorum=rules.quorum,
        box_days=environment.box_days,
        report_url=environment.url("report"),
        partners_url=environment.url("partners"),
        mail_from=environment.mail_from,
        zone=ZoneInfo(environment.time_zone),
        viewing=Limits(
            soft=timedelta(minutes=environment.viewing_soft_minutes),
            hard=timedelta(minutes=environment.viewing_hard_minutes),
            opens=opens,
            closes=closes,
        ),
        retention=rules.retention,
        people_search=rules.people_search,
    )


def _tries_it(environment: Environment) -> bool:
    return environment.mode == "practice" and environment.decide_known == "in practice"
