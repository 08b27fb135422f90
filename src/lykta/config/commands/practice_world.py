"""`lykta practice`: the practice world alone."""

import logging

from lykta.config import logs, practising
from lykta.config.environment import environment
from lykta.core.refusals import NotNow
from lykta.practice.files import write_files
from lykta.practice.world import run

log = logging.getLogger(__name__)


def practise() -> None:
    """Run the world until told to stop. Raises NotNow in production mode."""
    given = environment()
    if given.mode != "practice":
        raise NotNow("This LYKTA_HOME is not for practice: run `lykta init --practice` with another LYKTA_HOME.")
    logs.set_up("practice", public=False)
    settings = practising.practice_settings(given)
    write_files(settings)
    log.info("the practice world is at %s", settings.page_url)
    run(settings)
