"""The process that reads foreign bytes and can open nothing: `python -I -m lykta.connectors.web.decoder`.

Standard input: a line of JSON that describes a body, then its bytes. Standard output: a line of facts. Started and
watched by `handover`.
"""

import json
import sys
from typing import BinaryIO

from lykta.connectors.web.facts import write_facts
from lykta.connectors.web.reading import load_charsets, read_body
from lykta.lib import sandbox

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
"""Processor time for one body; the largest page that is parsed takes well under one second."""


def main() -> None:
    load_charsets()
    sandbox.drop_powers(memory=MEMORY, open_files=0, may_start_processes=False)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the questions end."""
    while line := questions.readline():
        about = json.loads(line)
        body = questions.read(about.pop("size"))
        # Set anew for each body, since the kernel counts over the life of the process.
        sandbox.allow_cpu(CPU_SECONDS)
        answers.write(write_facts(read_body(body, **about)))
        answers.flush()


if __name__ == "__main__":
    main()
