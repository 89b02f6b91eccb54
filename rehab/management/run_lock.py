"""Who runs from a data folder: two locks that the kernel releases when their holders die.

``run.lock`` belongs to the supervisor alone. ``children.lock`` is inherited by every process it starts, so it
stays taken while anything of a killed run is still alive.
"""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor, or what is left of one, uses the data folder."""


def _take(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


class RunLock:
    """The locks of one data folder, held until ``release`` or the end of the process."""

    def __init__(self, data_dir: Path) -> None:
        self.children_path = data_dir / "children.lock"
        own = _take(data_dir / "run.lock")
        if own is None:
            raise AlreadyRunning(f"The service already runs from {data_dir}.")
        self._own = own
        self.children: int | None = None

    def wait_for_leftovers(
        self, seconds: float = 15, *, kill: bool, tell: Callable[[str], None] = lambda text: None
    ) -> None:
        """Wait until nothing of a killed run is alive; with ``kill``, stop what does not go by itself."""
        deadline, killed, told = time.monotonic() + seconds, not kill, False
        while (handle := _take(self.children_path)) is None:
            if not told:
                tell("Waiting for what is left of a killed run to end")
                told = True
            if time.monotonic() > deadline:
                if killed:
                    raise AlreadyRunning(
                        f"Processes of an earlier run from {self.children_path.parent} are still alive."
                    )
                # The lock proves that some of them live, so the recorded process groups are still theirs.
                for group in self.children_path.read_text(encoding="ascii").split():
                    signal_group(int(group), signal.SIGKILL)
                deadline, killed = time.monotonic() + 5, True
            time.sleep(0.2)
        self.children = handle

    def record(self, groups: Iterable[int]) -> None:
        """Note the process groups that hold the children's lock."""
        assert self.children is not None  # noqa: S101 - wait_for_leftovers comes first
        os.ftruncate(self.children, 0)
        os.pwrite(self.children, " ".join(map(str, groups)).encode("ascii"), 0)

    def release(self) -> None:
        """Give both locks back."""
        for handle in (self.children, self._own):
            if handle is not None:
                os.close(handle)


def signal_group(group: int, number: int) -> None:
    """Signal a process group that may be gone already."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return
