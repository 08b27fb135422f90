"""Strangers who send reports from many networks without pause, in a process of their own. For tests of floods.

`python -m tests.support.flooders PORT NETWORKS SECONDS` prints how often it got which status, as JSON.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.support.installation import ROOT, Installation

AGENT = "PlantedFlooder/66.6"
NETWORK = "127.50"
"""The first half of all their addresses."""
TELL = "/en/tell/"
_STATE = re.compile(rb'name="state" value="([^"]+)"')


@contextmanager
def flood(running: Installation, *, networks: int, seconds: float) -> Iterator[Counter[int]]:
    """A flood of the report face; afterwards the counter says which statuses the strangers were answered with."""
    numbers = [str(running.port("report")), str(networks), str(seconds)]
    command = [sys.executable, "-m", "tests.support.flooders", *numbers]
    process = subprocess.Popen(command, cwd=ROOT, env=running.environment, stdout=subprocess.PIPE)
    answered: Counter[int] = Counter()
    try:
        yield answered
    finally:
        printed, _ = process.communicate(timeout=seconds + 60)
        answered.update({int(status): number for status, number in json.loads(printed).items()})


def main(port: int, networks: int, seconds: float) -> None:
    answered: Counter[int] = Counter()
    end = time.monotonic() + seconds

    def send(network: int) -> None:
        while time.monotonic() < end:
            try:
                answered[_send(port, f"{NETWORK}.{network}.1")] += 1
            except (OSError, http.client.HTTPException):
                answered[0] += 1

    threads = [threading.Thread(target=send, args=(network,)) for network in range(networks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answered))  # noqa: T201 - read by `flood`


def _send(port: int, source: str) -> int:
    """The first answer of a new report, as somebody gives it who opens the form each time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": AGENT}
    try:
        connection.request("GET", TELL, headers=headers)
        state = _STATE.search(connection.getresponse().read())
        form = urlencode({"state": state[1] if state else b"", "answer": "web", "step": "go"})
        connection.request("POST", TELL, body=form, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
