"""Child processes of ``make run``: start, log, restart, stop. One thread, so forking stays safe."""

import ctypes
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rehab.management.run_lock import RunLock, signal_group

GRACE_SECONDS = 10.0
URGE_SECONDS = 4.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # a child that ran this long starts again at once when it dies
LARGEST_LOG = 5_000_000
ECHOED_LINES = 15
PR_SET_PDEATHSIG = 1

HEADER = re.compile(r"^(\[|\d{4}-\d\d-\d\d)")
ALARM = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback ")


@dataclass(frozen=True)
class Program:
    """What to run, and the log line that says it is ready (None: nothing to wait for)."""

    name: str
    command: Sequence[str]
    ready: str | None = None
    echo: bool = True  # warnings and errors go to the console, too
    urgent_signal: int = signal.SIGTERM  # when the supervisor was killed, or shortly before KILL


@dataclass
class Child:
    """One running program."""

    program: Program
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    deaths: int = 0
    ready: bool = False
    lines_to_echo: int = 0
    rest: bytes = field(default=b"", repr=False)


class DiedAtStart(Exception):
    """A child ended before the service was ready."""


def _die_with_parent(number: int) -> Callable[[], None] | None:
    """Return what a child calls to get signal ``number`` when the supervisor is killed (Linux only).

    Elsewhere the next start finds the leftovers by ``children.lock`` and stops them.
    """
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def follow() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died between the fork and this line
            os._exit(1)

    return follow


class Processes:
    """The children of one supervisor, each in its own process group: Ctrl-C reaches only the supervisor."""

    def __init__(
        self, *, lock: RunLock, logs: Path, cwd: Path, env: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.children: dict[str, Child] = {}
        self._lock, self._logs, self._cwd, self._env, self._say = lock, logs, cwd, env, say
        self._selector = selectors.DefaultSelector()
        self._stopping = False

    def start(self, program: Program) -> None:
        """Start ``program`` and keep it running from now on."""
        log = self._logs / f"{program.name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        self.children[program.name] = Child(program, log)
        self._launch(self.children[program.name])

    def _launch(self, child: Child) -> None:
        assert self._lock.children is not None  # noqa: S101 - the supervisor took the lock first
        child.process = subprocess.Popen(
            child.program.command,
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            pass_fds=(self._lock.children,),
            preexec_fn=_die_with_parent(child.program.urgent_signal),
        )
        child.started_at, child.restart_at = time.monotonic(), None
        assert child.process.stdout is not None  # noqa: S101 - it is a pipe
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self._lock.record(each.process.pid for each in self.children.values() if each.process)

    def poll(self, seconds: float, *, restart: bool = True) -> None:
        """Copy output for up to ``seconds``, then see who died; without ``restart`` a death is an error."""
        self._copy_output(seconds)
        for child in self.children.values():
            if child.process and child.process.poll() is not None:
                code = self._bury(child)
                if not restart:
                    raise DiedAtStart(
                        f"{child.program.name} ended at once (code {code}). The end of {child.log}:\n"
                        + "\n".join(tail(child.log, 15))
                    )
                self._plan_restart(child, code)
            elif child.restart_at is not None and restart and time.monotonic() >= child.restart_at:
                self._launch(child)

    def _plan_restart(self, child: Child, code: int) -> None:
        steady = time.monotonic() - child.started_at > STEADY_SECONDS
        child.deaths = 1 if steady else child.deaths + 1
        pause = min(2.0 ** (child.deaths - 1), LONGEST_PAUSE)
        child.restart_at = time.monotonic() + pause
        self._say(f"{child.program.name} ended (code {code}); starting it again in {pause:.0f} s. See {child.log}")

    def _bury(self, child: Child) -> int:
        """Collect a dead child, its last output and whatever it left in its process group."""
        process = child.process
        assert process is not None  # noqa: S101 - the callers looked
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        signal_group(process.pid, signal.SIGKILL)
        self._copy_output(0)
        self._selector.unregister(process.stdout)
        process.stdout.close()
        child.process = None
        return process.wait()

    def _copy_output(self, seconds: float) -> None:
        events = self._selector.select(seconds)
        if not events and seconds and not self._selector.get_map():
            time.sleep(seconds)  # nobody is running: select would return at once and spin
        for key, _ in events:
            child: Child = key.data
            try:
                data = os.read(key.fd, 1 << 16)
            except BlockingIOError:
                continue
            if not data:  # closed, and therefore always readable; death is noticed by poll()
                time.sleep(min(seconds, 0.05))
            *lines, child.rest = (child.rest + data).split(b"\n")
            if lines:
                self._write(child, [line.decode(errors="replace") for line in lines])

    def _write(self, child: Child, lines: list[str]) -> None:
        name = child.program.name
        with child.log.open("a", encoding="utf-8") as log:
            for line in lines:
                log.write(f"{name:6} | {line}\n")
                if child.program.ready and re.search(child.program.ready, line):
                    child.ready = True
                if ALARM.search(line):
                    child.lines_to_echo = ECHOED_LINES
                elif HEADER.match(line):  # other lines continue the record above them, as a traceback does
                    child.lines_to_echo = 0
                if child.lines_to_echo and child.program.echo and not self._stopping:
                    child.lines_to_echo -= 1
                    self._say(f"{name:6} | {line}" if child.lines_to_echo else f"… more in {child.log}")

    def stop(self, *, last: str, hurry: Callable[[], bool]) -> None:
        """End every child, ``last`` after the others: TERM, then KILL after ten seconds or in a hurry."""
        self._stopping = True
        self._stop([child for name, child in self.children.items() if name != last], hurry)
        self._stop([child for name, child in self.children.items() if name == last], hurry)
        self._selector.close()

    def _stop(self, children: list[Child], hurry: Callable[[], bool]) -> None:
        for child in children:
            child.restart_at = None
            if child.process:  # not its group: Celery must be free to finish the task in hand
                child.process.terminate()
        deadline, urged = time.monotonic() + GRACE_SECONDS, False
        while alive := [child for child in children if child.process]:
            self._copy_output(0.1)
            if not urged and time.monotonic() > deadline - URGE_SECONDS:
                urged = True
                for child in alive:
                    if child.process:
                        child.process.send_signal(child.program.urgent_signal)
            for child in alive:
                if child.process and child.process.poll() is not None:
                    self._bury(child)
                elif child.process and (time.monotonic() > deadline or hurry()):
                    signal_group(child.process.pid, signal.SIGKILL)


def tail(path: Path, count: int) -> list[str]:
    """Return the last lines of a log."""
    if not path.exists():
        return []
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
