"""Runs in the browser's jail, just before the browser: `python -I -m lykta.connectors.web.browser_inside DOOR …`.

A socket belongs to the network in which it was made. So the jail's proxy is a listening socket that is made here, on
the jail's own loopback, and handed out through DOOR (a file descriptor); it is accepted on outside. Nothing of it lies
in any folder, and no process has to carry bytes across. Then this process becomes the browser.
"""

import os
import resource
import socket
import sys

DEBUGGING_PIPES = (3, 4)
"""Where Chromium reads commands and writes answers with --remote-debugging-pipe."""


def main() -> None:
    """`argv`: the door, the browser and its flags, in which `{port}` becomes the proxy's."""
    door, *command = sys.argv[1:]
    with socket.socket(fileno=int(door)) as outside, socket.create_server(("127.0.0.1", 0), backlog=128) as proxy:
        socket.send_fds(outside, [b"proxy"], [proxy.fileno()])
        port = str(proxy.getsockname()[1])
    for source, target in zip((0, 1), DEBUGGING_PIPES, strict=True):
        os.dup2(source, target)
    nothing = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        most = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most, most))
    os.execv(command[0], [word.replace("{port}", port) for word in command])  # noqa: S606 — there is no shell


if __name__ == "__main__":
    main()
