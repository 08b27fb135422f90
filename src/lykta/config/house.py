"""The hotline's own house, from the settings and the country file: what the desk and the worker both need to know."""

from datetime import timedelta

from lykta.config.environment import Environment
from lykta.core.labels import LYKTA_1
from lykta.lib.laws import law
from lykta.workflow.house import House


def house(environment: Environment) -> House:
    """The house that the settings describe. Raises NotUnderstood for a country file that lacks something."""
    rules = law(environment.country)
    seconds = environment.look_again_seconds
    return House(
        name=environment.name,
        home=rules.country,
        label_set=LYKTA_1,
        offences=rules.offences,
        decides_known=rules.decides_known or _tries_it(environment),
        hold=timedelta(seconds=environment.hold_seconds) if environment.hold_seconds else rules.hold,
        look_every=timedelta(seconds=seconds) if seconds else None,
        quorum=rules.quorum,
        box_days=environment.box_days,
        report_url=environment.url("report"),
        partners_url=environment.url("partners"),
        mail_from=environment.mail_from,
    )


def _tries_it(environment: Environment) -> bool:
    return environment.mode == "practice" and environment.decide_known == "in practice"
