"""``serve_all`` with real processes: it becomes ready, refuses what it must, and leaves nothing running."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from rehab import embedded_broker, local_secrets
from rehab.management.commands import serve_all
from rehab.management.processes import DiedAtStart, Processes, Program
from rehab.management.run_lock import AlreadyRunning, RunLock

NAP = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


def wait_until(what: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def poll_until(processes: Processes, what: Callable[[], object], *, restart: bool = True) -> None:
    def polled() -> object:
        processes.poll(0.1, restart=restart)
        return what()

    wait_until(polled)


def alive(pid: int) -> bool:
    """Whether ``pid`` runs; a zombie waiting for its parent does not."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(answer.stdout.strip()) and not answer.stdout.startswith("Z")


def members_of_groups(groups: list[str]) -> list[str]:
    table = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return [line for line in table.splitlines() if line.split()[0] in groups and "Z" not in line.split()[1]]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def said() -> list[str]:
    """What the console got."""
    return []


@pytest.fixture
def processes(tmp_path: Path, said: list[str]) -> Iterator[Processes]:
    lock = RunLock(tmp_path)
    lock.wait_for_leftovers(kill=False)
    several = Processes(lock=lock, logs=tmp_path, cwd=tmp_path, env=dict(os.environ), say=said.append)
    yield several
    several.stop(last="broker", hurry=lambda: True)
    lock.release()


def test_whole_service_starts_answers_and_stops(tmp_path: Path, port: int) -> None:
    data_dir = tmp_path / "data"
    local_secrets.add_missing(data_dir)
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    env |= {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "serve_all", "--port", str(port), "--demo", "no"]
    with (tmp_path / "console").open("w") as console:
        supervisor = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=console, stderr=console)
    console_text = (tmp_path / "console").read_text
    try:
        wait_until(lambda: "Ready after" in console_text() or supervisor.poll() is not None, seconds=120)
        assert f"http://127.0.0.1:{port}/dashboard/" in console_text(), console_text()
        assert "Demo sign-ins" not in console_text()
        answer = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        answer.request("GET", "/readyz")
        assert json.loads(answer.getresponse().read())["status"] == "ok"
        answer.close()
        second = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "already runs" in second.stderr
        groups = (data_dir / "children.lock").read_text().split()
        assert len(groups) == 4  # broker, web, worker, beat
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(timeout=30) == 0, console_text()
        assert members_of_groups(groups) == []
        assert not (data_dir / "demo.json").exists()
    finally:
        supervisor.kill()
        supervisor.wait()


def test_taken_port_is_refused_with_the_way_out(port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        with pytest.raises(CommandError, match=rf"Port {port} is taken.*make run PORT=8010"):
            serve_all.refuse_taken_port(port)
    serve_all.refuse_taken_port(port)
    with pytest.raises(CommandError, match="not a port"):
        serve_all.refuse_taken_port(70_000)


def test_curl_line_survives_pasting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.getproxies", dict)
    line = serve_all.curl_line("http://127.0.0.1:8000", {"token": "t0k", "patient_id": "p1"})
    address = "http://127.0.0.1:8000/api/v1/timeline/?patient=p1&limit=3"
    assert line == f"curl -s -H 'Authorization: Token t0k' '{address}'"
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"http": "http://proxy"})
    assert "--noproxy '*'" in serve_all.curl_line("http://127.0.0.1:8000", {"token": "t", "patient_id": "p"})


def test_only_warnings_reach_the_console_and_everything_the_log(
    processes: Processes, said: list[str], tmp_path: Path
) -> None:
    lines = ["[INFO] quiet", "[ERROR] loud", "  its traceback", "[INFO] quiet again", "ready."]
    echo = [sys.executable, "-S", "-c", f"import time; print({chr(10).join(lines)!r}, flush=True); time.sleep(60)"]
    processes.start(Program("echo", echo, ready=r"ready\.$"))
    poll_until(processes, lambda: processes.children["echo"].ready)
    assert (tmp_path / "echo.log").read_text().splitlines() == [f"echo   | {line}" for line in lines]
    console = "\n".join(said)
    assert "loud" in console
    assert "its traceback" in console
    assert "quiet" not in console


def test_dead_child_starts_again(processes: Processes, said: list[str]) -> None:
    processes.start(Program("nap", NAP))
    child = processes.children["nap"]
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    poll_until(processes, lambda: child.process and child.process.pid != first)
    assert child.deaths == 1
    assert "starting it again in 1 s" in "".join(said)


def test_death_before_ready_ends_the_start_with_the_log(processes: Processes) -> None:
    processes.start(Program("web", [sys.executable, "-S", "-c", "import nonsense"]))
    with pytest.raises(DiedAtStart, match="No module named 'nonsense'"):
        poll_until(processes, lambda: False, restart=False)


def test_stop_urges_then_kills_what_does_not_end(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rehab.management.processes.GRACE_SECONDS", 1.0)
    monkeypatch.setattr("rehab.management.processes.URGE_SECONDS", 0.7)
    deaf = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("asked", flush=True))
signal.signal(signal.SIGQUIT, lambda *_: print("urged", flush=True))
print("ready.", flush=True)
while True:
    time.sleep(1)
"""
    command = [sys.executable, "-S", "-c", deaf]
    processes.start(Program("worker", command, ready="ready", urgent_signal=signal.SIGQUIT))
    worker = processes.children["worker"]
    poll_until(processes, lambda: worker.ready)
    process = worker.process
    processes.stop(last="broker", hurry=lambda: False)
    assert process is not None
    assert process.returncode == -signal.SIGKILL
    assert [line.split("| ")[1] for line in (tmp_path / "worker.log").read_text().splitlines()] == [
        "ready.",
        "asked",
        "urged",
    ]


def test_lock_refuses_a_second_start_and_waits_for_orphans(tmp_path: Path) -> None:
    lock = RunLock(tmp_path)
    lock.wait_for_leftovers(kill=True)
    with pytest.raises(AlreadyRunning, match="already runs"):
        RunLock(tmp_path)
    assert lock.children is not None
    orphan = subprocess.Popen(NAP, pass_fds=(lock.children,), process_group=0)
    lock.record([orphan.pid])
    lock.release()

    again = RunLock(tmp_path)
    with pytest.raises(AlreadyRunning, match="still alive"):
        again.wait_for_leftovers(seconds=0, kill=False)
    again.wait_for_leftovers(seconds=0, kill=True)
    assert orphan.wait(timeout=5) == -signal.SIGKILL
    again.release()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start stops what is left")
def test_children_follow_a_killed_supervisor(tmp_path: Path) -> None:
    script = f"""
import os, pathlib
from rehab.management.processes import Processes, Program
from rehab.management.run_lock import RunLock
folder = pathlib.Path({str(tmp_path)!r})
lock = RunLock(folder)
lock.wait_for_leftovers(kill=True)
several = Processes(lock=lock, logs=folder, cwd=folder, env=dict(os.environ), say=print)
several.start(Program("nap", {NAP!r}))
print(several.children["nap"].process.pid, flush=True)
while True:
    several.poll(1)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert alive(child)
        supervisor.kill()
        wait_until(lambda: not alive(child))


def test_socket_path_is_short_everywhere_and_the_same_for_every_process(tmp_path: Path) -> None:
    assert embedded_broker.socket_path(Path("/srv/rehab")) == Path("/srv/rehab/valkey.sock")
    for awkward in (Path("/srv") / ("x" * 100), Path("/srv/my data"), Path("/srv/50%")):
        found = embedded_broker.socket_path(awkward)
        assert re.fullmatch(r"rehab-\d+-[0-9a-f]{12}", found.parent.name)
        assert found == embedded_broker.socket_path(awkward)


def test_folder_somebody_else_may_write_to_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(PermissionError):
        embedded_broker.make_private_folder(shared)
    embedded_broker.make_private_folder(tmp_path / "own")
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700
