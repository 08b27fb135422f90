"""`lykta work`: the worker, which opens letters, traces, tells, and looks again."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

from lykta.config import logs
from lykta.config.commands.registries import refresh
from lykta.config.environment import Environment, environment, home
from lykta.config.unlocking import letter_key
from lykta.config.world import open_porter, open_world
from lykta.connectors.contract import Registry
from lykta.connectors.rdap.bootstrap import load
from lykta.connectors.rdap.connector import Rdap
from lykta.workflow.worker import Worker

log = logging.getLogger(__name__)
A_DAY = 86_400.0


def work() -> None:
    """Work until told to stop, in the worker's settings; a step that was begun is finished first."""
    logs.set_up("work", public=False)
    given = environment()
    # Before any door is opened: nothing else of the worker waits with a locked key.
    with open_world(given, letter_key=letter_key(given)) as world, open_porter(given):
        worker = Worker(
            world,
            threads=given.worker_threads,
            asking_threads=given.asking_threads,
            lease=timedelta(seconds=given.lease_seconds),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: worker.stop())
        log.info("working with %d and %d threads", given.worker_threads, given.asking_threads)
        ended = threading.Event()
        if given.mode == "production":
            keep = threading.Thread(target=keep_registries, args=(given, world.outside.registry, ended), daemon=True)
            keep.start()
        try:
            worker.run()
        finally:
            ended.set()


def keep_registries(
    given: Environment,
    registry: Registry,
    ended: threading.Event,
    *,
    refresh: Callable[[Environment], str] = refresh,
    pause: float = A_DAY,
) -> None:
    """Once a day, look whether the list of registries is old, and go on with the new one; what fails stays as it was.

    `pause` in seconds.
    """
    while not ended.is_set():
        try:
            refresh(given)
            if isinstance(registry, Rdap):
                registry.use(load(home() / given.rdap_bootstrap))
        except (RuntimeError, OSError, ValueError) as error:
            log.warning("The list of registries could not be fetched: %s", error)
        ended.wait(pause)
