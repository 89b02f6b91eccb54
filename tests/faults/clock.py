"""A clock that the processes of a test share: it ticks as real time does, and jumps when the test moves it.

How far it is ahead stands in a file that every process maps, so that what Celery forks jumps with its parent.
"""

import mmap
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import time_machine

_AHEAD = struct.Struct("q")  # nanoseconds


class SharedClock:
    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_AHEAD.pack(0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _AHEAD.size)

    def ahead(self) -> int:
        return int(_AHEAD.unpack_from(self._shared)[0])

    def now(self) -> datetime:
        return datetime.fromtimestamp((_real_ns() + self.ahead()) / 1e9, UTC)

    def set(self, moment: datetime) -> None:
        _AHEAD.pack_into(self._shared, 0, int(moment.timestamp() * 1e9) - _real_ns())

    def rule(self) -> None:
        """Have every clock of this process, and of those it forks, follow this one from now on."""
        setattr(time_machine.Traveller, "time_ns", lambda _self: _real_ns() + self.ahead())  # noqa: B010 - a method
        time_machine.travel(self.now(), tick=True).start()


def _real_ns() -> int:
    travels = time_machine.escape_hatch.is_travelling()
    return time_machine.escape_hatch.time.time_ns() if travels else time.time_ns()


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """Fail if the block took longer than it may."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took <= seconds, f"{what} took {took:.0f} s, allowed are {seconds:.0f}"
