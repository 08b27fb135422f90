"""What a process can still do after it gave up its powers. Each probe runs in a process of its own."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lykta.lib import sandbox

PROBE = """
import ctypes, json, os, resource, socket, sys
from lykta.lib import sandbox
sandbox.drop_powers(memory=1 << 30, open_files={files}, may_start_processes={start}, children_may_more={more})
found = {{}}
def attempt(name, act):
    try:
        act()
    except Exception as error:
        found[name] = type(error).__name__
    else:
        found[name] = "done"
attempt("open", lambda: os.close(os.open("/etc/hostname", os.O_RDONLY)))
attempt("socket", lambda: socket.socket().close())
attempt("pipe", os.pipe)
attempt("write", lambda: open(sys.argv[1], "wb", 0).write(b"x"))
attempt("write to what is open", lambda: os.write(0, b"x"))
attempt("memory", lambda: bytearray(2 << 30))
def lift():
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (resource.getrlimit(limit)[0] + 1, resource.getrlimit(limit)[1]))
attempt("lift", lift)
found["limits"] = resource.getrlimit(resource.RLIMIT_CORE) + resource.getrlimit(resource.RLIMIT_NPROC)
prctl = ctypes.CDLL(None).prctl
found["dumpable"], found["no new privileges"] = prctl(3, 0, 0, 0, 0), prctl(39, 0, 0, 0, 0)
print(json.dumps(found))
"""


def probe(tmp_path: Path, *, files: int, start: bool, more: bool = False) -> dict[str, object]:
    target = tmp_path / "written"
    target.write_bytes(b"")
    path = f"import sys; sys.path[:] = {sys.path!r}\n"
    with target.open("r+b") as standard_input:
        done = subprocess.run(
            [sys.executable, "-I", "-c", path + PROBE.format(files=files, start=start, more=more), str(target)],
            stdin=standard_input,
            capture_output=True,
            env=sandbox.bare_environment(),
            check=False,
            timeout=20,
        )
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == b""
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_no_byte_can_be_written_to_a_file(tmp_path: Path) -> None:
    found = probe(tmp_path, files=50, start=True)
    assert (found["write"], found["write to what is open"]) == ("OSError", "OSError")
    assert (found["open"], found["socket"]) == ("done", "done")


def test_memory_is_bounded_and_cannot_be_dumped_or_read_by_others(tmp_path: Path) -> None:
    found = probe(tmp_path, files=50, start=True)
    assert found["memory"] == "MemoryError"
    assert (found["dumpable"], found["no new privileges"]) == (0, 1)
    assert isinstance(found["limits"], list)
    assert found["limits"][:2] == [0, 0]


def test_a_process_that_starts_a_browser_has_the_same_bounds_but_can_lift_them(tmp_path: Path) -> None:
    found = probe(tmp_path, files=50, start=True, more=True)
    assert (found["write"], found["memory"]) == ("OSError", "MemoryError")
    assert (found["lift"], found["dumpable"], found["no new privileges"]) == ("done", 0, 1)
    assert probe(tmp_path, files=50, start=True)["lift"] == "ValueError"


def test_with_no_open_files_nothing_can_be_opened_or_started(tmp_path: Path) -> None:
    found = probe(tmp_path, files=0, start=False)
    assert {found[name] for name in ("open", "socket", "pipe", "write", "write to what is open")} == {"OSError"}
    assert found["limits"] == [0, 0, 0, 0]


def test_the_jail_has_no_files_and_no_network(tmp_path: Path) -> None:
    if not sandbox.jail():
        assert sandbox.strength() == "limits only"
        return
    assert sandbox.strength() == "bubblewrap and limits"
    secret = tmp_path / "secret"
    secret.write_text("secret")
    script = (
        "import json, os, socket, sys\n"
        "reach = socket.socket().connect_ex(('127.0.0.1', int(sys.argv[2])))\n"
        "print(json.dumps([os.path.exists(sys.argv[1]), reach, os.listdir('/'), os.access('/', os.W_OK)]))"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-I", "-c", script, str(secret), str(server.getsockname()[1])]
        done = subprocess.run([*sandbox.jail(), *command], capture_output=True, check=True, timeout=20)
    seen, reach, folders, writable = json.loads(done.stdout)
    assert not seen
    assert reach != 0
    # Python and this code are let in read-only, wherever they were put; the secret beside them was not.
    own = {Path(place).parts[1] for place in (sys.prefix, sys.base_prefix, sandbox.__file__)}
    assert not ({"etc", "home", "tmp", "var", "proc", "dev"} - own) & set(folders)
    assert not writable


@pytest.mark.parametrize("found", [None, "/nonexistent/bwrap"])
def test_without_bubblewrap_the_limits_remain(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: str | None
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: found and str(fake))
    sandbox.jail.cache_clear()
    try:
        assert sandbox.jail() == ()
        assert sandbox.strength() == "limits only"
    finally:
        sandbox.jail.cache_clear()


def test_processor_time_is_bounded() -> None:
    script = "from lykta.lib import sandbox; sandbox.allow_cpu(0)\nwhile True: pass"
    path = f"import sys; sys.path[:] = {sys.path!r}\n"
    done = subprocess.run([sys.executable, "-I", "-c", path + script], check=False, timeout=20)
    assert done.returncode < 0


def test_a_module_of_ours_runs_in_isolated_mode_with_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the working folder was searched')")
    command = sandbox.python_command("timeit", "-n1", "-r1", "import lykta, sys; assert sys.flags.isolated")
    done = subprocess.run(command, cwd=tmp_path, env=sandbox.bare_environment(), capture_output=True, check=False)
    assert (done.returncode, b"1 loop" in done.stdout) == (0, True)


def test_the_environment_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYKTA_SECRET", "x")
    assert set(sandbox.bare_environment()) == {"PATH", "LANG"}
