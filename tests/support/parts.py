"""The processes of an installation one by one, so that any of them can be killed and started again."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from tests.support.installation import Installation


class Parts:
    """The processes of an installation, each started again as soon as it has been killed."""

    def __init__(self, running: Installation) -> None:
        self.running = running
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        log = (self.running.home / "log.txt").open("ab")
        command = [sys.executable, "-m", "lykta", *name.split()]
        self.parts[name] = subprocess.Popen(command, env=self.running.environment, stdout=log, stderr=log)
        log.close()

    def kill(self, name: str) -> None:
        for number in self.running.processes().get(name, []):
            with suppress(ProcessLookupError):  # a server's own workers end when it has ended
                os.kill(number, signal.SIGKILL)
        self.parts[name].wait()

    def stop(self) -> None:
        for part in self.parts.values():
            part.terminate()
        for part in self.parts.values():
            part.wait(timeout=30)
