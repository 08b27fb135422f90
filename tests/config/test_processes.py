import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from lykta.config.processes import end_with_parent, family, port_is_free

GRANDCHILD = (
    "import os, time; from lykta.config.processes import end_with_parent; end_with_parent({parent}); "
    "print(os.getpid(), flush=True); time.sleep(60)"
)
PARENT = (
    "import os, subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', {code!r}.replace('PARENT', str(os.getpid()))]); time.sleep(60)"
)


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_ends_when_its_parent_is_killed() -> None:
    code = PARENT.format(code=GRANDCHILD.format(parent="PARENT"))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=source_on_path()
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    code = "from lykta.config.processes import end_with_parent; end_with_parent(1); print('still here')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=source_on_path()
    )
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "")


def test_outside_linux_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    end_with_parent(1)


@pytest.mark.parametrize(("host", "kind"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_the_kind_of_an_address_is_known(host: str, kind: socket.AddressFamily) -> None:
    assert family(host) == kind


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)


def source_on_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
