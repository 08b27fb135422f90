"""The process that reads foreign bytes and can open nothing: `python -I -m lykta.connectors.web.decoder`.

Standard input: a line of JSON that describes a body, then its bytes; with `frame`, width and height, the body is the
brightness of one picture of a film. Standard output: a line of facts. With `reduce`, how a picture is to be made small,
a line that describes the small picture, then its pixels; `stills` are then width and height of each picture of a film,
whose brightness the body is. Started and watched by `handover`.
"""

import json
import sys
from typing import BinaryIO

from lykta.connectors.web import reducing
from lykta.connectors.web.facts import Facts, write_facts
from lykta.connectors.web.pictures import read_frame
from lykta.connectors.web.reading import read_body, rehearse
from lykta.connectors.web.reduced import Form, write_reduced
from lykta.lib import sandbox

MEMORY = 1024**3
"""Address space in bytes: the largest picture that is decoded takes about half of it."""
CPU_SECONDS = 5
"""Processor time for one body; the largest page or picture that is read takes under one."""


def main() -> None:
    rehearse()
    reducing.rehearse()
    sandbox.drop_powers(memory=MEMORY, open_files=0, may_start_processes=False)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the questions end."""
    while line := questions.readline():
        about = json.loads(line)
        body = questions.read(about.pop("size"))
        # Set anew for each body, since the kernel counts over the life of the process.
        sandbox.allow_cpu(CPU_SECONDS)
        if form := about.pop("reduce", None):
            answers.write(write_reduced(reducing.reduce_body(body, Form(**form), **about)))
            answers.flush()
            continue
        frame = about.pop("frame", None)
        facts = Facts(length=len(body), picture=read_frame(body, *frame)) if frame else read_body(body, **about)
        answers.write(write_facts(facts))
        answers.flush()


if __name__ == "__main__":
    main()
