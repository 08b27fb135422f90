"""`lykta work`: the worker, which opens letters, traces, tells, and looks again."""

import logging
import signal
from datetime import timedelta

from lykta.config import logs
from lykta.config.environment import environment
from lykta.config.world import open_world
from lykta.workflow.worker import Worker

log = logging.getLogger(__name__)


def work() -> None:
    """Work until told to stop, in the worker's settings; a step that was begun is finished first."""
    logs.set_up("work", public=False)
    given = environment()
    with open_world(given) as world:
        worker = Worker(
            world,
            threads=given.worker_threads,
            asking_threads=given.asking_threads,
            lease=timedelta(seconds=given.lease_seconds),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: worker.stop())
        log.info("working with %d and %d threads", given.worker_threads, given.asking_threads)
        worker.run()
